"""Records from their canonical text: what the strict reader returns, or nothing."""

import random
import re
import sqlite3
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from effort import effort, sized
from peer_ledger import Credit, Ledger, Origin, TrainingEvent, testing
from peer_ledger.errors import DamagedLedger, InvalidData
from peer_ledger.records import RECORD_TYPES, Erasure, record_from_json, record_to_json
from peer_ledger.records import _canonical as canonical
from peer_ledger.records._canonical import canonical_record
from peer_ledger.records._conversion import STRUCTURE
from peer_ledger.records.interchange import _strict_record

ORIGIN = Origin(source="lms", key=["17", "", ",", "ETH-101"], occurrence=2)
EVENT = TrainingEvent(
    origin=ORIGIN,
    id="e-1~2",
    replaces="e-1",
    person="p-1",
    completed="2025-03-04",
    started="2025-03-03",
    title="Ethics: [part {1}], twice",
    credits=[Credit(amount="1.5", topics={"ethics", "crisis"}), Credit(amount=2)],
    approvals=[],
)
TEXT = record_to_json(EVENT)


def strictly(text):
    """Return what the strict reader makes of a text: a record, or the message of its refusal."""
    try:
        return _strict_record(text)
    except InvalidData as error:
        return str(error)


def read(text):
    """Return the same of the reader that everybody uses."""
    try:
        return record_from_json(text)
    except InvalidData as error:
        return str(error)


def agree(text):
    """Check that the quick reader returns what the strict one does, of the same class, or nothing."""
    quick, expected = canonical_record(text), strictly(text)
    assert quick is None or (type(expected) is type(quick) and expected == quick), text
    assert expected == read(text), text


@pytest.mark.parametrize("kind", sorted(set(RECORD_TYPES) - {"rule-set"}))
@given(st.data())
@effort(100)
def test_records_of_every_kind_are_read_as_the_strict_reader_reads_them(kind, data):
    """Equal records, for every kind; only a text with an escape may be left to the strict reader."""
    made = data.draw(KINDS[kind]())
    text = record_to_json(made)
    agree(text)
    assert "\\" in text or made == canonical_record(text)


KINDS = {
    "training-event": testing.training_events,
    "course": testing.courses,
    "designation": testing.designations,
    "certification": testing.certifications,
    "verification": testing.verifications,
    "filing": testing.filings,
    "document": testing.documents,
    "review": testing.reviews,
    "ruling": testing.rulings,
    "coverage": testing.coverages,
    "retraction": testing.retractions,
    "same-person": testing.same_persons,
    "erasure": lambda: st.builds(
        Erasure, id=testing.identifiers(), entries=st.sets(st.integers(1, 2**53 - 1)).map(lambda some: sorted(some))
    ),
}

PIECES = ['"', "\\", ",", ":", "{", "}", "[", "]", "null", "0", "1e3", " ", "\n", "\x00", "A", "-", "~", "é", "\ud800", '"id":"e-9",', "2025-02-30", "true"]  # fmt: skip


@given(testing.records(), st.data())
@effort(sized(2000, 700))
def test_damaged_text_never_gives_what_the_strict_reader_refuses(record, data):
    """Whatever is cut out of a record's text or put into it: the same record or the same message."""
    text = record_to_json(record)
    for _ in range(data.draw(st.integers(1, 3))):
        begin = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(begin, min(len(text), begin + 12)))
        text = text[:begin] + data.draw(st.sampled_from(PIECES) | st.text(max_size=2)) + text[end:]
    agree(text)


def test_every_single_change_of_one_text_is_judged_as_by_the_strict_reader():
    """Each character of a text with every kind of part, removed, doubled and replaced."""
    chance = random.Random(20261129)
    for place in range(len(TEXT)):
        for put in ("", TEXT[place] * 2, chance.choice(PIECES), chance.choice(PIECES), chr(chance.randrange(32, 127))):
            agree(TEXT[:place] + put + TEXT[place + 1 :])


@pytest.mark.parametrize(
    "change",
    [
        ('"id":"e-1~2"', '"id":"e-1 2"'),
        ('"id":"e-1~2"', '"id":"e-9","id":"e-1~2"'),
        ('"completed":"2025-03-04"', '"completed":"2025-02-30"'),
        ('"completed":"2025-03-04"', '"completed":"1899-12-31"'),
        ('"started":"2025-03-03"', '"started":"2025-03-05"'),
        ('"title":"Ethics', '"title":" Ethics'),
        ('"title":"Ethics', '"title":"\x85Ethics'),
        ('"role":"attended"', '"role":"Attended"'),
        ('"role":"attended"', '"role":"a--b"'),
        ('"role":"attended"', f'"role":"{"a" * 65}"'),
        ('"amount":"1.5"', '"amount":"0"'),
        ('"amount":"1.5"', '"amount":1.5'),
        ('"unit":"hour"', '"unit":"hour","unit":"hour"'),
        ('["crisis","ethics"]', '["ethics","ethics"]'),
        ('"occurrence":2', '"occurrence":0'),
        ('"occurrence":2', '"occurrence":9007199254740992'),
        ('"approvals":[]', '"approvals":[],"extra":"x"'),
        ('"source":"lms"', '"source":""'),
    ],
)
def test_what_a_record_refuses_is_refused(change):
    """Each with the strict reader's message."""
    text = TEXT.replace(*change, 1)
    assert text != TEXT
    assert canonical_record(text) is None
    with pytest.raises(InvalidData) as refused:
        record_from_json(text)
    assert strictly(text) == str(refused.value)


