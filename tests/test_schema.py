"""The shipped JSON Schema and the reader agree, held against jsonschema in both directions."""

import copy
import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from effort import effort, sized
from peer_ledger import testing
from peer_ledger.errors import InvalidData
from peer_ledger.ledger import Ledger
from peer_ledger.ledger.archive import write_archive
from peer_ledger.records import RECORD_TYPES, Erasure, Record
from peer_ledger.records.interchange import record_from_dict, record_to_dict
from peer_ledger.records.schema import interchange_schema, shipped_schema
from peer_ledger.reports.schema import report_schema, shipped_report_schema
from peer_ledger.values._json_schema import schema_text

SCHEMA = json.loads(shipped_schema())
DEFS = SCHEMA["$defs"]
REGISTRY = Registry().with_resource("urn:peer-ledger", DRAFT202012.create_resource(SCHEMA))
DEFINED = {record_type: cls.__name__ for record_type, cls in RECORD_TYPES.items()}

for_every_type = pytest.mark.parametrize("record_type", DEFINED)


def validator(pointer=""):
    reference = {"$ref": f"urn:peer-ledger#{pointer}"}
    return Draft202012Validator(reference, registry=REGISTRY, format_checker=Draft202012Validator.FORMAT_CHECKER)


VALIDATOR = validator()
ARCHIVE_LINE = validator("/$defs/ArchiveLine")
OF_TYPE = {record_type: validator(f"/$defs/{name}") for record_type, name in DEFINED.items()}

erasures = st.builds(Erasure, id=testing.identifiers(), entries=st.sets(st.integers(1, 2**53 - 1)).map(sorted))
records = testing.records() | erasures


def problems_of(data):
    """Return the problems of what cannot be read, or none of a record."""
    try:
        found = record_from_dict(data)
    except InvalidData as error:
        found = error
    if isinstance(found, InvalidData):
        assert found.problems
        return [(problem.path, problem.message) for problem in found.problems]
    assert isinstance(found, Record)
    return []


@pytest.mark.parametrize(
    ("shipped", "generated"), [(shipped_schema, interchange_schema), (shipped_report_schema, report_schema)]
)
def test_the_shipped_schema_is_the_generated_one(shipped, generated):
    """The file in the package is what the classes generate, to the byte."""
    assert shipped() == schema_text(generated())
    assert json.loads(shipped()) == generated()


def test_the_schema_is_valid():
    """The schema is a valid schema of the 2020-12 dialect that it names, and every reference in it leads somewhere."""
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(SCHEMA)
    references = set(re.findall(r'"\$ref": "([^"]*)"', shipped_schema()))
    assert references - {"#"} <= {f"#/$defs/{name}" for name in DEFS}


def test_the_schema_knows_every_type_of_record():
    """There is one alternative for each type of record, each told by its `type`, and each says what it is."""
    assert [f"#/$defs/{name}" for name in DEFINED.values()] == [alternative["$ref"] for alternative in SCHEMA["oneOf"]]
    assert list(DEFINED) == [DEFS[name]["properties"]["type"]["const"] for name in DEFINED.values()]
    assert all(DEFS[name]["description"].endswith((".", "...")) for name in DEFINED.values())


# What we write is valid


@effort(150)
@given(records)
def test_every_record_validates(record):
    """Whatever record is written, the schema accepts it, under its own type and as a whole."""
    data = record_to_dict(record)
    assert [error.message for error in VALIDATOR.iter_errors(data)] == []
    assert OF_TYPE[record.record_type].is_valid(data)


@pytest.mark.parametrize(
    "text", ["\U0001f600" * 10_000, "\ue000", "\u0378", "\uffff", "\U0010ffff", "a\tb\nc", "\u202ea"], ids=ascii
)
def test_the_schema_takes_what_people_write(text):
    """Emoji, private use, unassigned code points, tabs and line feeds are texts for the schema as for the reader."""
    form = {"type": "course", "id": "c-1", "title": text, "codes": [text], "origin": {"source": text, "key": [text]}}
    assert VALIDATOR.is_valid(form)
    assert problems_of(form) == []


