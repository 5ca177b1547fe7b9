"""Formats by name: each profile reads its sample file, and says what such a file lacks."""

import json
from pathlib import Path

import attrs
import pytest

from peer_ledger import Ledger
from peer_ledger.errors import InvalidData
from peer_ledger.importing import import_file, import_rows, plan_import, profile, profiles, read_profiles
from peer_ledger.importing._text_tables import text_row
from peer_ledger.importing._xapi import duration_of
from peer_ledger.records import Course, Credit

SAMPLES = Path(__file__).parent / "samples"
ETHICS = "Ethics for peers"
COURSE = Course(id="ethics", title=ETHICS, codes=["ETH-101", "7001"], credits=[Credit(amount=2)])
US = ["MM/DD/YYYY", "MM/DD/YYYY hh:mm:ss AM"]


def read(name, layout=None, ending="csv", **options):
    return import_file(SAMPLES / f"{name}.{ending}", profile=layout, **options)


def completions(imported):
    """Return who completed what on which day, for how many of which unit."""
    return [
        (
            record.person,
            str(record.completed),
            record.title,
            " ".join(f"{credit.amount:f} {credit.unit}" for credit in record.credits or ()) or None,
        )
        for record in imported.records
    ]


# What each sample says, read off by hand.
EXPECTED = {
    "relias-historical": ({}, [("p-1", "2025-03-14", ETHICS, None)]),
    "litmos-achievements": (
        {"dates": US, "fixed": {"hours": "1.5"}},
        [
            ("p-1@example.org", "2025-03-14", ETHICS, "1.5 hour"),
            ("p-2@example.org", "2025-03-15", "Crisis response", "1.5 hour"),
        ],
    ),
    "adobe-learning-manager": ({}, [("p-1", "2025-03-14", ETHICS, "90 minute")]),
    "moodle-completion": (
        {"dates": ["DD/MM/YY, hh:mm"], "fixed": {"title": ETHICS, "hours": "2"}},
        [("p-1", "2025-03-14", ETHICS, "2 hour")],
    ),
    "moodle-grades": (
        {"fixed": {"title": ETHICS, "hours": "2", "completed": "2025-03-14"}},
        [("p-1", "2025-03-14", ETHICS, "2 hour")],
    ),
    "totara-completion": ({}, [("p-1", "2025-03-14", ETHICS, None), ("p-2", "2025-03-15", ETHICS, None)]),
    "cornerstone-transcript": ({"dates": US}, [("p-1", "2025-03-14", ETHICS, "1.5 hour")]),
    "learnupon-history": ({"fixed": {"hours": "1.5"}}, [("p-1", "2025-03-05", ETHICS, "1.5 hour")]),
    "bridge-program": ({"fixed": {"hours": "1.5"}}, [("p-1", "2025-03-14", ETHICS, "1.5 hour")]),
    "absorb-enrollments": ({"fixed": {"unit": "hour"}}, [("p-1", "2025-03-14", ETHICS, "1.5 hour")]),
    "talentlms-progress": ({"fixed": {"hours": "1.5"}}, [("p-1", "2025-03-14", ETHICS, "1.5 hour")]),
    "zoom-participants": (
        {"dates": US, "fixed": {"title": ETHICS}},
        [
            ("p-1@example.org", "2025-03-14", ETHICS, "90 minute"),
            ("p-1@example.org", "2025-03-14", ETHICS, "20 minute"),
        ],
    ),
    "eventbrite-attendees": (
        {"fixed": {"completed": "2025-03-14", "hours": "2"}},
        [("p-1@example.org", "2025-03-14", ETHICS, "2 hour")],
    ),
    "ce-broker-roster": ({}, [("L100", "2025-03-04", None, "1.5 hour"), ("L200", "2025-03-04", None, None)]),
}
NAMED = [name for name in profiles() if not name.startswith("plain-") and name not in ("xapi", "open-badges")]


def test_each_profile_has_a_sample():
    """No format is named without a file that shows it."""
    assert sorted(EXPECTED) == NAMED
    assert sorted(path.stem for path in SAMPLES.glob("*.csv")) == NAMED


@pytest.mark.parametrize("name", NAMED)
def test_a_profile_reads_its_sample(name):
    """People, days, titles and hours are those of the file; reading it again changes nothing."""
    options, expected = EXPECTED[name]
    imported = read(name, name, catalog=[COURSE], **options)
    assert expected == completions(imported)
    ledger = Ledger()
    ledger.append([COURSE, *plan_import(ledger, imported).to_append()])
    assert len(expected) == plan_import(ledger, read(name, name, catalog=[COURSE], **options)).unchanged


@pytest.mark.parametrize("name", NAMED)
def test_a_profile_ignores_what_it_knows(name):
    """Every column of the sample is read or known to hold nothing, so that no notice asks about it."""
    options, _ = EXPECTED[name]
    imported = read(name, name, catalog=[COURSE], **options)
    assert [] == [notice for notice in imported.notices if notice.kind == "headings"]


