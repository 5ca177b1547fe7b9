"""Records to JSON and back: exact, always in the same bytes, and strict, with every problem in its place."""

import copy
import enum
import json
import os
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from effort import effort
from peer_ledger import testing
from peer_ledger.errors import InvalidData, InvalidRecord, InvalidValue
from peer_ledger.records import (
    RECORD_TYPES,
    Approval,
    Certification,
    Course,
    Coverage,
    Credit,
    Designation,
    Document,
    Erasure,
    Filing,
    MonthDay,
    Origin,
    Quantity,
    Record,
    Retraction,
    Review,
    RuleSetText,
    Ruling,
    SamePerson,
    TrainingEvent,
    Verification,
)
from peer_ledger.records.interchange import (
    read_records,
    record_from_dict,
    record_from_json,
    record_to_dict,
    record_to_json,
    write_records,
)
from peer_ledger.values import _json
from peer_ledger.values._json import parse_json

# A busy machine is no fault of a test.

CREDITS = [
    Credit(amount="4.50", topics=["trauma", "ethics", "crisis"]),
    Credit(amount="0.1", unit="ceu", topics=[]),
    Credit(amount=20),
]
CREDITS_JSON = (
    '[{"amount":"4.5","unit":"hour","topics":["crisis","ethics","trauma"]},'
    '{"amount":"0.1","unit":"ceu","topics":[]},{"amount":"20","unit":"hour"}]'
)
APPROVALS = [
    Approval(by="nbcc", last_day="2025-12-31"),
    Approval(by="naadac", number="7"),
    Approval(by="naadac", number="12"),
]
APPROVALS_JSON = '[{"by":"naadac","number":"12"},{"by":"naadac","number":"7"},{"by":"nbcc","last_day":"2025-12-31"}]'

# Records and the lines that they are, written by hand.
LINES = [
    (
        TrainingEvent(id="e-1", person="p-1", completed="2025-03-04"),
        '{"type":"training-event","id":"e-1","person":"p-1","completed":"2025-03-04","role":"attended"}',
    ),
    (
        TrainingEvent(
            origin=Origin(source="lms", key=["17", ""]),
            id="e-2",
            replaces="e-1",
            person="p-1",
            completed="2025-03-04",
            started="2024-02-29",
            title='Zoë\'s "ethics" \\ \u2028 \U0001f600\n2',
            course="c-1",
            provider="ahec",
            delivery="live-online",
            role="taught",
            credits=CREDITS,
            approvals=APPROVALS,
            evidence="s3://certificates/17.pdf",
        ),
        (
            '{"type":"training-event","origin":{"source":"lms","key":["17",""],"occurrence":1},"id":"e-2","replaces":"e-1",'
            '"person":"p-1","completed":"2025-03-04","started":"2024-02-29",'
            '"title":"Zoë\'s \\"ethics\\" \\\\ \u2028 \U0001f600\\n2","course":"c-1","provider":"ahec",'
            f'"delivery":"live-online","role":"taught","credits":{CREDITS_JSON},"approvals":{APPROVALS_JSON},"evidence":"s3://certificates/17.pdf"}}'
        ),
    ),
    (
        TrainingEvent(id="e-3", person="p-1", completed="2199-12-31", credits=[], approvals=[]),
        (
            '{"type":"training-event","id":"e-3","person":"p-1","completed":"2199-12-31","role":"attended",'
            '"credits":[],"approvals":[]}'
        ),
    ),
    (
        Course(id="c-1", title="Ethics", codes={"b", "a", "B", "é", "10", "9"}, credits=CREDITS, approvals=APPROVALS),
        (
            '{"type":"course","id":"c-1","title":"Ethics","codes":["10","9","B","a","b","é"],'
            f'"credits":{CREDITS_JSON},"approvals":{APPROVALS_JSON}}}'
        ),
    ),
    (
        Designation(id="d-1", person="p-1", name="military", awarded="2025-03-04", by="board", last_day="2027-03-04"),
        '{"type":"designation","id":"d-1","person":"p-1","name":"military","awarded":"2025-03-04","by":"board","last_day":"2027-03-04"}',
    ),
    (
        Certification(
            id="c-1",
            person="p-1",
            credential="us-nc-cpss",
            act="made-inactive",
            on="2025-03-04",
            level="full",
            number="123",
        ),
        (
            '{"type":"certification","id":"c-1","person":"p-1","credential":"us-nc-cpss","act":"made-inactive","on":"2025-03-04",'
            '"level":"full","number":"123"}'
        ),
    ),
    (
        Verification(
            id="v-1",
            person="p-1",
            credential="us-nc-cpss",
            seen="2025-03-04",
            status="active",
            shown_until="2026-04-30",
        ),
        (
            '{"type":"verification","id":"v-1","person":"p-1","credential":"us-nc-cpss","seen":"2025-03-04","status":"active",'
            '"shown_until":"2026-04-30"}'
        ),
    ),
    (
        Filing(id="f-1", person="p-1", credential="us-nc-cpss", step="renewal", received="2025-03-04"),
        '{"type":"filing","id":"f-1","person":"p-1","credential":"us-nc-cpss","step":"renewal","received":"2025-03-04"}',
    ),
    *(
        (
            Document(id="a-1", person="p-1", kind="fee", on="2025-03-04", value=value),
            f'{{"type":"document","id":"a-1","person":"p-1","kind":"fee","on":"2025-03-04"{text}}}',
        )
        for value, text in [
            (None, ""),
            (False, ',"value":{"flag":false}'),
            (True, ',"value":{"flag":true}'),
            (date(1970, 5, 17), ',"value":{"day":"1970-05-17"}'),
            (MonthDay(2, 29), ',"value":{"month_day":"02-29"}'),
            (Quantity(amount=0, unit="us-dollar"), ',"value":{"quantity":{"amount":"0","unit":"us-dollar"}}'),
            ("02-29", ',"value":{"word":"02-29"}'),
        ]
    ),
    (
        Review(
            id="r-1", person="p-1", event="e-1", decision="granted", on="2025-03-04", credits=CREDITS[2:], reason="late"
        ),
        (
            '{"type":"review","id":"r-1","person":"p-1","event":"e-1","decision":"granted","on":"2025-03-04",'
            '"credits":[{"amount":"20","unit":"hour"}],"reason":"late"}'
        ),
    ),
    (
        Ruling(
            id="r-1",
            person="p-1",
            credential="us-nc-cpss",
            on="2025-03-04",
            requirement="ethics",
            effect="sets",
            figure=Quantity(amount="14.0", unit="hour"),
        ),
        (
            '{"type":"ruling","id":"r-1","person":"p-1","credential":"us-nc-cpss","on":"2025-03-04","requirement":"ethics",'
            '"effect":"sets","figure":{"amount":"14","unit":"hour"}}'
        ),
    ),
    (
        Coverage(id="c-1", covers="document", document_kind="fee", first_day="2025-01-01", last_day="2025-12-31"),
        '{"type":"coverage","id":"c-1","covers":"document","document_kind":"fee","first_day":"2025-01-01","last_day":"2025-12-31"}',
    ),
    (
        Retraction(id="e-1~retracted", retracts="e-1", reason="twice", by="w-1"),
        '{"type":"retraction","id":"e-1~retracted","retracts":"e-1","reason":"twice","by":"w-1"}',
    ),
    (
        RuleSetText(id="k-1", ruleset="us-nc-cpss", version="2026.11", digest="0a" * 32, text='{"id":1}'),
        '{"type":"rule-set","id":"k-1","ruleset":"us-nc-cpss","version":"2026.11","digest":"'
        + "0a" * 32
        + '","text":"{\\"id\\":1}"}',
    ),
    (SamePerson(id="s-1", people={"p-7", "p-1"}), '{"type":"same-person","id":"s-1","people":["p-1","p-7"]}'),
    (Erasure(id="x-1", entries=[3, 5, 2**53 - 1]), '{"type":"erasure","id":"x-1","entries":[3,5,9007199254740991]}'),
]

