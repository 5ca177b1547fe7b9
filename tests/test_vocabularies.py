"""Declared words are found by their headings, extended by users, and missed when nobody declared them."""

import copy
import os
import pickle
import re
import subprocess
import sys
import tomllib
from datetime import date
from importlib.resources import files

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import effort
from peer_ledger import testing
from peer_ledger.errors import InvalidValue
from peer_ledger.records import (
    Approval,
    Certification,
    Course,
    Coverage,
    Credit,
    Designation,
    Document,
    Filing,
    MonthDay,
    Quantity,
    Retraction,
    Review,
    Ruling,
    TrainingEvent,
    Verification,
)
from peer_ledger.records._words import check_words
from peer_ledger.values.vocabularies import Term, Vocabularies, Vocabulary, standard_vocabularies

# A busy machine is no fault of a test.

STANDARD = standard_vocabularies()
FILE = tomllib.loads(files("peer_ledger.values").joinpath("vocabularies.toml").read_text("utf-8"))
HEADINGS = [
    (name, term["id"], heading)
    for name, terms in FILE.items()
    for term in terms
    for heading in (term["id"], term["name"], *term.get("aliases", ()))
]

# The competencies of the design, section 2, and the words of the other fields that it names.
DESIGNED = {
    "topics": {
        "ethics": "ethics",
        "boundaries": "boundaries",
        "confidentiality": "confidentiality",
        "cultural humility": "cultural-humility",
        "trauma-informed practice": "trauma-informed-practice",
        "advocacy": "advocacy",
        "communication": "communication",
        "documentation": "documentation",
        "crisis": "crisis",
        "suicide prevention": "suicide-prevention",
        "harm reduction": "harm-reduction",
        "LGBTQ+": "lgbtq",
        "justice involved": "justice-involved",
        "forensic": "forensic",
        "youth": "youth",
        "family": "family",
        "military": "military",
        "older adults": "older-adults",
        "supervision": "supervision",
        "recovery": "recovery",
        "wellness": "wellness",
    },
    "deliveries": {"in person": "in-person", "live online": "live-online", "self-paced": "self-paced"},
    "roles": {"attended": "attended", "taught": "taught"},
    "units": {
        "clock hour": "hour",
        "CEU": "ceu",
        "semester credit": "semester-credit",
        "50-minute hour": "fifty-minute-hour",
    },
    "designations": {"military": "military", "older adults": "older-adults", "trauma": "trauma"},
    "documents": {
        "reference letter": "reference-letter",
        "code of ethics signed": "code-of-ethics",
        "education": "education",
        "age": "age",
        "exam": "exam",
        "fee": "fee",
        "background check": "background-check",
        "work hours": "work-hours",
        "supervision hours": "supervision-hours",
        "recovery": "recovery",
        "Birthday, a month and a day": "birthday",
    },
    "board-statuses": {"current": "active", "lapsed": "expired", "suspended": "suspended", "revoked": "revoked"},
    "filing-methods": {"online": "online", "mail": "mail"},
}


@pytest.mark.parametrize(
    ("name", "heading", "word"),
    [(name, heading, word) for name, found in DESIGNED.items() for heading, word in found.items()],
)
def test_the_vocabularies_cover_the_field(name, heading, word):
    """Every competency, delivery, role, unit and document that the design names is a declared word."""
    assert word == STANDARD[name].find(heading)
    assert word in STANDARD[name]


def test_the_vocabularies_are_those_of_the_file():
    """Every word of the file is in its vocabulary, in order and complete; one vocabulary is left to users."""
    assert {"providers"} == set(Vocabularies.NAMES) - set(FILE)
    assert set(FILE) <= set(Vocabularies.NAMES)
    for name in Vocabularies.NAMES:
        expected = [(t["id"], t["name"], tuple(t.get("aliases", ())), t.get("value")) for t in FILE.get(name, [])]
        assert expected == [(term.id, term.name, term.aliases, term.value) for term in STANDARD[name]]
        assert len(expected) == len(STANDARD[name])
        assert name == STANDARD[name].name
    assert standard_vocabularies() is standard_vocabularies()