@pytest.mark.parametrize("name", [name for name in NAMED if name != "relias-historical"])
def test_what_a_format_lacks_is_told_with_each_import(name):
    """The notes of a profile are the first notices."""
    options, _ = EXPECTED[name]
    imported = read(name, name, catalog=[COURSE], **options)
    assert profile(name).notes
    assert list(profile(name).notes) == [notice.says for notice in imported.notices[: len(profile(name).notes)]]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("adobe-learning-manager", ["'Module' is not empty", "'Type' is not 'Course'", "'Status' is not 'Completed'"]),
        ("zoom-participants", ["'In Waiting Room' is 'Yes'"]),
        ("eventbrite-attendees", ["'Attendee Status' is not 'Checked In'"]),
        ("moodle-completion", ["'Course complete' is empty"]),
    ],
)
def test_rows_left_out_are_counted(name, expected):
    """What is no completion gives no record, no rejection, and a notice."""
    options, _ = EXPECTED[name]
    says = [notice.says for notice in read(name, name, **options).notices]
    for reason in expected:
        assert [text for text in says if f"left out, because {reason}" in text], (reason, says)


def test_hours_come_from_the_catalog_where_the_file_has_a_code():
    """A roster without partial credit, and a file of Totara, name a course of the catalog."""
    for name in ("ce-broker-roster", "totara-completion", "relias-historical"):
        assert "ethics" == read(name, name, catalog=[COURSE]).records[-1].course


def test_a_guest_without_an_address_is_rejected():
    """Who cannot be identified gets no record."""
    imported = read("zoom-participants", "zoom-participants", dates=US, fixed={"title": ETHICS})
    assert [(8, "is empty")] == [(row.line, row.reason[:8]) for row in imported.rejected]


def test_a_file_without_the_column_that_decides_is_refused():
    """Without a status, every enrollment would look like a completion."""
    rows = [text_row(1, "User ID,Training Title,Transcript Completed Date"), text_row(2, "p-1,Ethics,2025-03-14")]
    with pytest.raises(InvalidData, match="chooses rows by 'Transcript Status', and no column has this heading"):
        import_rows(rows, profile="cornerstone-transcript")


def test_somebody_elses_profile_is_a_file(tmp_path):
    """Tests of rows, letters and notes are data."""
    path = tmp_path / "ours.toml"
    path.write_text("""
format = 1
[[profiles]]
id = "ours"
says = "Ours"
makes = "training-event"
has_headings = false
notes = ["check it"]
[[profiles.columns]]
field = "person"
headings = ["A"]
[[profiles.columns]]
field = "completed"
headings = ["C"]
""")
    imported = import_rows([text_row(1, "p-1,x,2025-03-14")], profile=path)
    assert [("p-1", "2025-03-14", None, None)] == completions(imported)
    assert "check it" == imported.notices[0].says


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('has_headings = "no"', "has_headings: must be true or false"),
        ("notes = [1]", "notes"),
        ('only = [{ cells = ["x"] }]', r"only\[0\].heading"),
    ],
)
def test_a_wrong_profile_is_refused(line, message):
    """With the path of what is wrong."""
    text = f'format = 1\n[[profiles]]\nid = "a"\nsays = "A"\nmakes = "course"\ncolumns = []\n{line}\n'
    with pytest.raises(InvalidData, match=message):
        read_profiles(text)


# ------------------------------------------------------------------------------------------------------------ JSON


def test_statements_of_completion_are_read():
    """One completion of a course that was also passed; not the voided one, not the launch; the failed one is rejected."""
    imported = read("xapi", ending="json")
    assert [("p-1", "2025-03-14", ETHICS, None)] == completions(imported)
    assert [(6, "failed")] == [(row.line, "failed" if "'failed'" in row.reason else "") for row in imported.rejected]
    says = " / ".join(notice.says for notice in imported.notices)
    assert "1 statement of other verbs" in says
    assert "1 voided statement: not read" in says
    assert "no credit" in says


def test_time_spent_is_not_credit():
    """The duration counts only if somebody maps it."""
    assert read("xapi", ending="json").records[0].credits is None
    mapped = read("xapi", ending="json", mapping={"hours": "duration"})
    assert [("p-1", "2025-03-14", ETHICS, "90 minute")] == completions(mapped)


def test_an_activity_may_be_a_code_of_the_catalog():
    """If somebody maps it."""
    course = attrs.evolve(COURSE, codes=["https://lms.example.org/courses/ethics"])
    [record] = read("xapi", ending="json", mapping={"course": "activity"}, catalog=[course]).records
    assert "ethics" == record.course


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("0h 0m", "PT59S"), ("0h 1m", "PT60S"), ("2h 0m", "PT120M"), ("26h 3m", "P1DT2H3M4.5S"), ("P", "P"), ("PT", "PT"),
        ("P1M", "P1M"), ("", ""), ("PT1H ", "PT1H "), ("-PT1H", "-PT1H"),
    ],
)  # fmt: skip
def test_a_duration_is_hours_and_minutes(expected, text):
    """Seconds begun do not count; months have no length."""
    assert expected == duration_of(text)