EVENT = {"type": "training-event", "id": "e-1", "person": "p-1", "completed": "2025-03-04"}
LETTER = {"type": "document", "id": "a-1", "person": "p-1", "kind": "fee", "on": "2025-03-04"}
COURSE = {"type": "course", "id": "c-1", "title": "Ethics"}
RULING = {
    "type": "ruling",
    "id": "r-1",
    "person": "p-1",
    "credential": "us-nc-cpss",
    "on": "2025-03-04",
    "requirement": "ethics",
    "effect": "waives",
}

erasures = st.builds(Erasure, id=testing.identifiers(), entries=st.sets(st.integers(1, 2**53 - 1)).map(sorted))
records = testing.records() | erasures | st.sampled_from([record for record, _ in LINES])


def refusal(read, *given_data):
    """Read what cannot be read, and give its problems as (path, message)."""
    with pytest.raises(InvalidData) as caught:
        read(*given_data)
    assert caught.value.problems
    return [(problem.path, problem.message) for problem in caught.value.problems]


def paths(data):
    return [path for path, _ in refusal(record_from_dict, data)]


# Exact


@pytest.mark.parametrize(
    ("record", "line"), LINES, ids=[f"{n}-{record.record_type}" for n, (record, _) in enumerate(LINES)]
)
def test_a_known_record_is_this_line(record, line):
    """The JSON form of each type of record is what was written by hand, both ways, to the byte."""
    assert line == record_to_json(record)
    assert json.loads(line) == record_to_dict(record)
    for read in (record_from_json(line), record_from_json(line.encode()), record_from_dict(json.loads(line))):
        assert (record, repr(record)) == (read, repr(read))


def test_every_type_of_record_is_among_the_known():
    """A type without a line written by hand would go untested."""
    assert set(RECORD_TYPES) == {record.record_type for record, _ in LINES}


@effort(200)
@given(records)
def test_every_record_survives_the_round_trip(record):
    """What is written reads back as an equal record, and is written again in the same bytes."""
    text = record_to_json(record)
    for read in (
        record_from_json(text),
        record_from_json(text.encode("utf-8")),
        record_from_dict(record_to_dict(record)),
    ):
        assert (record, type(record), repr(record)) == (read, type(read), repr(read))
        assert text == record_to_json(read)
    assert "\n" not in text
    assert list(json.loads(text))[:1] == ["type"]
    assert "null" not in re.sub(r'"(?:[^"\\]|\\.)*"', "", text)


def scrambled(data, draw):
    """Write the same object in another order of keys, and its sets in another order of items."""
    if isinstance(data, dict):
        return {
            key: scrambled(data[key], draw) if key != "key" else data[key] for key in draw(st.permutations(list(data)))
        }
    return data


