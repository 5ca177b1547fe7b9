"""Headings of training records in public programs, with rows made up, imported as somebody would who has only the how-to."""

import pytest

from peer_ledger.errors import InvalidData
from peer_ledger.importing import import_file

# A table of a workforce system: the kinds of its columns alone look like a list of certificates that were checked.
WORKFORCE = """\
id,workspace_id,employee_id,requirement_id,training_name,completion_date,expiration_date,provider_name,certificate_number,verified,status
r-1,w,4711,q-1,Ethics for peers,2025-02-03,2027-02-03,Example Training,C-1,TRUE,current
r-2,w,4712,q-1,Ethics for peers,2025-02-04,2027-02-04,Example Training,C-2,FALSE,expired
"""
# The summary of a compliance program: no column of hours.
SUMMARY = (
    "user_name,training_name,completion_date,status\njdoe,Ethics,2025-02-03,completed\nroe1,Ethics,2025-02-03,overdue\n"
)
# What a learner downloads: no column of people either, and every cell quoted.
LEARNER = 'Training Title,Completion Date,Status\n"Ethics","2025-02-03 00:00:00","Completed"\n'


def read(tmp_path, text, **options):
    path = tmp_path / "list.csv"
    path.write_text(text)
    return import_file(path, **options)


def test_a_table_that_looks_like_another_kind_says_how_to_name_the_kind(tmp_path):
    """And then every column is read, and what is in doubt is asked."""
    with pytest.raises(InvalidData, match="if the rows are something else, name their kind: kind='training-event'"):
        read(tmp_path, WORKFORCE)
    imported = read(tmp_path, WORKFORCE, kind="training-event", fixed={"hours": "3"}, accept=["current"])
    assert [("4711", "Ethics for peers", "example-training")] == [
        (event.person, event.title, event.provider) for event in imported.records
    ]
    assert (("verified", "FALSE", 1),) == imported.undone


@pytest.mark.parametrize(
    ("text", "fixed", "person"),
    [(SUMMARY, {"hours": "3"}, "jdoe"), (LEARNER, {"hours": "3", "person": "4711"}, "4711")],
)
def test_what_no_column_gives_can_be_stated_and_the_message_says_how(tmp_path, text, fixed, person):
    """The hours of a file about one course, and the person of a learner's own list."""
    with pytest.raises(InvalidData) as caught:
        read(tmp_path, text)
    assert all(f"state it: fixed={{{name!r}: VALUE}}, or --fixed {name}=VALUE" in str(caught.value) for name in fixed)
    imported = read(tmp_path, text, fixed=fixed)
    assert [(person, 3)] == [(event.person, int(event.credits[0].amount)) for event in imported.records]