@effort(60)
@given(records)
def test_a_record_is_of_one_type_only(record):
    """No other type's definition accepts it."""
    data = record_to_dict(record)
    assert [record.record_type] == [record_type for record_type, other in OF_TYPE.items() if other.is_valid(data)]


@effort(15)
@given(
    st.lists(
        testing.records().filter(lambda record: record.record_type != "retraction"),
        max_size=6,
        unique_by=lambda record: record.id,
    )
)
def test_every_line_of_an_archive_validates(tmp_path_factory, some):
    """The header, entries, retractions, erased entries and the last line are lines as the schema describes."""
    path = tmp_path_factory.getbasetemp() / "some.archive"
    ledger = Ledger()
    ledger.append(some, at="2026-03-01T09:30Z")
    if some:
        ledger.retract(some[0].id, reason="listed twice", at="2026-03-02T09:30:00.5Z")
    for person in list(ledger.people())[:1]:
        ledger.erase(person)
    path.unlink(missing_ok=True)  # that of another ledger would not be replaced
    write_archive(ledger, path)
    lines = [json.loads(line) for line in path.read_text("utf-8").removesuffix("\n").split("\n")]
    assert len(ledger) + 2 == len(lines)
    for line in lines:
        assert [error.message for error in ARCHIVE_LINE.iter_errors(line)] == []
        assert not VALIDATOR.is_valid(line)
    assert any("commitment" in line for line in lines) == any(
        line.get("record", {}).get("type") == "erasure" for line in lines
    )


HEX = "0123456789abcdef" * 4
ENTRY = {"seq": 1, "recorded_at": "2026-03-01T09:30:00.000000Z", "digest": HEX}
HELD = {**ENTRY, "salt": HEX[:32], "record": {"type": "erasure", "id": "x-1", "entries": [1]}}
FOOTER = {"entries": 0, "digest": HEX}


@pytest.mark.parametrize(
    "line", [{"format": "peer-ledger archive", "version": 1}, HELD, {**ENTRY, "commitment": HEX}, FOOTER], ids=range(4)
)
def test_a_line_of_an_archive_is_one_of_four(line):
    """Each kind of line is accepted as it is, and refused with a key missing, added, or of another type."""
    assert ARCHIVE_LINE.is_valid(line)
    assert not ARCHIVE_LINE.is_valid({**line, "note": "x"})
    for key in line:
        assert not ARCHIVE_LINE.is_valid({name: value for name, value in line.items() if name != key})
        for other in (None, True, [], {}, 1.5, "x", -1):
            assert not ARCHIVE_LINE.is_valid({**line, key: other})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seq", 0),
        ("recorded_at", "2026-03-01T09:30:00Z"),
        ("recorded_at", "2026-03-01 09:30:00.000000Z"),
        ("recorded_at", "2026-03-01T09:30:00.000000+00:00"),
        ("digest", HEX.upper()),
        ("digest", HEX[1:]),
        ("digest", HEX + "0"),
        ("salt", HEX),
        ("record", {"type": "erasure", "id": "x-1", "entries": [0]}),
        ("record", {"type": "unknown", "id": "x-1"}),
    ],
)
def test_a_line_of_an_archive_has_exact_values(key, value):
    """Digests are lower-case and complete, moments have microseconds and a Z, and the record is a valid one."""
    assert not ARCHIVE_LINE.is_valid({**HELD, key: value})


# What the schema accepts is read, or refused for a reason

KEYWORDS = {
    "$ref", "const", "enum", "type", "anyOf", "oneOf", "properties", "required", "additionalProperties", "description",
    "items", "uniqueItems", "minItems", "maxItems", "minLength", "maxLength", "pattern", "format", "minimum", "maximum",
}  # fmt: skip
TYPICAL = ["2025-03-04", "Ethics for peers", "p-17", "ethics", "a", " ", "a\r", "Zoë \U0001f600", "\ud800"]


