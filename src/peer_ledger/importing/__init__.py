r"""
From spreadsheets to records: delimited text files and Excel workbooks, read by profiles that are data.

>>> from pathlib import Path
>>> text = "ID,Course,Completed,Hours,Topic\np-17,Ethics,2025-03-04,3,Ethics\n"
>>> _ = Path("trainings.csv").write_text(text)
>>> imported = import_file("trainings.csv")
>>> print(imported)
1 row (UTF-8, cells separated by commas): 1 training event, 0 rows rejected, 0 notices
  read: ID = person, Course = title, Completed = completed, Hours = hours, Topic = topics
>>> from peer_ledger import Ledger
>>> ledger = Ledger()
>>> ledger.append(plan_import(ledger, imported).to_append()).added
1
>>> plan_import(ledger, import_file("trainings.csv")).unchanged  # importing it again adds nothing
1
"""

from peer_ledger.importing._batch import ImportedFile, ImportedFiles, MissingRecords, import_files
from peer_ledger.importing._import import import_file, import_frame, import_rows
from peer_ledger.importing._options import ImportFields, ImportOptions
from peer_ledger.importing._people import NamedPerson, read_people, write_people
from peer_ledger.importing._plan import ImportPlan, complete, newest_courses, plan_import
from peer_ledger.importing._profile_parts import CellMeaning, Column, Fixed, RowTest
from peer_ledger.importing._profiles import (
    Profile,
    ProfileNotFound,
    problems_of_profile,
    profile,
    profiles,
    read_profiles,
)
from peer_ledger.importing._rejected_file import write_rejected
from peer_ledger.importing._result import Asked, AskedParts, Imported, Notice, Rejected, RejectedRow
from peer_ledger.importing._text_tables import Row

__all__ = [
    "Asked",
    "AskedParts",
    "CellMeaning",
    "Column",
    "Fixed",
    "ImportFields",
    "ImportOptions",
    "ImportPlan",
    "Imported",
    "ImportedFile",
    "ImportedFiles",
    "MissingRecords",
    "NamedPerson",
    "Notice",
    "Profile",
    "ProfileNotFound",
    "Rejected",
    "RejectedRow",
    "Row",
    "RowTest",
    "complete",
    "import_file",
    "import_files",
    "import_frame",
    "import_rows",
    "newest_courses",
    "plan_import",
    "problems_of_profile",
    "profile",
    "profiles",
    "read_people",
    "read_profiles",
    "write_people",
    "write_rejected",
]