@given(st.text(max_size=30))
@example('{"type":"training-event"')
@example('{"type":"erasure","id":"x","entries":[2,1]}')
@example('{"type":"same-person","id":"x","people":["a"]}')
@example(
    '{"type":"training-event","id":"x","person":"p","completed":"2025-01-01","role":"attended","approvals":'
    + str([{"by": f"a-{n}"} for n in range(101)]).replace("'", '"').replace(" ", "")
    + "}"
)
@example('{"type":"rule-set","id":"x"}')
@example('{"type":"nothing"}')
def test_other_text_is_left_to_the_strict_reader(text):
    """It raises nothing of its own."""
    assert canonical_record(text) is None
    assert canonical_record('{"type":"' + text) is None


def test_the_readers_know_the_same_kinds():
    """A class that is added later is read by both."""
    assert set(STRUCTURE) == set(RECORD_TYPES.values())
    assert EVENT == canonical_record(TEXT)
    assert date(2025, 3, 4) == canonical_record(TEXT).completed


def steps_of(parsed):
    """Yield the steps of a parsed pattern, with all that they hold, as pairs of a name and its arguments."""
    for name, arguments in parsed:
        yield str(name), arguments
        inner = [arguments] if isinstance(arguments, re._parser.SubPattern) else arguments
        parts = (
            [part for one in inner for part in (one if isinstance(one, list) else [one])]
            if isinstance(inner, tuple | list)
            else []
        )
        for part in parts:
            if isinstance(part, re._parser.SubPattern):
                yield from steps_of(part)


def groups_repeated_possessively(pattern):
    """Return what a pattern repeats possessively that is more than one character."""
    single = {"IN", "LITERAL", "NOT_LITERAL", "ANY", "CATEGORY"}
    bodies = [given[2] for name, given in steps_of(re._parser.parse(pattern)) if name == "POSSESSIVE_REPEAT"]
    return [body for body in bodies if len(body) != 1 or str(body[0][0]) not in single]


def patterns():
    """Return the patterns of all kinds of records and of what they hold."""
    found = []

    class Noting:
        def __getattr__(self, name):
            return getattr(re, name)

        def compile(self, pattern):
            found.append(pattern)
            return re.compile(pattern)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(canonical, "re", Noting())
        for kind in canonical._KINDS:
            canonical._reader(RECORD_TYPES[kind], f'"type":"{kind}"')
    return found


def test_no_pattern_repeats_a_group_possessively():
    """Python 3.11.0 to 3.11.4 takes the beginning of a repetition that fails as a part of it."""
    assert groups_repeated_possessively("a(?:(?>x[b]*+)|(?:c,?+)*+)")
    assert not groups_repeated_possessively("[a]*+b++(?>(?:c,?+)*)")
    found = patterns()
    assert len(found) > len(RECORD_TYPES)
    assert any("*+" in pattern for pattern in found)
    assert [] == [pattern for pattern in found if groups_repeated_possessively(pattern)]


def test_a_list_of_cells_ends_with_a_cell():
    """A cell that does not end is none, on every Python."""
    [cells] = {cells for pattern in patterns() for cells in re.findall(r'"key":(\(.+?\\\]\))', pattern)}
    for text in ('["a","]', '["a",]', '["a""b"]', '["a",,"b"]', '["a"'):
        assert re.fullmatch(cells, text) is None
    assert re.fullmatch(cells, '["a","b"]')


def test_what_repeats_is_made_once():
    """Two events with equal credits share them, so that comparing them is quick."""
    others = TEXT.replace("e-1~2", "e-1~3")
    first, second = canonical_record(TEXT), canonical_record(others)
    assert first.credits is second.credits
    assert first.completed is second.completed


@pytest.mark.parametrize(("column", "value"), [("record", b"x"), ("salt", "x"), ("recorded_at", "x"), ("recorded_at", b"x"), ("digest", "x"), ("type", 5.0)])  # fmt: skip
def test_a_row_with_a_column_of_the_wrong_type_is_damage(tmp_path, column, value):
    """Whichever column it is."""
    path = tmp_path / "a.ledger"
    with Ledger.open(path) as ledger:
        ledger.append(EVENT)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        if column == "type":
            connection.execute("UPDATE entry SET type = CAST(? AS BLOB)", (b"y",))
        else:
            connection.execute(f"UPDATE entry SET {column} = ?", (value,))
        for _, sql in triggers:
            connection.execute(sql)
    connection.close()
    with Ledger.open(path) as ledger, pytest.raises(DamagedLedger, match="entry 1"):
        ledger.records_of("p-1")