def texts(schema):
    if schema.get("format") == "date":
        everyday = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(date.isoformat)
        return st.one_of(everyday, everyday, st.just("2025-03-04"), st.from_regex(schema["pattern"], fullmatch=True))
    if "pattern" in schema:
        longest = schema.get("maxLength", 1000)
        return st.from_regex(schema["pattern"], fullmatch=True).filter(lambda text: len(text) <= longest)
    length = {"min_size": schema.get("minLength", 0), "max_size": min(schema.get("maxLength", 30), 30)}
    printable = st.text(st.characters(min_codepoint=33, exclude_categories=["Cc", "Cs"]), **length)
    return printable | printable | st.sampled_from(TYPICAL) | st.text(**length)


def objects(schema):
    assert schema["additionalProperties"] is False
    properties = {name: instances(inner) for name, inner in schema["properties"].items()}
    ways = [way["required"] for way in schema.get("anyOf", [{"required": []}])]

    @st.composite
    def build(draw):
        required = {*schema["required"], *draw(st.sampled_from(ways))}
        names = [name for name in properties if name in required or draw(st.booleans())]
        return {name: draw(properties[name]) for name in names}

    return build()


def lists(schema):
    unique = (lambda item: json.dumps(item, sort_keys=True)) if schema.get("uniqueItems") else None
    lengths = {"min_size": schema.get("minItems", 0), "max_size": min(schema.get("maxItems", 4), 4)}
    return st.lists(instances(schema["items"]), unique_by=unique, **lengths)


def instances(schema):
    """Generate what a schema accepts, from the keywords that ours uses; another keyword is an error here."""
    assert schema.keys() <= KEYWORDS, schema.keys() - KEYWORDS
    if "$ref" in schema:
        return st.deferred(lambda: instances(DEFS[schema["$ref"].removeprefix("#/$defs/")]))
    if "const" in schema or "enum" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]])
    if "type" in schema:
        return BY_TYPE[schema["type"]](schema)
    ways = [instances(way) for way in schema.get("anyOf") or schema["oneOf"]]
    return st.one_of(ways[:1] * 2 + ways)  # the first is the known value where the second is null


BY_TYPE = {
    "object": objects,
    "array": lists,
    "string": texts,
    "integer": lambda schema: st.integers(schema["minimum"], schema["maximum"]) | st.integers(schema["minimum"], 9),
    "boolean": lambda _: st.booleans(),
    "null": lambda _: st.none(),
}


# Why something that the schema accepts may be refused: what JSON Schema cannot say.
REASONS = [
    r"there is no day '\d{4}-\d\d-\d\d' in the calendar",
    r"no year has a day \d\d-\d\d",
    r"must be more than 0, not 0",
    r"is missing: give one, or the origin it can be derived from",
    r"must be a list without repeated values",
    r"must be (a text|a set of .*texts|the texts) .*without control characters and without spaces at (its|their) ends.*",
    r"must be increasing whole numbers from 1.*",
    r"an approval cannot end before its first day",
    r"\d{4}-\d\d-\d\d is (before|after) (completed|awarded|on|sent|first_day), \d{4}-\d\d-\d\d",
    r"give (it|them) (if and )?only if .*",
    r"give the day it was sent, the day it was received, or both",
    r"give the day it takes effect(, or the expiration date printed on the certificate)?",
]


@for_every_type
def test_what_the_schema_accepts_is_read_or_refused_for_a_reason(record_type):
    """An instance of the schema becomes a record or a list of places with reasons that no schema can express."""
    read, refused = [], []

    @effort(sized(100, 250), derandomize=True, database=None)
    @given(instances(DEFS[DEFINED[record_type]]))
    def check(data):
        problems = problems_of(copy.deepcopy(data))
        (refused if problems else read).append(data)
        for path, message in problems:
            assert path
            assert any(re.fullmatch(reason, message) for reason in REASONS), message

    check()
    # The generator is honest when the schema's own validator accepts what it made ...
    assert [
        data for data in (read + refused)[::3] if not OF_TYPE[record_type].is_valid(without_impossible_days(data))
    ] == []
    # ... and the test is, when neither side is empty: the rules of what may stand beside what exclude most filings.
    assert read
    assert refused


