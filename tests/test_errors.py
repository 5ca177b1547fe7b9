"""Errors say what, where and what to do, survive pickling, and give nobody's words away."""

import copy
import inspect
import pickle
import string
from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from effort import effort
from peer_ledger import errors
from peer_ledger.errors import (
    Conflict,
    InvalidData,
    InvalidRecord,
    PeerLedgerError,
    Problem,
    nearest,
    shown,
    shown_id,
    shown_name,
)

# A busy machine is no fault of a test.

PROBLEMS = (Problem("credits[0].amount", "must be more than 0, not 0"), Problem("person", "is missing"))
FILE = {"path": Path("team.ledger"), "detail": "it is another program's; give the path of a ledger"}

# Every error of the package: the built-in that a caller would catch, and what it carries.
ERRORS = {
    errors.PeerLedgerError: (Exception, {}),
    errors.InvalidRecord: (ValueError, {"kind": "filing", "record_id": "f-1", "problems": PROBLEMS}),
    errors.InvalidData: (ValueError, {"what": "record", "problems": PROBLEMS}),
    errors.InvalidValue: (ValueError, {"message": "a moment needs its time zone"}),
    errors.NotARecord: (TypeError, {"position": 3, "found": "a dict"}),
    errors.ConflictingRecords: (ValueError, {"conflicts": (Conflict("e-1", 4, 2, ("credits", "title")),), "total": 7}),
    errors.UnknownRecord: (LookupError, {"record_id": "e-1", "purpose": "to correct it"}),
    errors.UnknownPerson: (LookupError, {"person": "p-1"}),
    errors.LedgerMisuse: (RuntimeError, {"message": "this ledger was opened read-only; open it without read_only"}),
    errors.UnusableCheck: (RuntimeError, {"check": "steady-years", "detail": "raised ValueError"}),
    errors.LedgerFileError: (OSError, FILE),
    errors.LedgerNotFound: (FileNotFoundError, FILE),
    errors.NotALedger: (OSError, FILE),
    errors.NewerFormat: (OSError, FILE),
    errors.DamagedLedger: (OSError, FILE),
    errors.LedgerNotWritable: (PermissionError, FILE),
    errors.LedgerReplaced: (OSError, FILE),
    errors.DiskFull: (OSError, FILE),
    errors.OutputRefused: (OSError, FILE),
    errors.LedgerBusy: (TimeoutError, FILE),
}
for_every_error = pytest.mark.parametrize("cls", ERRORS, ids=lambda cls: cls.__name__)


def built(cls):
    return cls(**ERRORS[cls][1])


def test_the_table_of_errors_is_complete():
    """An error without a row in the table above would go untested."""
    defined = {cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, BaseException)}
    assert set(ERRORS) == {cls for cls in defined if cls.__module__ == "peer_ledger.errors"}


@for_every_error
def test_an_error_is_caught_as_ours_and_as_the_built_in(cls):
    """Who knows only the built-in catches the error, and so does who knows only the package's root."""
    builtin = ERRORS[cls][0]
    for caught_as in (PeerLedgerError, builtin, Exception):
        with pytest.raises(caught_as) as caught:
            raise built(cls)
        assert cls is caught.type


@for_every_error
def test_an_error_carries_what_it_is_about(cls):
    """The offending values are attributes, and the message repeats every one of them that is a word or a figure."""
    error = built(cls)
    for name, value in ERRORS[cls][1].items():
        assert value == getattr(error, name)
        if isinstance(value, str | int | Path):
            assert str(value) in str(error)