def test_the_file_is_clean():
    """Ids have their form, names begin with a capital, aliases are lower-case, and only documents have values."""
    for name, terms in FILE.items():
        for term in terms:
            assert term.keys() <= {"id", "name", "aliases", "value", "goes_on"}
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", term["id"])
            assert term["name"][0].isupper()
            assert [alias.lower() for alias in term.get("aliases", [])] == term.get("aliases", [])
            assert name == "documents" or term.keys().isdisjoint({"value", "goes_on"})
    assert len(HEADINGS) > 200


@pytest.mark.parametrize("name", FILE)
def test_every_heading_finds_its_word(name):
    """Each id, name and alias finds its own word, whatever its case, punctuation and spacing."""
    for _, word, heading in [row for row in HEADINGS if row[0] == name]:
        spellings = [
            heading,
            heading.upper(),
            heading.title(),
            f"  {heading}\t",
            heading.replace(" ", "  ").replace("-", "_"),
        ]
        assert [word] * len(spellings) == [STANDARD[name].find(spelling) for spelling in spellings]


@effort(200)
@given(st.sampled_from(HEADINGS), st.data())
def test_a_heading_is_found_however_it_is_typed(row, data):
    """Any mixture of case, and any signs and blanks between and around the words, leaves a heading what it is."""
    name, word, heading = row
    gaps = st.text(" -_.,/:;()'\t\u00a0\u2013", min_size=1, max_size=3)
    typed = re.sub(r"[ -]+", lambda _: data.draw(gaps), heading)
    typed = "".join(data.draw(st.sampled_from([letter, letter.upper()])) for letter in typed)
    assert word == STANDARD[name].find(data.draw(st.just("") | gaps) + typed + data.draw(st.just("") | gaps))


@pytest.mark.parametrize(
    ("expected", "name", "heading"),
    [
        ("lgbtq", "topics", "LGBTQIA+"),
        ("lgbtq", "topics", "lgbtqia plus"),
        ("cultural-humility", "topics", "Diversity, Equity & Inclusion"),
        ("trauma-informed-practice", "topics", "Trauma-Informed Care"),
        ("confidentiality", "topics", "42 CFR Part 2"),
        ("fifty-minute-hour", "units", "50-minute hours"),
        ("hour", "units", "Contact Hours"),
        ("self-paced", "deliveries", "E-Learning"),
        ("military-service", "documents", "DD-214"),
        (None, "topics", "Basket weaving"),
        (None, "topics", "ethic"),
        (None, "topics", ""),
        (None, "topics", "  ?!"),
        (None, "units", "ethics"),
        (None, "providers", "anybody"),
    ],
)
def test_known_headings(expected, name, heading):
    """Headings of exports find their word, and what is no heading of this vocabulary finds nothing."""
    assert expected == STANDARD[name].find(heading)


@pytest.mark.parametrize(
    ("expected", "heading"),
    [
        ("ethics", "etics"),
        ("ethics", "ETHICCS"),
        ("harm-reduction", "Harm reducton"),
        ("documentation", "documentaion"),
        ("trauma-informed-practice", "trauma informed car"),
        ("ethics", "ethics"),
        (None, "Basket weaving"),
        (None, ""),
        (None, "x" * 10**6),
    ],
    ids=range(9),
)
def test_the_nearest_word_is_suggested(expected, heading):
    """A mistyped heading suggests the word it resembles, to be confirmed; anything else suggests none, however long."""
    assert expected == STANDARD["topics"].nearest(heading)


def test_a_vocabulary_holds_its_words():
    """A word is in it by its id only, and is given with its name and aliases."""
    topics = STANDARD["topics"]
    assert "ethics" in topics
    assert "Ethics" not in topics
    assert None not in topics
    assert topics.term("ethics").name == "Ethics"
    assert topics.term("Ethics") is None
    assert [term.id for term in topics] == [term.id for term in topics.terms]


# Making and extending

ETHICS = Term(id="ethics", name="Ethics", aliases=["professional ethics"])


@pytest.mark.parametrize(
    "other",
    [
        Term(id="ethics", name="Another"),
        Term(id="ethics", name="Ethics"),
        Term(id="other", name="ethics"),
        Term(id="other", name="Other", aliases=["ETHICS"]),
        Term(id="other", name="Professional-Ethics"),
        Term(id="professional-ethics", name="Other"),
        Term(id="other", name="Other", aliases=["x", "professional  ethics"]),
    ],
    ids=range(7),
)
def test_a_heading_stands_for_one_word(other):
    """Two words with one id, or one heading for two words, are refused, in whatever order and spelling they come."""
    for terms in ((ETHICS, other), (other, ETHICS)):
        with pytest.raises(InvalidValue, match=r"^topics: (two words have the same id|'.*' means both '.*' and '.*')$"):
            Vocabulary("topics", terms)
    with pytest.raises(InvalidValue):
        STANDARD.extended("topics", other)