def test_an_actor_is_who_the_system_says(tmp_path):
    """An account, an e-mail address, a hash; a group is nobody."""
    verb = {"id": "http://adlnet.gov/expapi/verbs/completed"}
    actors = [{"mbox": "mailto:a@b.c"}, {"mbox_sha1sum": "abc"}, {"openid": "https://x.example"}]
    actors += [{"objectType": "Group", "member": [{"mbox": "mailto:a@b.c"}]}]
    statements = [
        {"id": str(n), "actor": actor, "verb": verb, "object": {"id": f"urn:{n}"}, "timestamp": "2025-03-14T12:00:00Z"}
        for n, actor in enumerate(actors)
    ]
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(map(json.dumps, statements)))
    imported = import_file(path)
    assert ["a@b.c", "abc", "https://x.example"] == [record.person for record in imported.records]
    assert [(4, "its actor is a group")] == [(row.line, row.reason[:20]) for row in imported.rejected]


def test_a_badge_is_read_when_the_unit_of_its_credits_is_declared():
    """The credits earned, not those available; the issuer is the provider; nothing is said to be verified."""
    assert ["credits earned"] == [row.column.split("'")[1] for row in read("open-badge", ending="json").rejected]
    imported = read("open-badge", ending="json", fixed={"unit": "hour"})
    assert [("p-1", "2025-03-14", ETHICS, "1.5 hour")] == completions(imported)
    assert "example-academy" == imported.records[0].provider
    assert imported.notices[0].says.startswith("nothing was verified: neither the signatures")


def test_the_achievements_of_a_learner_record_are_read():
    """Each credential inside gives a record, with the credits available where none are earned; tokens are told."""
    imported = read("clr", ending="json", fixed={"unit": "hour"})
    assert [("did:example:p-1", "2025-05-02", "Crisis response", "3 hour")] == completions(imported)
    says = " / ".join(notice.says for notice in imported.notices)
    assert "1 credential in the form of a signed token (JWT): not read" in says
    assert "1 credential without credits earned" in says


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1}', "holds neither xAPI statements nor credentials"),
        ('[{"a": 1]', "is not valid JSON"),
        ('{"a": ' + "[" * 100_000, "is not valid JSON"),
        ("[]", "holds neither"),
        ('{"statements": [1, null, "x"]}', "holds neither"),
        ('{"a": 1' + "0" * 5000 + "}", "is not valid JSON"),
    ],
)
def test_other_json_is_refused(tmp_path, text, message):
    """With the file's name and what to do."""
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(InvalidData, match=message):
        import_file(path)


@pytest.mark.parametrize(
    "value",
    [
        {"type": ["OpenBadgeCredential"]},
        {"type": "OpenBadgeCredential", "credentialSubject": [1, {}], "issuer": "x"},
        {"type": ["ClrCredential"], "credentialSubject": {"verifiableCredential": {"type": "ClrCredential"}}},
        {"actor": {}, "verb": {}, "object": {}},
        {"actor": {"mbox": 1}, "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"}, "object": {"definition": 1}},
    ],
)
def test_json_of_odd_shape_gives_no_record_and_no_crash(tmp_path, value):
    """Whatever is missing or of another type rejects the row."""
    path = tmp_path / "x.json"
    path.write_text(json.dumps(value))
    assert () == import_file(path).records


# -------------------------------------------------------------------------------------------------- recognized exports


@pytest.mark.parametrize("name", [name for name in NAMED if name != "ce-broker-roster"])
def test_an_export_that_is_read_without_its_profile_is_recognized(name):
    """In a notice where usual headings suffice, in the error where they do not."""
    expected = f"name its profile: profile='{name}', or --profile {name}"
    try:
        imported = read(name)
    except InvalidData as error:
        assert expected in error.problems[0].message
    else:
        assert [True] == [expected in notice.says for notice in imported.notices if "profile=" in notice.says]


@pytest.mark.parametrize(
    "headings",
    [
        "ID,Course,Completed,Hours",
        "Username,Course,Status,Completion date,Hours,Topics,Provider",
        "Name,Email,Date,Hours",
    ],
)
def test_a_list_of_ones_own_is_like_no_system(headings):
    """A few common headings are nobody's."""
    cells = {"ID": "a", "Username": "a", "Name": "a", "Hours": "1"}
    row = ",".join(
        cells.get(heading, "2025-03-04" if "ate" in heading or "omp" in heading else "x")
        for heading in headings.split(",")
    )
    try:
        imported = import_rows([text_row(1, headings), text_row(2, row)])
    except InvalidData as error:
        assert "profile=" not in str(error)
    else:
        assert "profile=" not in str(imported)