@effort(100)
@given(st.data())
def test_the_order_and_the_blanks_of_the_input_do_not_matter(data):
    """Keys in any order, blanks, escapes and sets in any order give the same record and then the same bytes."""
    record = data.draw(records)
    form = scrambled(record_to_dict(record), data.draw)
    for name in ("approvals", "codes", "people"):
        if name in form:
            form[name] = data.draw(st.permutations(form[name]))
    for credit in form.get("credits", ()):
        if "topics" in credit:
            credit["topics"] = data.draw(st.permutations(credit["topics"]))
    text = data.draw(st.sampled_from(["", " ", "\n", "\r\n\t"])).join(
        [
            "",
            json.dumps(form, indent=data.draw(st.sampled_from([None, 0, 3])), ensure_ascii=data.draw(st.booleans())),
            "",
        ]
    )
    assert record == record_from_json(text)
    assert record_to_json(record) == record_to_json(record_from_json(text))


@effort(60)
@given(st.data())
def test_equal_records_are_written_alike(data):
    """The order in which sets were given, and how amounts and days were written, do not show in the bytes."""
    topics = data.draw(st.lists(testing.words("topics"), min_size=2, max_size=6, unique=True))
    approvals = data.draw(st.permutations(APPROVALS))
    codes = data.draw(st.lists(testing.texts(), max_size=4, unique=True))
    one = Course(id="c", title="t", codes=codes, approvals=approvals, credits=[Credit(amount="1.50", topics=topics)])
    other = Course(
        id="c",
        title="t",
        codes={*codes},
        approvals=frozenset(APPROVALS),
        credits=(Credit(amount=Decimal("15E-1"), topics=frozenset(data.draw(st.permutations(topics)))),),
    )
    assert one == other
    assert record_to_json(one) == record_to_json(other)
    assert sorted(codes) == record_to_dict(one).get("codes")
    assert sorted(topics) == record_to_dict(one)["credits"][0]["topics"]


WRITE_EVERYTHING = """
import itertools
from peer_ledger import *
from peer_ledger.records import record_to_json
topics = ["ethics", "crisis", "trauma", "youth", "family", "wellness", "recovery"]
approvals = [Approval(by=by, last_day=day) for by in ("a", "b", "c") for day in (None, "2025-01-01")]
credits = [Credit(amount=1, topics=some) for some in itertools.combinations(topics, 4)]
print(record_to_json(TrainingEvent(id="e", person="p", completed="2025-01-01", credits=credits, approvals=approvals)))
print(record_to_json(Course(id="c", title="t", codes=topics, approvals=approvals)))
print(record_to_json(SamePerson(id="s", people={"p-1", "p-7"})))
"""


