"""Remarks: reasons and caveats as values, with a sentence for each kind."""

import ast
import json
import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from boards import AWARD, COVERED, asked, board, hours, trained
from peer_ledger import Ledger, evaluate
from peer_ledger.errors import InvalidValue
from peer_ledger.example import ON, import_example
from peer_ledger.reports import REMARK_KINDS, Remark
from peer_ledger.reports._remarks import in_words, remark
from peer_ledger.reports._sentences import NOT_RECORDED, SENTENCES

ROOT = Path(__file__).parents[1]

VALUES = {
    "added": Fraction(1, 2),
    "amount": Fraction(3, 2),
    "amounts": (Fraction(13, 4),),
    "asks": "Does ethics count twice?",
    "ask": "https://board.example",
    "available": Fraction(17),
    "bodies": ("some-board", "other-board"),
    "body": "some-board",
    "cap_amounts": (Fraction(8),),
    "cap_weights": (1,),
    "caps": ("online",),
    "counted": 1,
    "credential": "us-nc-cpss",
    "day": date(2026, 3, 31),
    "differing": (),
    "due": date(2028, 3, 31),
    "figure": "the hours of the letter",
    "figures": ("the hours of the letter", "the cap"),
    "first_day": date(2026, 1, 1),
    "gaps": ("the hours of a renewal", "how long a certificate lasts"),
    "is_cap": False,
    "is_disputed": False,
    "is_open": False,
    "is_sure": True,
    "known": "icb, naadac",
    "last_day": date(2026, 4, 30),
    "levels": ("provisional",),
    "designations": ("older-adults",),
    "makes_up_for": 2,
    "name": "training of us-id-cfsp",
    "near": "ethics",
    "needed": Fraction(20),
    "number": 3,
    "of_reading": (0,),
    "option": "By hours.",
    "options": ("By hours.", "By documents."),
    "others": ("us-va-rprs",),
    "questions": ("same-course", "records-disagree"),
    "reading": "It does not.",
    "readings": ("It does.",),
    "record": "e-1",
    "recorded_unit": "ceu",
    "records": ("e-1", "e-2"),
    "requirement": "training",
    "requirements": ("ethics",),
    "ruleset": "us-nc-cpss",
    "ruling_unit": "point",
    "short": Fraction(3),
    "step": "renewal",
    "text": "In words of its own.",
    "topic": "ethcs",
    "trainings": 2,
    "unit": "hour",
    "units": ("hour", "ceu"),
    "weights": (1,),
}
"""A value of each name, for the sentences in the reference."""


def reference():
    page = (ROOT / "docs" / "reference" / "remarks.md").read_text("utf-8")
    return re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", page, re.MULTILINE)


def test_the_reference_has_a_sentence_for_each_kind():
    assert reference() == [(kind, remark(kind, **VALUES).sentence()) for kind in REMARK_KINDS]
    assert tuple(SENTENCES) == REMARK_KINDS


def test_every_kind_is_said_somewhere_and_no_other():
    """The kinds that the package makes remarks of are those that have sentences."""
    written = set()
    for path in (ROOT / "src" / "peer_ledger").rglob("*.py"):
        if path.name not in ("_sentences.py", "_remark_kinds.py"):
            tree = ast.parse(path.read_text("utf-8"))
            written |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert set(REMARK_KINDS) - written == set()
    assert set(REMARK_KINDS) >= NOT_RECORDED


def every_remark(report):
    yield from report.caveats
    yield from (day.why for _, day in report.dates.items())
    for finding in report.findings:
        yield from finding.because
        yield from (line.why_not for line in finding.lines if line.why_not is not None)


def test_remarks_of_real_reports_are_sentences_and_plain_values():
    ledger, _ = import_example()
    seen = set()
    for person in ledger.people():
        report = evaluate(ledger, person, on=ON)
        for said in every_remark(report):
            seen.add(said.kind)
            assert re.fullmatch(r"[^{}]*[^{} ]", str(said)), said.kind
            assert set(said) == {name for name, _ in said.values} <= VALUES.keys() | {"question"}
        plain = json.dumps(report.to_dict()["caveats"])
        assert [one["says"] for one in json.loads(plain)] == [str(caveat) for caveat in report.caveats]
    assert len(seen) > 15


def test_values_are_looked_up_by_name():
    late = remark("after-last-day", day=date(2026, 3, 31))
    assert (late.kind, late["day"], "day" in late, "days" in late) == (
        "after-last-day",
        date(2026, 3, 31),
        True,
        False,
    )
    with pytest.raises(InvalidValue, match=r"after-last-day has no value 'dya'.*day"):
        late["dya"]
    assert late == Remark("after-last-day", (("day", date(2026, 3, 31)),))
    assert hash(late) == hash(remark("after-last-day", day=date(2026, 3, 31)))
    assert late != remark("after-last-day", day=date(2026, 4, 1))
    assert repr(late) == "<Remark after-last-day: after March 31, 2026, the last day on which training counts>"


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ((), remark("not-needed")),
        (("r-1",), remark("ruling-unknown-requirement", record="r-1")),
        (("a", "b"), remark("looks-recorded-twice", records=("a", "b"), counted=2, is_open=False)),
    ],
)
def test_the_records_that_it_is_about(expected, said):
    assert said.records == expected


def test_names_stand_for_records_and_for_nothing_else():
    """A training with the id `on` or `are` changes no word of a sentence."""
    twins = remark("looks-recorded-twice", records=("on", "are"), counted=1, is_open=False)
    assert twins.sentence({"on": "Ethics", "are": "WRAP"}) == (
        "Ethics and WRAP look like the same training recorded twice; one of them counts."
    )
    ledger = Ledger()
    ledger.append([AWARD, *COVERED, trained("on", 2, title="Ethics for peers"), trained("the", 2, title="WRAP")])
    report = evaluate(ledger, "p", on="2025-06-01", ruleset=board(hours(8)))
    assert report.text(ledger) == str(report)


def test_reasons_of_a_finding_are_one_sentence():
    assert in_words([]) == ""
    assert in_words([remark("not-needed"), remark("after-filing")]) == "not needed; after the filing"


def test_what_is_counted_and_filtered_by_kind():
    """Of three trainings one is too old, one after the day asked about."""
    records = [trained("x", 1, day="2020-01-01"), trained("y", 2), trained("z", 3, day="2026-09-01")]
    report = asked([AWARD, *records], "2026-03-20", board(hours(8)))
    found = {line.record: line.why_not and line.why_not.kind for line in report.finding("training").lines}
    assert found == {"x": "before-first-day", "y": None, "z": "after-day-asked"}
