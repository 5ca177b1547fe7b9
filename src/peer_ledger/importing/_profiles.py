"""
Profiles: how one system lays out its files, as data.

A profile declares what a file's rows are, which headings mean which fields, how its days are written and what its cells
mean.  The bundled profiles are TOML files in `profiles`; a user's own file has the same form.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import attrs

from peer_ledger._closest import few_of
from peer_ledger._visible import visible
from peer_ledger.errors import InvalidData, InvalidValue, PeerLedgerError, Problem, nearest, shown, shown_name
from peer_ledger.importing._days import DayFormat
from peer_ledger.importing._fields import FIELDS, field_of
from peer_ledger.importing._profile_parts import FLAG, NOTES, TEXTS, Column, Fixed, RowTest, to_tuple
from peer_ledger.values._checks import Check, fused, must_be, optional
from peer_ledger.values._fields import TERM, TEXT, one_of, several
from peer_ledger.values._strict import Strict
from peer_ledger.values._toml import parse_toml
from peer_ledger.values._wording import with_article

FORMAT = 1
LARGEST = 2**18
"""The most characters that a file of profiles may have."""

_TOP = ("format", "profiles")
_BUNDLED = ("plain.toml", "relias.toml", "json.toml", "learning-systems.toml", "attendance.toml")
USUAL = "usual.toml"

Makes = Literal[
    "training-event",
    "course",
    "certification",
    "verification",
    "filing",
    "document",
    "designation",
    "coverage",
    "review",
    "ruling",
    "same-person",
]
"""What the rows of a file can be."""

Decimals = Literal[".", ","]
"""The decimal signs that amounts may be written with."""


def _is_character(value: Any) -> bool:
    return type(value) is str and len(value) == 1


@attrs.frozen(kw_only=True, field_transformer=fused)
class Profile:
    """
    How one system lays out its files.

    Attributes:
        id: Its name.
        says: A description for people.
        makes: The kind of record that its rows make.
        columns: The columns of the fields.
        fixed: Values that hold for every row and have no column.
        source: The name of the series of files, from which records get their ids; the profile's id when left out.
        key: The fields that identify a row and stay the same when the row is corrected; empty for the usual fields of
            such records.
        dates: The formats of its days, as `MM/DD/YYYY`; empty to accept only days that can be read in one way.
        ignored: Known headings of columns that hold nothing to record.
        encoding: The files' encoding; `None` to detect it.
        delimiter: The character between cells; `None` to detect it.
        decimal: The decimal sign of amounts, `.` or `,`.
        has_headings: Whether the files have a row of headings; if not, the headings of its columns are their letters.
        only: Tests that a row must pass to be read, such as that its status is `Completed`.
        leave_out: Tests of rows that are not read, such as those of a waiting room.
        notes: What to check in every such file, for people.

    Raises:
        InvalidRecord: A field has an invalid value.

    >>> Profile(id="ours", says="Our own list", makes="course", columns=[Column(field="title", headings=["Name"])]).id
    'ours'
    """

    id: str = attrs.field(validator=TERM)
    says: str = attrs.field(validator=TEXT)
    makes: Makes = attrs.field(validator=one_of(Makes))
    columns: tuple[Column, ...] = attrs.field(converter=to_tuple, validator=several(Column))
    fixed: tuple[Fixed, ...] = attrs.field(default=(), converter=to_tuple, validator=several(Fixed))
    source: str | None = attrs.field(default=None, validator=optional(TEXT))
    key: tuple[str, ...] = attrs.field(default=(), converter=to_tuple, validator=TEXTS)
    dates: tuple[str, ...] = attrs.field(default=(), converter=to_tuple, validator=TEXTS)
    ignored: tuple[str, ...] = attrs.field(default=(), converter=to_tuple, validator=TEXTS)
    encoding: str | None = attrs.field(default=None, validator=optional(TEXT))
    delimiter: str | None = attrs.field(
        default=None,
        validator=optional(Check(_is_character, must_be("one character, such as ';'"), {})),
    )
    decimal: Decimals = attrs.field(default=".", validator=one_of(Decimals))
    has_headings: bool = attrs.field(default=True, validator=FLAG)
    only: tuple[RowTest, ...] = attrs.field(default=(), converter=to_tuple, validator=several(RowTest))
    leave_out: tuple[RowTest, ...] = attrs.field(default=(), converter=to_tuple, validator=several(RowTest))
    notes: tuple[str, ...] = attrs.field(default=(), converter=to_tuple, validator=NOTES)


@attrs.define(eq=False, slots=False)
class ProfileNotFound(PeerLedgerError, LookupError):
    """
    No profile has this name.

    Attributes:
        message: What was asked for, and which profiles exist.
    """

    message: str

    def __str__(self) -> str:
        return visible(self.message)


def problems_of_profile(profile: Profile) -> tuple[Problem, ...]:
    """
    Find what is wrong with a profile as a whole: unknown fields, repeated headings, invalid formats of dates.
    """
    return tuple(_problems(profile))


def _problems(profile: Profile) -> Iterator[Problem]:
    known = FIELDS[profile.makes]
    named = [("columns", place, column.field) for place, column in enumerate(profile.columns)]
    named += [("fixed", place, fixed.field) for place, fixed in enumerate(profile.fixed)]
    for what, place, name in named:
        if field_of(profile.makes, name) is None:
            found = f"{shown_name(name)}{nearest(name, known)}"
            yield Problem(
                f"{what}[{place}].field",
                f"{with_article(profile.makes)} has no field {found}; it has {', '.join(known)}",
            )
    for name, times in Counter(name for _, _, name in named).items():
        if times > 1 and field_of(profile.makes, name) is not None:
            yield Problem("columns", f"the field {name!r} is listed {times} times")
    yield from _ambiguous_headings(profile)
    for place, name in enumerate(profile.key):
        if name not in known:
            yield Problem(
                f"key[{place}]", f"{with_article(profile.makes)} has no field {shown_name(name)}{nearest(name, known)}"
            )
    for place, text in enumerate(profile.dates):
        try:
            DayFormat(text)
        except InvalidValue as error:
            yield Problem(f"dates[{place}]", error.message)


def _ambiguous_headings(profile: Profile) -> Iterator[Problem]:
    headings = Counter(heading for column in profile.columns for heading in column.plain_headings)
    for heading, times in headings.items():
        if times > 1:
            yield Problem("columns", f"the heading {shown_name(heading)} is listed for {times} fields")


def read_profiles(text: str) -> tuple[Profile, ...]:
    """
    Read a file of profiles.

    Args:
        text: TOML with `format = 1` and `[[profiles]]`.

    Raises:
        InvalidData: Something in it is wrong; the first hundred problems are listed with their paths.

    >>> read_profiles('format = 1')
    Traceback (most recent call last):
    ...
    peer_ledger.errors.InvalidData: this file of profiles cannot be read: profiles: must list at least one profile
    """
    data = parse_toml(text, "file of profiles", LARGEST)
    problems = [
        Problem(shown_name(key).strip("'"), f"unknown key{nearest(key, _TOP)}") for key in data if key not in _TOP
    ]
    if type(data.get("format")) is not int or data["format"] != FORMAT:
        problems.append(Problem("format", f"must be {FORMAT}, not {shown(data.get('format'))}"))
    listed = data.get("profiles")
    if type(listed) is not list or not listed:
        problems.append(Problem("profiles", "must list at least one profile"))
        listed = []
    made: list[Profile] = []
    for place, table in enumerate(listed):
        inner: list[Problem] = []
        profile = _STRICT.build(Profile, table, inner)
        if not inner:
            inner += problems_of_profile(profile)
            made.append(profile)
        problems += [problem.below(f"profiles[{place}]") for problem in inner]
    ids = Counter(profile.id for profile in made)
    problems += [Problem("profiles", f"{name!r} is listed {times} times") for name, times in ids.items() if times > 1]
    if problems:
        raise InvalidData("file of profiles", tuple(problems))
    return tuple(made)


def _text(value: Any) -> str:
    if type(value) is not str:
        raise InvalidValue(f"must be a text, not {'a day' if isinstance(value, date) else shown(value)}")
    return value


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise InvalidValue(f"must be true or false, not {shown(value)}")
    return value


_STRICT = Strict({str: _text, bool: _flag})


def profiles() -> tuple[str, ...]:
    """
    Return the names of the bundled profiles.
    """
    return tuple(sorted(_bundled()))


def profile(name: str | Path) -> Profile:
    """
    Find a profile: a bundled one by its name, or one in a file by the file's path.

    To choose one of several profiles in a file, add its id to the path, as in `ours.toml#certificates`.

    Args:
        name: The name, or the path of a TOML file.

    Raises:
        ProfileNotFound: There is no such profile; the message lists those that exist.
        InvalidData: Something in the file is wrong.

    >>> profile("relias-historical").makes
    'training-event'
    """
    text = str(name)
    path, _, inner = text.partition("#")
    if not path.endswith(".toml"):
        found = _bundled().get(text)
        if found is None:
            near = nearest(text, _bundled())
            raise ProfileNotFound(
                f"there is no profile {shown_name(text)}{near}; use one of {few_of(profiles())}, "
                "or the path of a file ending in .toml"
            )
        return found
    made = read_profiles(_file_text(Path(path)))
    chosen = [profile for profile in made if profile.id == inner] if inner else list(made)
    if len(chosen) != 1:
        known = few_of(f"#{profile.id}" for profile in made)
        raise ProfileNotFound(f"add one of this file's profiles to the end of its path: {known}")
    return chosen[0]


def _file_text(path: Path) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read(LARGEST + 1)
    except FileNotFoundError:
        raise ProfileNotFound(f"there is no file {path}") from None
    except UnicodeDecodeError:
        raise InvalidData("file of profiles", (Problem("", "is not UTF-8"),)) from None
    except ValueError:
        raise ProfileNotFound("no file can have this name") from None
    except OSError as error:
        raise ProfileNotFound(f"{path} cannot be read: {error.strerror}") from None


@lru_cache(maxsize=1)
def _bundled() -> dict[str, Profile]:
    folder = files(__package__).joinpath("profiles")
    texts = (folder.joinpath(name).read_text("utf-8") for name in _BUNDLED)
    return {profile.id: profile for text in texts for profile in read_profiles(text)}


@lru_cache(maxsize=1)
def usual_profiles() -> tuple[Profile, ...]:
    """
    Return the profiles of usual headings, one for each kind of record.
    """
    return read_profiles(files(__package__).joinpath("profiles", USUAL).read_text("utf-8"))