def test_bytes_do_not_depend_on_the_hash_seed():
    """The same record is written in the same bytes by every process."""
    written = {
        subprocess.run(
            [sys.executable, "-c", WRITE_EVERYTHING],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in (0, 1, 2, 3)
    }
    [text] = written
    assert b'"codes":["crisis","ethics","family","recovery","trauma","wellness","youth"]' in text
    assert b'{"amount":"1","unit":"hour","topics":["crisis","ethics","trauma","youth"]}' in text


class Topic(enum.StrEnum):
    """Somebody's own enumeration of topics."""

    WELLNESS = "wellness"


def test_bytes_do_not_depend_on_the_callers_classes():
    """A set with a text of a class of its own is refused, or written like the equal set of plain texts."""
    plain = Credit(amount=1, topics={"advocacy", "wellness"})
    try:
        own = Credit(amount=1, topics={Topic.WELLNESS, "advocacy"})
    except InvalidRecord:
        return
    events = [TrainingEvent(id="e", person="p", completed="2025-01-01", credits=[credit]) for credit in (plain, own)]
    assert events[0] == events[1]
    assert record_to_json(events[0]) == record_to_json(events[1])


def test_unknown_is_left_out_and_none_is_written():
    """An unknown set is no key, an empty one is `[]`; `null` is read as unknown; each reads back as what it was."""
    unknown, none = record_from_dict(EVENT), record_from_dict({**EVENT, "credits": [], "approvals": []})
    assert (unknown.credits, unknown.approvals) == (None, None)
    assert ((), frozenset()) == (none.credits, none.approvals)
    assert unknown == record_from_dict({**EVENT, "credits": None, "approvals": None, "origin": None, "title": None})
    assert {"credits", "approvals"} == set(record_to_dict(none)) - set(record_to_dict(unknown))
    assert '"credits":[{"amount":"1","unit":"hour","topics":[]}]' in record_to_json(
        record_from_dict({**EVENT, "credits": [{"amount": "1", "topics": []}]})
    )


def test_what_is_written_is_new():
    """The dictionary given is the caller's own: changing it changes no record, and reading changes no input."""
    record = LINES[1][0]
    form = record_to_dict(record)
    untouched = copy.deepcopy(form)
    form["credits"][0]["topics"].clear()
    form["origin"]["key"].append("x")
    assert untouched == record_to_dict(record)
    record_from_dict(untouched)
    assert untouched == record_to_dict(record)


def test_a_record_read_without_id_has_the_derived_one():
    """The id of a row may be left out where its origin is given, and is then written."""
    origin = {"source": "lms", "key": ["17", "ETH-101", "2025-03-04"]}
    record = record_from_dict({**{key: EVENT[key] for key in ("type", "person", "completed")}, "origin": origin})
    assert "training-event-3fysvb6bcbkpqripu4r77mg4" == record.id == record_to_dict(record)["id"]
    assert record_to_dict(record)["origin"]["occurrence"] == 1


# Strict


def places(data, path=""):
    """Yield every place of a JSON value: its path, what holds it and its key there."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, inner in items:
        place = f"{path}[{key}]" if isinstance(data, list) else f"{path}.{key}" if path else key
        yield place, data, key
        yield from places(inner, place)


def outcome(data):
    """Return the record that some data describe, or the paths of all that is wrong."""
    try:
        return record_from_dict(data)
    except InvalidData as error:
        refused = error
    assert "Jane" not in str(refused)
    return [problem.path for problem in refused.problems]


OTHERS = [
    None,
    True,
    False,
    0,
    3,
    -1,
    3.7,
    1.0,
    float("inf"),
    "Jane Doe",
    "",
    [],
    ["Jane Doe"],
    {},
    {"Jane": "Doe"},
    [[]],
]


@effort(300)
@given(st.data())
def test_a_value_of_another_type_is_refused_in_its_place(data):
    """A value replaced by one of another JSON type is refused, and its place is named; or null means left out."""
    form = record_to_dict(data.draw(records))
    place, holder, key = data.draw(st.sampled_from(list(places(form))))
    other = data.draw(st.sampled_from(OTHERS))
    assume(type(other) is not type(holder[key]))
    holder[key] = other
    found = outcome(form)
    if other is None and isinstance(holder, dict):
        del holder[key]
        if found == outcome(form):
            return
    is_value = place.startswith("value.") and not place.startswith("value.quantity.")
    assert found in ([place], ["value"] if is_value else [])


@effort(150)
@given(st.data())
def test_an_unknown_key_is_refused_in_its_place(data):
    """A key that nobody declared is refused wherever it stands, with the whole path to it."""
    form = record_to_dict(data.draw(records))
    objects = [("", form)] + [
        (place, holder[key]) for place, holder, key in places(form) if isinstance(holder[key], dict)
    ]
    place, target = data.draw(st.sampled_from(objects))
    target["zzz"] = data.draw(st.sampled_from(OTHERS))
    [problem] = refusal(record_from_dict, form)
    if place == "value":  # which has one key only
        assert problem[0] == "value"
    else:
        assert (f"{place}.zzz" if place else "zzz", "unknown key") == problem


REQUIRED = {
    TrainingEvent: "person completed",
    Course: "title",
    Designation: "person name",
    Certification: "person credential act",
    Verification: "person credential seen",
    Filing: "person credential step",
    Document: "person kind on",
    Review: "person event decision on",
    Ruling: "person credential on requirement effect",
    Coverage: "covers",
    Retraction: "retracts reason",
    SamePerson: "people",
    RuleSetText: "ruleset version digest text",
    Erasure: "entries",
}


@pytest.mark.parametrize("cls", REQUIRED, ids=lambda cls: cls.__name__)
def test_missing_keys_are_all_named(cls):
    """An object with its type and id alone lacks exactly what must be known, and says so of each."""
    expected = [(name, "is missing") for name in REQUIRED[cls].split()]
    assert expected == refusal(record_from_dict, {"type": cls.record_type, "id": "x-1"})


@pytest.mark.parametrize("cls", REQUIRED, ids=lambda cls: cls.__name__)
def test_a_missing_id_is_named_beside_the_rest(cls):
    """Without id and origin the id is missing, and that is said at once with all else that is."""
    assert {"id", *REQUIRED[cls].split()} == set(paths({"type": cls.record_type}))


@pytest.mark.parametrize(
    ("expected", "data"),
    [
        (["type"], {}),
        (["type"], {"id": "e-1"}),
        (["type"], {**EVENT, "type": None}),
        (["type"], {**EVENT, "type": ["training-event"]}),
        (["type"], {**EVENT, "type": "TrainingEvent"}),
        ([""], []),
        ([""], [EVENT]),
        ([""], None),
        ([""], "training-event"),
        (["origin.source", "origin.key"], {**EVENT, "origin": {}}),
        (["credits[1].amount"], {**EVENT, "credits": [{"amount": "1"}, {}]}),
        (["approvals[0].by"], {**EVENT, "approvals": [{}]}),
        (["figure.amount", "figure.unit"], {**RULING, "figure": {}}),
        (["value.quantity.amount", "value.quantity.unit"], {**LETTER, "value": {"quantity": {}}}),
        (["value"], {**LETTER, "value": {}}),
        (["value"], {**LETTER, "value": {"flag": True, "word": "x"}}),
        (["value"], {**LETTER, "value": {"date": "2025-01-01"}}),
    ],
)
def test_a_key_that_is_needed_is_refused_when_missing(expected, data):
    """What lacks is named by its full path, also inside credits, origins, approvals and quantities."""
    assert expected == paths(data)


@pytest.mark.parametrize(
    ("place", "data"),
    [
        ("id", {**EVENT, "id": None}),
        ("person", {**EVENT, "person": None}),
        ("completed", {**EVENT, "completed": None}),
        ("role", {**EVENT, "role": None}),
        ("credits[0]", {**EVENT, "credits": [None]}),
        ("credits[0].amount", {**EVENT, "credits": [{"amount": None}]}),
        ("credits[0].unit", {**EVENT, "credits": [{"amount": "1", "unit": None}]}),
        ("credits[0].topics[1]", {**EVENT, "credits": [{"amount": "1", "topics": ["ethics", None]}]}),
        ("approvals[0]", {**EVENT, "approvals": [None]}),
        ("approvals[0].by", {**EVENT, "approvals": [{"by": None}]}),
        ("origin.source", {**EVENT, "origin": {"source": None, "key": ["1"]}}),
        ("origin.key", {**EVENT, "origin": {"source": "lms", "key": None}}),
        ("origin.key[0]", {**EVENT, "origin": {"source": "lms", "key": [None]}}),
        ("origin.occurrence", {**EVENT, "origin": {"source": "lms", "key": ["1"], "occurrence": None}}),
        ("codes[0]", {**COURSE, "codes": [None]}),
        ("title", {**COURSE, "title": None}),
        ("effect", {**RULING, "effect": None}),
        ("people", {"type": "same-person", "id": "s", "people": None}),
        ("people[1]", {"type": "same-person", "id": "s", "people": ["p-1", None]}),
        ("entries[0]", {"type": "erasure", "id": "x", "entries": [None]}),
        ("value.quantity", {**LETTER, "value": {"quantity": None}}),
        ("value.flag", {**LETTER, "value": {"flag": None}}),
        ("value.word", {**LETTER, "value": {"word": None}}),
    ],
)
def test_null_is_refused_where_a_value_is_needed(place, data):
    """Only what may be unknown may be null."""
    assert [place] == paths(data)


@pytest.mark.parametrize(
    "number", [3.7, 3.0, 1e300, float("inf"), True, "3", Decimal(3), 0, -1, 2**53, 10**400], ids=repr
)
def test_a_count_is_a_whole_number(number):
    """3.7 never becomes 3, nor does 3.0, a flag, a text, or a number that other languages cannot hold."""
    origin = {"source": "lms", "key": ["1"], "occurrence": number}
    assert paths({**EVENT, "origin": origin}) == ["origin.occurrence"]
    [path] = paths({"type": "erasure", "id": "x", "entries": [number, 5]})
    assert path in ("entries", "entries[0]")


@pytest.mark.parametrize(
    ("hint", "number"),
    [
        ('; write it as a text, "1"', 1),
        ('; write it as a text, "1.5"', 1.5),
        ('; write it as a text, "0.1"', 0.1),
        ("", True),
        ("", ["1"]),
    ],
)
def test_an_amount_is_a_text(hint, number):
    """A JSON number is no amount, and the message shows the text that is; the text indeed is one."""
    [(path, message)] = refusal(record_from_dict, {**EVENT, "credits": [{"amount": number}]})
    shown = "a list" if isinstance(number, list) else repr(number)
    assert ("credits[0].amount", f"must be an amount written as a text, not {shown}{hint}") == (path, message)
    if hint:
        assert "credits" in record_to_dict(record_from_dict({**EVENT, "credits": [{"amount": repr(number)}]}))


@pytest.mark.parametrize(
    "number", [10**20, 10**400, 10**5000, float("nan"), float("inf"), -1, 1e300, 1e-9], ids=lambda n: type(n).__name__
)
def test_no_number_is_advised_that_would_be_refused(number):
    """An endless, negative or infinite number is refused in one short line, without advice that would not help."""
    [(path, message)] = refusal(record_from_dict, {**EVENT, "credits": [{"amount": number}]})
    assert path == "credits[0].amount"
    assert len(message) < 200
    assert "write it as a text" not in message


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ("'training-evnt' (did you mean 'training-event'?)", "training-evnt"),
        ("'certificate' (did you mean 'certification'?)", "certificate"),
        ("a text of 8 characters", "Jane Doe"),
        ("a text of 6 characters (did you mean 'course'?)", "Course"),
        ("7", 7),
        ("None", None),
        ("a list", ["course"]),
        ("a dict", {"course": 1}),
    ],
)
def test_an_unknown_type_of_record_is_refused_with_a_suggestion(expected, found):
    """The message lists the fourteen types and suggests the one that was likely meant."""
    known = "training-event, course, designation, certification, verification, filing, document, review, ruling"
    message = f"must be one of {known}, coverage, retraction, same-person, rule-set, erasure, not {expected}"
    assert [("type", message)] == refusal(record_from_dict, {"type": found, "id": "x"})


def test_a_mistyped_key_is_refused_with_a_suggestion():
    """A misplaced key is never passed over; the nearest known one is suggested, and a name in a key is not shown."""
    data = {**EVENT, "titel": "x", "Jane Doe": 1, "credits": [{"amuont": "1", "amount": "1"}]}
    expected = [
        ("titel", "unknown key (did you mean 'title'?)"),
        ("a text of 8 characters", "unknown key"),
        ("credits[0].amuont", "unknown key (did you mean 'amount'?)"),
    ]
    assert expected == refusal(record_from_dict, data)


def test_all_problems_are_listed_at_once_with_their_paths():
    """One reading finds everything: unknown keys, missing ones, wrong types and impossible values, at every depth."""
    data = {
        "type": "training-event",
        "id": "e 1",
        "persn": "p-1",
        "completed": "2025-02-29",
        "started": 20250304,
        "title": " Ethics",
        "role": "Taught",
        "origin": {"source": "lms", "key": [17, ""], "occurrence": 0, "row": 4},
        "credits": [
            {"amount": 1.5},
            {"amount": "0"},
            {"amount": "2", "topics": ["ethics", 7], "unit": None},
            "3 hours",
        ],
        "approvals": [{"by": "Nobody Known"}, {"by": "x", "first_day": "2025-01-02", "last_day": "2025-01-01"}],
    }
    expected = [
        "persn",
        "origin.row",
        "origin.key[0]",
        "origin.occurrence",
        "id",
        "person",
        "completed",
        "started",
        "title",
        "role",
        "credits[0].amount",
        "credits[1].amount",
        "credits[2].unit",
        "credits[2].topics[1]",
        "credits[3]",
        "approvals[0].by",
        "approvals[1].last_day",
    ]
    assert sorted(expected) == sorted(paths(data))


@pytest.mark.parametrize(
    "approvals",
    [[{"by": "x"}, {"by": "x"}], [{"by": "x"}, {"by": "x", "number": None}], [{"by": "x"}, {"by": "y"}, {"by": "x"}]],
)
def test_nothing_stands_twice_in_a_set(approvals):
    """A set in which something is listed twice was altered or merged badly; it is not silently made shorter."""
    assert refusal(record_from_dict, {**EVENT, "approvals": approvals}) == [
        ("approvals", "must be a list without repeated values")
    ]
    assert paths({**COURSE, "codes": ["a", "b", "a"]}) == ["codes"]
    assert paths({**EVENT, "credits": [{"amount": "1", "topics": ["ethics", "ethics"]}]}) == ["credits[0].topics"]
    assert paths({"type": "same-person", "id": "s", "people": ["p-1", "p-1"]}) == ["people"]


def test_credits_may_be_equal():
    """Two equal credits of one event are two, in the order given."""
    twice = record_from_dict({**EVENT, "credits": [{"amount": "1"}, {"amount": "1"}, {"amount": "0.5"}]})
    assert [str(credit.amount) for credit in twice.credits] == ["1", "1", "0.5"]


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("started", {**EVENT, "started": "2025-03-05"}),
        ("figure", {**RULING, "effect": "sets"}),
        (
            "credits",
            {"type": "review", "id": "r", "person": "p", "event": "e", "decision": "granted", "on": "2025-03-04"},
        ),
        ("sent", {"type": "filing", "id": "f", "person": "p", "credential": "x", "step": "renewal"}),
        ("document_kind", {"type": "coverage", "id": "c", "covers": "review", "document_kind": "fee"}),
        ("completed", {**EVENT, "completed": "2200-01-01"}),
        ("completed", {**EVENT, "completed": "2025-03-04T00:00:00Z"}),
        ("value", {**LETTER, "value": {"day": "2025-02-29"}}),
        ("value", {**LETTER, "value": {"month_day": "02-30"}}),
        ("value", {**LETTER, "value": {"word": "Jane Doe"}}),
        ("value.quantity.amount", {**LETTER, "value": {"quantity": {"amount": "-1", "unit": "year"}}}),
    ],
)
def test_what_a_record_refuses_is_refused_on_reading(path, data):
    """Whatever cannot be built cannot be read either, and is named by its path."""
    [(found, message)] = refusal(record_from_dict, data)
    assert found in (path, *(f"{path}.{tag}" for tag in ("day", "month_day", "word")))
    assert "Jane" not in message


# JSON

LINE = LINES[0][1]


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("is not JSON: expecting value at character 1", ""),
        ("is not JSON: expecting value at character 2", " nul"),
        ("is not JSON: extra data at character 3", "{}{}"),
        ("is not JSON: NaN is not a JSON number", '{"a": NaN}'),
        ("is not JSON: Infinity is not a JSON number", "[Infinity]"),
        ("is not JSON: -Infinity is not a JSON number", "-Infinity"),
        ("has the key 'id' twice in one object", '{"id": 1, "id": 1}'),
        ("has the key 'id' twice in one object", '{"a": [{"id": 1, "x": 2, "id": 1}]}'),
        ("has the key 'id' twice in one object", '{"id": 1, "\\u0069d": 2}'),
        ("has the key a text of 8 characters twice in one object", '{"Jane Doe": 1, "Jane Doe": 2}'),
        ("is nested too deeply", "[" * 100_000),
        ("is nested too deeply", '{"a":' * 100_000),
        ("contains a number with too many digits", "1" * 5000),
        ("is not UTF-8 at byte 3", b'{"\xff": 1}'),
        ("is not UTF-8 at byte 1", '{"a": 1}'.encode("utf-16")),
        ("is not UTF-8 at byte 2", b'"\xed\xa0\x80"'),
        ("is not UTF-8 at byte 2", b'"\xc0\xaf"'),
    ],
    ids=range(17),
)
def test_what_is_not_strict_json_is_refused(message, text):
    """Not one value, no number, a key twice, too deep, too long or not UTF-8: one problem that says where."""
    with pytest.raises(InvalidValue) as caught:
        parse_json(text)
    assert message == str(caught.value)
    assert [("", message)] == refusal(record_from_json, text)


def test_a_byte_order_mark_is_refused():
    """A mark before the first brace is no JSON, in text and in bytes; inside a text it is a character like others."""
    for text in ("\ufeff" + LINE, b"\xef\xbb\xbf" + LINE.encode(), LINE.encode("utf-8-sig")):
        [(path, message)] = refusal(record_from_json, text)
        assert (path, "bom" in message.lower()) == ("", True)
    assert record_from_dict({**COURSE, "title": "\ufeffx"}).title == "\ufeffx"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1"])
def test_only_utf8_is_read(encoding):
    """No encoding is guessed: other encodings are refused even when they could be recognized."""
    text = LINE.replace("e-1", "é-1") if encoding == "latin-1" else LINE
    assert len(refusal(record_from_json, text.encode(encoding))) == 1


@pytest.mark.parametrize("deep", [10, 900, 5000, 100_000])
def test_a_deeply_nested_value_is_refused(deep):
    """Brackets without end neither crash nor hang the reader, wherever they stand."""
    nested = "[" * deep + "]" * deep
    for text in (
        nested,
        f'{{"type":"course","id":"c","title":{nested}}}',
        f'{{"type":"course","id":"c","title":"t","x":{nested}}}',
    ):
        assert len(refusal(record_from_json, text)) == 1


def test_a_lone_surrogate_is_refused_wherever_it_stands():
    """Half a character can be written in JSON but not in UTF-8, so no record holds it."""
    for name in ("id", "person", "title", "role", "evidence", "completed", "type"):
        text = json.dumps({**EVENT, name: "\ud800x"})
        assert [name] == [path for path, _ in refusal(record_from_json, text)]
    assert len(refusal(record_from_json, '{"type":"course","id":"c","title":"t","\\udfff":1}')) == 1


def test_a_huge_number_is_refused_wherever_it_stands():
    """Numbers of any length in any place give a problem with a short message."""
    for number in ("9" * 400, "9" * 4301, "1e999", "-1e999", "1" + "0" * 10**6):
        text = f'{{"type":"course","id":"c","title":{number},"credits":[{{"amount":{number}}}]}}'
        assert {path for path, _ in refusal(record_from_json, text)} in ({""}, {"title", "credits[0].amount"})


# Files


def placed(problems):
    """Split the places of a file's problems into line numbers and paths."""
    return [
        (int(match[1]), match[2])
        for match in (re.fullmatch(r"line (\d+)(?:[.: ]+(.+))?", path) for path, _ in problems)
    ]


@effort(30)
@given(st.lists(records, max_size=5))
def test_a_file_of_records_reads_back(tmp_path_factory, some):
    """Records are written one a line, in order and in their canonical bytes, and read back equal."""
    path = tmp_path_factory.getbasetemp() / "some.jsonl"
    assert len(some) == write_records(iter(some), path)
    assert tuple(some) == read_records(path) == read_records(str(path))
    assert "".join(record_to_json(record) + "\n" for record in some).encode() == path.read_bytes()


def test_blank_lines_and_other_line_ends_are_read(tmp_path):
    """Empty lines, carriage returns and a missing last line end change nothing; U+2028 inside a text ends no line."""
    path = tmp_path / "some.jsonl"
    path.write_bytes(b"\n  \r\n" + LINES[0][1].encode() + b"\r\n\n" + LINES[1][1].encode())
    assert (LINES[0][0], LINES[1][0]) == read_records(path)
    path.write_bytes(b"")
    assert read_records(path) == ()


def test_every_bad_line_of_a_file_is_named(tmp_path):
    """All problems of all lines come at once, each with its line, counted from 1 with the empty ones, and its path."""
    path = tmp_path / "some.jsonl"
    lines = [
        LINE,
        "",
        '{"type":"course"',
        LINE,
        '{"type":"course","id":"c","titel":"x"}',
        "[]",
        '{"type":"coarse"}',
        "\ufeff{}",
    ]
    path.write_text("\n".join(lines), "utf-8")
    problems = refusal(read_records, path)
    assert placed(problems) == [(3, None), (5, "titel"), (5, "title"), (6, None), (7, "type"), (8, None)]
    assert (problems[2][1], problems[1][1]) == ("is missing", "unknown key (did you mean 'title'?)")
    path.write_bytes(LINE.encode() + b'\n{"\xff": 1}\n')
    assert placed(refusal(read_records, path)) == [(2, None)]


def test_a_file_of_nothing_but_problems_is_cut_short(tmp_path):
    """The first hundred problems are listed, and no more of the file is read than they need."""
    path = tmp_path / "some.jsonl"
    path.write_text("{}\n" * 99 + '{"type":"certification","id":"c"}\n' + "{}\n" * 1000, "utf-8")
    expected = [(number, "type") for number in range(1, 100)] + [(100, "person")]
    assert expected == placed(refusal(read_records, path))


def test_a_line_without_end_is_refused(tmp_path, monkeypatch):
    """A line longer than the limit is refused by its number; one that is just as long is read."""
    path = tmp_path / "some.jsonl"
    monkeypatch.setattr(_json, "LONGEST_LINE", len(LINE) + 1)
    path.write_text(f"{LINE}\n{LINE}\n", "utf-8")
    assert len(read_records(path)) == 2
    path.write_text(f"{LINE}\n{LINE} \n", "utf-8")
    [(place, message)] = refusal(read_records, path)
    assert ("line 2", f"is longer than {len(LINE) + 1} bytes") == (place, message)


def test_the_longest_record_reads_back(tmp_path):
    """A record of which every text, list and set is as long as it may be, in 4 bytes a character, is read again."""
    texts = [f"{number:02}" + "\U0001f600" * 9_998 for number in range(100)]
    course = Course(
        origin=Origin(source=texts[0], key=texts),
        title=texts[0],
        codes=texts,
        approvals=[Approval(by="naadac", number=text) for text in texts],
    )
    path = tmp_path / "some.jsonl"
    write_records([course], path)
    assert path.stat().st_size > 12_000_000
    assert (course,) == read_records(path)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    """The built-in error of a missing file is not hidden."""
    with pytest.raises(FileNotFoundError):
        read_records(tmp_path / "none.jsonl")


def test_a_file_stays_when_writing_fails(tmp_path):
    """When the records run out with an error, the file holds what it held before, and nothing else is left behind."""
    path = tmp_path / "some.jsonl"
    write_records([LINES[0][0]], path)

    def failing():
        yield LINES[1][0]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_records(failing(), path)
    assert (LINES[0][0],) == read_records(path)
    assert [path] == list(tmp_path.iterdir())


# Anything

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=()), max_size=8)
)
json_values = st.recursive(
    scalars | st.sampled_from(["2025-03-04", "ethics", "p-1", "1.5", 10**400, 2**53]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
field_names = sorted(
    {field.name for cls in (*RECORD_TYPES.values(), Origin, Credit, Approval, Quantity) for field in attrs.fields(cls)}
)
likely_keys = st.sampled_from([*field_names, "flag", "day", "month_day", "quantity", "word", "type"])
likely_values = st.recursive(
    scalars | st.sampled_from(["2025-03-04", "ethics", "p-1", "1.5", "sets", "granted", 10**400, 2**53, 1.5]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(likely_keys, inner, max_size=4),
    max_leaves=10,
)
likely_records = st.builds(
    lambda start, kind, rest: {**start, **kind, **rest},
    st.sampled_from([json.loads(line) for _, line in LINES] + [{}]),
    st.sampled_from([*({"type": name} for name in RECORD_TYPES), {}]),
    st.dictionaries(likely_keys, likely_values, max_size=4),
)


def check_outcome(read, *given_data):
    """A record that reads back, or problems that all say something; nothing else ever comes out."""
    try:
        found = read(*given_data)
    except InvalidData as error:
        found = error
    if isinstance(found, InvalidData):
        assert found.problems
        assert all(problem.message for problem in found.problems)
        assert len(str(found)) < 10_000
    else:
        assert isinstance(found, Record)
        assert found == record_from_json(record_to_json(found))


@effort(300)
@given(json_values | likely_records)
@example({"type": "course", "id": "c", "title": "t", 1: 2})
@example({"type": "same-person", "id": "s", "people": [[], {}]})
@example({"type": "document", "id": "a", "person": "p", "kind": "fee", "on": "2025-03-04", "value": {"flag": []}})
def test_any_json_value_is_a_record_or_a_list_of_problems(value):
    """No JSON value, however close to a record, makes the reader fail in any other way."""
    check_outcome(record_from_dict, value)


@effort(300)
@given(st.data())
def test_any_bytes_are_a_record_or_a_list_of_problems(data):
    """No bytes, random or a damaged record, make the reader fail in any other way."""
    if data.draw(st.booleans()):
        check_outcome(record_from_json, data.draw(st.binary(max_size=60)))
        return
    line = bytearray(data.draw(st.sampled_from(LINES))[1].encode())
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, min(len(line), start + 20)))
    line[start:end] = data.draw(
        st.binary(max_size=4) | st.sampled_from([b'"', b"{", b"]", b",", b"null", b"1e5", b"NaN", b"\\ud800"])
    )
    check_outcome(record_from_json, bytes(line))


@effort(150)
@given(
    st.text(st.characters(exclude_categories=()), max_size=40) | st.sampled_from(['"\ud800"', "{" * 2000, "[1" * 2000])
)
def test_any_text_is_a_record_or_a_list_of_problems(text):
    """No text makes the reader fail in any other way, not even one that UTF-8 cannot hold."""
    check_outcome(record_from_json, text)


def test_a_line_too_long_to_read_does_not_hide_what_is_wrong_before_it(tmp_path, monkeypatch):
    monkeypatch.setattr("peer_ledger.values._json.LONGEST_LINE", 100)
    path = tmp_path / "records"
    path.write_text('{"type": "no-such"}\n' + " " * 101 + "\n", encoding="utf-8")
    with pytest.raises(InvalidData) as caught:
        read_records(path)
    assert [problem.path for problem in caught.value.problems] == ["line 1.type", "line 2"]


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"type": "training-event", "id": "e-1"}, "this training-event 'e-1' cannot be read:"),
        ({"type": "training-event", "id": "Jane Roe"}, "this training-event cannot be read:"),
        ({"type": "training-evnt", "id": "e-1"}, "this record 'e-1' cannot be read:"),
        ({"type": ["x"], "id": 7}, "this record cannot be read:"),
        ("e-1", "this record cannot be read:"),
    ],
)
def test_an_error_names_the_record_by_its_type_and_id(data, named):
    """As far as it has any, and an id that could be a name is not shown."""
    with pytest.raises(InvalidData) as caught:
        record_from_dict(data)
    assert str(caught.value).startswith(named)
    assert "Roe" not in str(caught.value)