def test_a_word_may_repeat_its_own_headings():
    """An alias that says the same as the id or the name is no contradiction."""
    vocabulary = Vocabulary("topics", (Term(id="ethics", name="Ethics", aliases=["ethics", "ETHICS", "e"]),))
    assert "ethics" == vocabulary.find("e") == vocabulary.find("Ethics")


@pytest.mark.parametrize(
    "word", ["", "Ethics", "harm reduction", "harm_reduction", "-a", "a-", "a--b", "é", "a\n", "x" * 65, None, 7]
)
def test_the_id_of_a_word_has_its_form(word):
    """An id that no record could hold cannot be declared, and a name in its place is not repeated."""
    with pytest.raises(InvalidValue, match=r"^a word's id is lower-case letters, digits and single hyphens, not "):
        Term(id=word, name="x")
    assert Term(id="x" * 64, name="x").id == "x" * 64


def test_the_value_of_a_word_is_of_a_known_kind():
    """A kind of document has a value of one of five kinds, or none."""
    for value in (None, "flag", "day", "month_day", "quantity", "word"):
        assert value == Term(id="x", name="x", value=value).value
    for value in ("date", "text", "", "Flag", 7, bool):
        with pytest.raises(InvalidValue, match="flag, day, month_day, quantity, word"):
            Term(id="x", name="x", value=value)


def test_extending_gives_new_vocabularies():
    """Words are added to one vocabulary of a new set; the old set and the other vocabularies stay as they are."""
    before = len(STANDARD["topics"])
    mine = STANDARD.extended(
        "topics", Term(id="basket-weaving", name="Basket weaving", aliases=["baskets"]), Term(id="zzz", name="Z")
    )
    assert mine["topics"].find("BASKETS") == "basket-weaving"
    assert (before + 2, before) == (len(mine["topics"]), len(STANDARD["topics"]))
    assert STANDARD["topics"].find("baskets") is None
    assert list(STANDARD["topics"]) == list(mine["topics"])[:before]
    assert all(STANDARD[name] is mine[name] for name in Vocabularies.NAMES if name != "topics")
    assert mine.extended("providers", Term(id="mine", name="Mine"))["providers"].find("Mine") == "mine"
    assert STANDARD.extended("topics") == STANDARD


@pytest.mark.parametrize("name", ["topic", "", "Topics", "Jane Doe"])
def test_an_unknown_vocabulary_is_refused(name):
    """The message lists the vocabularies that there are."""
    for ask in (lambda: STANDARD[name], lambda: STANDARD.extended(name, ETHICS)):
        with pytest.raises(
            InvalidValue, match="; use one of topics, deliveries, roles, units, designations, "
        ) as caught:
            ask()
        assert "Jane" not in str(caught.value)