def without_impossible_days(data):
    """Replace the days that match the pattern and no calendar, which the format check of the validator refuses."""
    text = json.dumps(data)
    for day in set(re.findall(r'"(\d{4}-\d\d-\d\d)"', text)):
        try:
            date.fromisoformat(day)
        except ValueError:
            text = text.replace(f'"{day}"', '"2025-03-04"')
    return json.loads(text)


# Structure


def places(data, path=""):
    """Yield every place of a JSON value: its path, what holds it and its key there."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, inner in items:
        place = f"{path}[{key}]" if isinstance(data, list) else f"{path}.{key}" if path else key
        yield place, data, key
        yield from places(inner, place)


# What each object must have, by hand; `id` stands for id or origin.
REQUIRED = {
    "training-event": "type id person completed",
    "course": "type id title",
    "designation": "type id person name",
    "certification": "type id person credential act",
    "verification": "type id person credential seen",
    "filing": "type id person credential step",
    "document": "type id person kind on",
    "review": "type id person event decision on",
    "ruling": "type id person credential on requirement effect",
    "coverage": "type id covers",
    "retraction": "type id retracts reason",
    "same-person": "type id people",
    "rule-set": "type id ruleset version digest text",
    "erasure": "type id entries",
    "origin": "source key",
    "credits": "amount",
    "approvals": "by",
    "figure": "amount unit",
    "quantity": "amount unit",
    "value": "flag day month_day quantity word",
}


def is_accepted(form):
    """Ask the definition of the form's own type, or the whole schema when it has none; no other accepts the type."""
    return (OF_TYPE[form["type"]] if str(form.get("type")) in OF_TYPE else VALIDATOR).is_valid(form)


def objects_of(form):
    """Return every object of a record's form: the kind of thing it is, its place and itself."""
    inner = [(place, holder[key]) for place, holder, key in places(form) if isinstance(holder[key], dict)]
    return [
        (form["type"], "", form),
        *((re.sub(r"\[\d+\]$", "", place).rpartition(".")[2], place, one) for place, one in inner),
    ]


def test_the_schema_requires_what_the_table_does():
    """What must be there was written down by hand, and the schema says the same."""
    for record_type, name in DEFINED.items():
        assert set(REQUIRED[record_type].split()) - {"id"} == set(DEFS[name]["required"])
        assert DEFS[name]["anyOf"] == [{"required": ["id"]}, {"required": ["origin"]}]
    for kind, name in [
        ("origin", "Origin"),
        ("credits", "Credit"),
        ("approvals", "Approval"),
        ("quantity", "Quantity"),
    ]:
        assert set(REQUIRED[kind].split()) == set(DEFS[name]["required"])
    assert REQUIRED["value"].split() == [way["required"][0] for way in DEFS["DocumentValue"]["oneOf"]]


@effort(150)
@given(st.data())
def test_an_unknown_key_is_refused_by_both(data):
    """An added key is refused by the schema and by the reader, in the record and in whatever it contains."""
    form = record_to_dict(data.draw(records))
    _, _, target = data.draw(st.sampled_from(objects_of(form)))
    target[data.draw(st.sampled_from(["note", "Type", "", "amount ", "$schema", "persons"]))] = data.draw(
        st.sampled_from([None, 1, "x"])
    )
    assert not is_accepted(form)
    assert problems_of(form)