@for_every_error
def test_an_error_survives_pickling_and_copying(cls):
    """An error that crosses a process or is copied keeps its class, its attributes, its message and its repr."""
    error = built(cls)
    copies = [pickle.loads(pickle.dumps(error, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    for other in (*copies, copy.copy(error), copy.deepcopy(error)):
        assert cls is type(other)
        assert ERRORS[cls][1] == {name: getattr(other, name) for name in ERRORS[cls][1]}
        assert (str(error), repr(error)) == (str(other), repr(other))


@for_every_error
def test_an_error_is_itself_and_nothing_else(cls):
    """Errors are equal only to themselves and can be members of a set, as the built-in ones are."""
    error = built(cls)
    assert error != built(cls)
    assert {error} == {error, error}


def test_a_file_error_names_no_other_file():
    """The built-in attributes of an OSError do not take the message for a path or a path for a number."""
    error = built(errors.LedgerNotFound)
    assert (error.errno, error.filename) == (None, None)


def test_one_problem_stands_in_the_line_and_several_in_a_list():
    """A message with one problem is one line; with several, each stands on its own line in the order found."""
    one, two = PROBLEMS
    assert str(InvalidRecord("filing", "f-1", (one,))) == "filing 'f-1': credits[0].amount: must be more than 0, not 0"
    assert str(InvalidRecord("filing", None, (two,))) == "filing: person: is missing"
    expected = "this record cannot be read:\n  - credits[0].amount: must be more than 0, not 0\n  - person: is missing"
    assert expected == str(InvalidData("record", PROBLEMS))


def test_conflicts_beyond_those_listed_are_counted():
    """A message lists the conflicts it carries and counts the rest; when all are listed it counts none."""
    conflict = Conflict("e-1", 4, 2, ("credits", "title"))
    some, all_of_them = errors.ConflictingRecords((conflict,), 7), errors.ConflictingRecords((conflict,), 1)
    assert "'e-1': entry 4 and record 2 of those to append differ in credits, title" in str(some)
    assert "and 6 more" in str(some)
    assert "more" not in str(all_of_them).split("\n")[2]
    assert "1 record(s) have" in str(all_of_them)


@pytest.mark.parametrize(
    ("expected", "path", "prefix"),
    [
        ("credits[1].amount", "amount", "credits[1]"),
        ("credits[1]", "[1]", "credits"),
        ("credits[1].amount", "[1].amount", "credits"),
        ("credits", "", "credits"),
        ("e-1.person", "person", "e-1"),
    ],
)
def test_a_problem_of_a_part_is_placed_below_the_whole(expected, path, prefix):
    """Paths are joined by a point, positions without one, and the words stay."""
    assert Problem(expected, "is missing") == Problem(path, "is missing").below(prefix)


def test_problems_are_values():
    """A problem is frozen, hashable, equal by value, copied and pickled, and names its place when it has one."""
    problem = Problem("person", "is missing")
    assert {problem} == {Problem("person", "is missing"), pickle.loads(pickle.dumps(problem)), copy.deepcopy(problem)}
    assert (str(problem), str(Problem("", "is missing"))) == ("person: is missing", "is missing")
    conflict = Conflict("e-1", 4, 2, ("title",))
    assert {conflict} == {
        Conflict("e-1", 4, 2, ("title",)),
        pickle.loads(pickle.dumps(conflict)),
        copy.deepcopy(conflict),
    }
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        problem.path = "name"


SHOWN = [
    ("None", None),
    ("True", True),
    ("1.5", 1.5),
    ("nan", float("nan")),
    ("-7", -7),
    ("99999999999999999999", 10**20 - 1),
    ("a whole number of more than 20 digits", 10**20),
    ("a whole number of more than 20 digits", -(10**5000)),
    ("'2025-02-30'", "2025-02-30"),
    ("'2026-03-01T09:30:00Z'", "2026-03-01T09:30:00Z"),
    ("'1,5'", "1,5"),
    ("an empty text", ""),
    ("a text of 8 characters", "Jane Doe"),
    ("a text of 4 characters", "jane"),
    ("a text of 2 characters", "TZ"),
    ("a text of 42 characters", "1" * 42),
    ("a text of 1 characters", "٣"),
    ("a text of 2 characters", "1\n"),
    ("a list", ["Jane"]),
    ("an object", object()),
    ("a dict", {"Jane": "Doe"}),
    ("a bytes", b"Jane"),
    ("a Decimal", Decimal("1.5")),
    ("a date", date(1970, 5, 17)),
    ("a type", str),
]


@pytest.mark.parametrize(("expected", "value"), SHOWN, ids=[expected for expected, _ in SHOWN])
def test_known_values_are_shown_like_this(expected, value):
    """Figures and dates are shown as they are; of anything else only what it is."""
    assert expected == shown(value)


FIGURE_SIGNS = set(string.digits + ".,:/TZ+-")


@effort(200)
@given(st.text(min_size=1, max_size=60) | st.text(string.digits + ".,:/TZ+- a\n٣", min_size=1, max_size=60))
@example("919-555-0134x")
@example("T2025")
def test_free_text_is_never_shown(text):
    """A text with anything but digits and the signs of dates, or too long for one, is shown by its length alone."""
    if set(text) <= FIGURE_SIGNS and len(text) <= 41 and any(map(str.isdigit, text[:2])):
        assert shown(text) in (repr(text), f"a text of {len(text)} characters")
    else:
        assert f"a text of {len(text)} characters" == shown(text)


@effort(100)
@given(
    st.recursive(
        st.text(min_size=1),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
        max_leaves=5,
    )
)
def test_what_contains_text_is_shown_by_its_type(value):
    """Nothing from inside a list, a dictionary or a tuple is shown."""
    if not isinstance(value, str):
        assert f"a {type(value).__name__}" == shown(value)


@pytest.mark.parametrize(
    ("expected", "name"),
    [
        ("'titel'", "titel"),
        ("'harm-reduction'", "harm-reduction"),
        ("'last_day'", "last_day"),
        ("'17'", "17"),
        ("a text of 8 characters", "Jane Doe"),
        ("a text of 4 characters", "Jane"),
        ("a text of 8 characters", "jane doe"),
        ("a text of 41 characters", "x" * 41),
        ("a text of 3 characters", "a--"),
        ("a text of 3 characters", "zoë"),
        ("a text of 2 characters", "a\n"),
        ("an empty text", ""),
        ("None", None),
        ("a tuple", ("a",)),
    ],
)
def test_a_name_is_shown_when_it_is_one_plain_word(expected, name):
    """A mistyped key is shown when it is one lower-case word; a heading or a person's name is not."""
    assert expected == shown_name(name)


@pytest.mark.parametrize(
    ("expected", "record_id"),
    [
        ("'e-1~2'", "e-1~2"),
        ("'Jane'", "Jane"),
        (repr("x" * 200), "x" * 200),
        ("a text of 201 characters", "x" * 201),
        ("a text of 8 characters", "Jane Doe"),
        ("a text of 4 characters", "e-1\n"),
        ("a text of 3 characters", "Zoë"),
        ("an empty text", ""),
        ("7", 7),
        ("a list", ["Jane"]),
    ],
    ids=range(10),
)
def test_an_id_is_shown_when_it_can_be_one(expected, record_id):
    """An id is shown as it is, also in the errors that name one; a name that was taken for an id is not."""
    assert expected == shown_id(record_id)
    assert f"no record {expected} in this ledger" in str(errors.UnknownRecord(record_id, "to retract it"))
    assert f"no record of person {expected} in this ledger" in str(errors.UnknownPerson(record_id))


def test_the_nearest_word_is_suggested():
    """A mistyped word is answered with the known one it resembles, anything else with nothing."""
    known = ["title", "course", "credits"]
    assert nearest("titel", known) == " (did you mean 'title'?)"
    assert nearest("credit", iter(known)) == " (did you mean 'credits'?)"
    assert [nearest(name, known) for name in ("zzz", "", 7, None)] == ["", "", "", ""]
    assert nearest("titel", []) == ""


def test_a_suggestion_costs_no_more_for_an_endless_word():
    """A megabyte where a word is expected is compared by its beginning only."""
    assert nearest("x" * 10**6, ["title"] * 100) == ""


def test_of_very_many_problems_a_hundred_are_said_and_the_rest_counted():
    """A message stays one that can be read; the error has as many, and the number of all."""
    error = InvalidData("record", tuple(Problem(f"k{number}", "unknown key") for number in range(250)))
    lines = str(error).splitlines()
    assert ["  - k99: unknown key", "  - and 150 more"] == lines[-2:]
    assert (100, 250) == (len(error.problems), error.total)