def test_vocabularies_are_values():
    """Terms, vocabularies and their sets are frozen, equal by value, copied and pickled."""
    vocabulary = Vocabulary("topics", (ETHICS,))
    for value in (ETHICS, vocabulary, STANDARD):
        for other in (copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
            assert value == other
            assert hash(value) == hash(other)
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            value.name = "other"
    assert pickle.loads(pickle.dumps(vocabulary)).find("Professional Ethics") == "ethics"
    assert vocabulary != Vocabulary("roles", (ETHICS,))


# Checking records

EVENT = {"id": "e-1", "person": "p-1", "completed": "2025-03-04"}
COMMON = {"id": "x-1", "person": "p-1", "credential": "us-nc-cpss"}
DECLARE = "; declare it with Vocabularies.extended"
UNDECLARED = [
    (
        TrainingEvent(**EVENT, delivery="webinar"),
        ["e-1.delivery: 'webinar' is not one of the deliveries; did you mean 'live-online'?"],
    ),
    (TrainingEvent(**EVENT, role="zzz"), [f"e-1.role: 'zzz' is not one of the roles{DECLARE}"]),
    (
        TrainingEvent(
            **EVENT, credits=[Credit(amount=1), Credit(amount=1, unit="hours", topics={"zzz", "etics", "ethics"})]
        ),
        [
            "e-1.credits[1].unit: 'hours' is not one of the units; did you mean 'hour'?",
            "e-1.credits[1].topics: 'etics' is not one of the topics; did you mean 'ethics'?",
            f"e-1.credits[1].topics: 'zzz' is not one of the topics{DECLARE}",
        ],
    ),
    (Course(id="c", title="t", delivery="zzz"), [f"c.delivery: 'zzz' is not one of the deliveries{DECLARE}"]),
    (
        Course(id="c", title="t", credits=[Credit(amount=1, unit="zzz")]),
        [f"c.credits[0].unit: 'zzz' is not one of the units{DECLARE}"],
    ),
    (
        Designation(id="d", person="p", name="veteran", awarded="2025-03-04"),
        ["d.name: 'veteran' is not one of the designations; did you mean 'military'?"],
    ),
    (
        Verification(**COMMON, seen="2025-03-04", status="lapsed"),
        ["x-1.status: 'lapsed' is not one of the board-statuses; did you mean 'expired'?"],
    ),
    (
        Filing(**COMMON, step="designation", designation="zzz", method="usps", sent="2025-03-04"),
        [
            f"x-1.designation: 'zzz' is not one of the designations{DECLARE}",
            "x-1.method: 'usps' is not one of the filing-methods; did you mean 'mail'?",
        ],
    ),
    (
        Document(id="a", person="p", kind="fees", on="2025-03-04"),
        ["a.kind: 'fees' is not one of the documents; did you mean 'fee'?"],
    ),
    (
        Document(id="a", person="p", kind="fee", on="2025-03-04", value=Quantity(amount=20, unit="usd")),
        ["a.value.unit: 'usd' is not one of the units; did you mean 'us-dollar'?"],
    ),
    (
        Review(
            id="r",
            person="p",
            event="e",
            decision="granted",
            on="2025-03-04",
            credits=[Credit(amount=1, topics={"zzz"})],
        ),
        [f"r.credits[0].topics: 'zzz' is not one of the topics{DECLARE}"],
    ),
    (
        Ruling(**COMMON, on="2025-03-04", requirement="x", effect="sets", figure=Quantity(amount=1, unit="zzz")),
        [f"x-1.figure.unit: 'zzz' is not one of the units{DECLARE}"],
    ),
    (
        Coverage(id="c", covers="document", document_kind="zzz"),
        [f"c.document_kind: 'zzz' is not one of the documents{DECLARE}"],
    ),
    (Certification(**COMMON, act="awarded", on="2025-03-04"), []),
    (Retraction(id="r", retracts="e", reason="zzz"), []),
    (TrainingEvent(**EVENT, provider="anybody", approvals=[Approval(by="naadac")]), []),
    (
        TrainingEvent(**EVENT, approvals=[Approval(by="illinois-certification-board")]),
        ["e-1.approvals.by: 'illinois-certification-board' is not one of the approvers; did you mean 'icb'?"],
    ),
    (TrainingEvent(**EVENT, credits=[], approvals=[]), []),
]


@pytest.mark.parametrize(("record", "expected"), UNDECLARED, ids=range(len(UNDECLARED)))
def test_a_word_that_nobody_declared_is_reported(record, expected):
    """Each such word is reported in its place with the nearest declared one, and never dropped."""
    assert expected == [str(problem) for problem in check_words([record])]


def test_the_words_of_many_records_are_checked_in_their_order():
    """All problems of all records come, in the order of the records."""
    expected = [line for _, lines in UNDECLARED for line in lines]
    assert expected == [str(problem) for problem in check_words(record for record, _ in UNDECLARED)]
    assert check_words([]) == ()


def test_declared_words_are_not_reported():
    """A user's own word is no problem where it was declared, and still one elsewhere."""
    event = TrainingEvent(**EVENT, credits=[Credit(amount=1, topics={"basket-weaving"})])
    mine = STANDARD.extended("topics", Term(id="basket-weaving", name="Basket weaving"))
    assert check_words([event], mine) == ()
    assert (
        1
        == len(check_words([event]))
        == len(check_words([event], STANDARD.extended("roles", Term(id="basket-weaving", name="B"))))
    )


def test_providers_are_checked_once_some_are_declared():
    """As long as nobody declared any, every provider passes; afterward only the declared ones do."""
    records = [
        TrainingEvent(**EVENT, provider="ahec"),
        Course(id="c-1", title="t", provider="ahec"),
    ]
    assert check_words(records) == ()
    assert check_words(records, STANDARD.extended("providers", Term(id="ahec", name="AHEC"))) == ()
    others = STANDARD.extended("providers", Term(id="mahec", name="MAHEC"))
    assert ["e-1.provider", "c-1.provider"] == [problem.path for problem in check_words(records, others)]
    assert check_words(records, others)[0].message == "'ahec' is not one of the providers; did you mean 'mahec'?"


def test_approvers_are_checked_wherever_they_stand():
    """A body that is not declared is reported for events, courses and designations, and not where a user declares it."""
    records = [
        TrainingEvent(**EVENT, approvals=[Approval(by="nobody")]),
        Course(id="c-1", title="t", approvals=[Approval(by="nobody")]),
        Designation(id="d-1", person="p-1", name="military", awarded="2025-03-04", by="nobody"),
    ]
    expected = ["e-1.approvals.by", "c-1.approvals.by", "d-1.by"]
    assert expected == [problem.path for problem in check_words(records)]
    assert check_words(records, STANDARD.extended("approvers", Term(id="nobody", name="Nobody"))) == ()


VALUES = {
    "flag": [True, False],
    "day": [date(2020, 2, 29)],
    "month_day": [MonthDay(2, 29)],
    "quantity": [Quantity(amount=18, unit="year")],
    "word": ["diploma"],
}


@pytest.mark.parametrize("declared", [*VALUES, None])
def test_an_attested_value_is_of_the_kind_that_its_attestation_has(declared):
    """A value of the declared kind passes, one of any other kind is reported, and no value is always possible."""
    mine = STANDARD.extended("documents", Term(id="mine", name="Mine", value=declared))
    base = {"id": "a-1", "person": "p-1", "kind": "mine", "on": "2025-03-04"}
    assert check_words([Document(**base)], mine) == ()
    for kind, values in VALUES.items():
        for value in values:
            found = [str(problem) for problem in check_words([Document(**base, value=value)], mine)]
            wanted = f"must have a {declared}" if declared else "has no value"
            assert found == ([] if kind == declared else [f"a-1.value: is a {kind}, but 'mine' {wanted}"])


def test_the_kinds_of_the_designs_attestations():
    """A birthday is a month and a day, recovery a day, an age or a fee a quantity, a signed code nothing more."""
    expected = {
        "reference-letter": "quantity",
        "code-of-ethics": None,
        "education": "word",
        "age": "quantity",
        "birthday": "month_day",
        "fee": "quantity",
        "background-check": "flag",
        "work-hours": "quantity",
        "recovery": "day",
    }
    assert expected == {word: STANDARD["documents"].term(word).value for word in expected}


@effort(100)
@given(testing.records())
def test_a_problem_says_whose_it_is_and_shows_words_only(record):
    """Every problem begins with the record's id, and quotes nothing but words in their plain form."""
    for problem in check_words([record]):
        assert problem.path.startswith(f"{record.id}.")
        quoted = re.findall(r"'([^']*)'", problem.message)
        assert quoted
        assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", word) for word in quoted)


CHECK = """
from peer_ledger import *
from peer_ledger.records import check_words
from peer_ledger.values.vocabularies import *
approvals = [Approval(by=by) for by in ("a", "b", "c", "d", "e", "f", "g")]
credits = [Credit(amount=1, topics={"zz", "yy", "xx", "ww", "vv"})]
event = TrainingEvent(id="e", person="p", completed="2025-01-01", approvals=approvals, credits=credits)
print(*check_words([event]), sep="\\n")
"""


def test_the_order_of_the_problems_does_not_depend_on_the_hash_seed():
    """The same records give the same report in every process."""
    reports = {
        subprocess.run(
            [sys.executable, "-c", CHECK],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in (0, 1, 2)
    }
    assert {12} == {len(report.splitlines()) for report in reports}
    assert len(reports) == 1


@pytest.mark.parametrize(("delivery", "word"), [("in-person", "ILT"), ("live-online", "VILT"), ("self-paced", "WBT")])
def test_what_learning_systems_call_ways_of_delivery(delivery, word):
    """The abbreviations of learning systems are known: led by somebody in a room, led by somebody online, and on one's own."""
    assert delivery == standard_vocabularies()["deliveries"].find(word)