@effort(200)
@given(st.data())
def test_a_missing_key_is_refused_by_both(data):
    """A key that is needed and taken out is missed by the schema and by the reader; any other is missed by neither."""
    form = record_to_dict(data.draw(records))
    kind, _, target = data.draw(st.sampled_from(objects_of(form)))
    key = data.draw(st.sampled_from(list(target)))
    del target[key]
    if key in REQUIRED[kind].split() and not (key == "id" and "origin" in form):
        assert not is_accepted(form)
        assert problems_of(form)
    elif key == "origin" and "id" not in form:
        assert not is_accepted(form)
    else:
        assert is_accepted(form)
        assert [
            message for _, message in problems_of(form) if not any(re.fullmatch(reason, message) for reason in REASONS)
        ] == []


@effort(300)
@given(st.data())
def test_a_value_of_another_type_is_refused_by_both(data):
    """Any one value replaced by one of another JSON type is refused by the schema and by the reader."""
    form = record_to_dict(data.draw(records))
    needed = {
        f"{place}.{key}".removeprefix(".") for kind, place, _ in objects_of(form) for key in REQUIRED[kind].split()
    }
    place, holder, key = data.draw(st.sampled_from(list(places(form))))
    others = [True, 3, 3.7, "Jane Doe", [], ["Jane Doe"], {}, {"Jane": 1}]
    if place in needed or isinstance(holder, list):  # elsewhere null is the unknown
        others.append(None)
    holder[key] = data.draw(st.sampled_from([other for other in others if type(other) is not type(holder[key])]))
    assert not is_accepted(form)
    assert problems_of(form)


def at_its_limits(number_of_credits):
    """Return a form in which everything is as long, as large or as late as it may be, but for how many credits it has."""
    return {
        "type": "training-event",
        "origin": {"source": "lms", "key": [""] * 100, "occurrence": 2**53 - 1},
        "id": "x" * 200,
        "person": "!~",
        "completed": "2199-12-31",
        "title": "x" * 10_000,
        "role": "x" * 64,
        "credits": [{"amount": "9999999.999999", "topics": [f"t-{number}" for number in range(100)]}]
        * number_of_credits,
        "approvals": [{"by": f"b-{number}"} for number in range(100)],
    }


@pytest.mark.parametrize("number_of_credits", [1, 100])
def test_a_form_at_its_limits_is_accepted_by_both(number_of_credits):
    assert VALIDATOR.is_valid(at_its_limits(number_of_credits))
    assert problems_of(at_its_limits(number_of_credits)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", ""),
        ("id", "p 1"),
        ("id", "Zoë"),
        ("id", "x" * 201),
        ("completed", "2025-3-4"),
        ("completed", "2025-02-30"),
        ("completed", "1899-12-31"),
        ("completed", "2200-01-01"),
        ("role", "Taught"),
        ("role", "x" * 65),
        ("title", ""),
        ("title", "x" * 10_001),
        ("credits.0.amount", "1,5"),
        ("credits.0.amount", "1e3"),
        ("credits.0.amount", "-1"),
        ("credits.0.amount", "01"),
        ("credits.0.amount", "10000000"),
        ("credits.0.amount", "0.0000001"),
        ("credits.0.topics", ["ethics", "ethics"]),
        ("credits.0.topics", ["Ethics"]),
        ("origin.key", []),
        ("origin.key", ["a"] * 101),
        ("origin.occurrence", 0),
        ("origin.occurrence", 2**53),
        ("type", "training event"),
        ("credits.0.topics", [f"t-{number}" for number in range(101)]),
        ("credits", [{"amount": "1"}] * 101),
        ("approvals", [{"by": f"b-{number}"} for number in range(101)]),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 50 else type(value).__name__,
)
def test_a_value_beyond_its_limits_is_refused_by_both(path, value):
    """Forms, lengths and ranges are the same in the schema and in the reader, to the last character and figure."""
    target = form = at_its_limits(sized(100, 1))
    *way, last = path.split(".")
    for step in way:
        target = target[int(step) if step.isdigit() else step]
    target[last] = value
    assert not VALIDATOR.is_valid(form)
    assert problems_of(form)
