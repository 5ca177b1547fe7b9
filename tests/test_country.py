"""Credentials of which little is known: what is answered of them, how that is told, and the tables of all."""

import re
from datetime import date

import attrs
import pytest

from peer_ledger import (
    Certification,
    Coverage,
    Credit,
    Document,
    Ledger,
    TrainingEvent,
    evaluate,
    evaluate_all,
    in_force,
    read_rulesets,
    ruleset,
    ruleset_ids,
    standing_history,
)
from peer_ledger.cli import main
from peer_ledger.errors import InvalidData
from peer_ledger.presenting._answer_tables import rules_table, status_table
from peer_ledger.presenting._map_drawing import _PLACES
from peer_ledger.presenting.credentials import credentials_map, credentials_table, stale_sources
from peer_ledger.presenting.pictures import timeline
from peer_ledger.presenting.rosters import Roster
from peer_ledger.presenting.rule_sentences import describe
from peer_ledger.presenting.transcripts import transcript
from peer_ledger.rules import Unstated, gaps_of
from peer_ledger.rules._notes import rule_notes, unused
from peer_ledger.rules.soundness import problems_of
from peer_ledger.rulesets import ruleset_from_dict, ruleset_to_dict
from peer_ledger.rulesets._files import digest_of

SHORT = """
format = 1

[[rulesets]]
id = "xx-peer"
name = "Exampleland Peer Specialist"
body = "Board of Exampleland"
jurisdiction = "xx"
time_zone = "America/New_York"
version = "2026.11.28"
seen_on = 2026-11-28
grade = "named"
ask = "https://board.example/peers"
sources = [{ id = "PAGE", title = "Peers", address = "https://board.example/peers", kind = "board", seen = 2026-11-28 }]
"""
(NAMED,) = read_rulesets(SHORT)
FIRST_LINE = "The rules of Exampleland Peer Specialist are not known here. Ask Board of Exampleland: https://board.example/peers."
KNOWN = ruleset("us-wv-prss")


def act(person, what="awarded", on="2025-03-01", expires=None, **more):
    number = f"{person}-{what}-{on}"
    return Certification(id=number, person=person, credential="xx-peer", act=what, on=on, expires=expires, **more)


def everybody():
    """Return a ledger of people with certificates of which only the credential's name is known."""
    ledger = Ledger()
    ledger.append(
        [
            act("printed", expires="2027-03-01"),
            act("bare"),
            act("back", expires="2027-03-01"),
            act("back", "revoked", on="2026-02-01"),
            act("renewed-bare", expires="2026-03-01"),
            act("renewed-bare", "renewed", on="2026-02-20"),
            act("only-printed", on=None, expires="2027-03-01"),
            TrainingEvent(
                id="e", person="printed", completed="2026-01-05", credits=[Credit(amount=6, topics={"ethics"})]
            ),
            Document(id="d", person="nobody", kind="fee", on="2026-01-05"),
            Coverage(id="all", person="nobody", covers="certification"),
        ]
    )
    return ledger


@pytest.mark.parametrize(
    ("person", "on", "standing", "force"),
    [
        ("printed", "2027-02-28", "current", "yes"),
        ("printed", "2027-03-01", "undetermined", "undetermined"),  # the last day, or the day after it: nobody knows
        ("printed", "2027-03-02", "undetermined", "undetermined"),  # there may be a time of grace, or a renewal
        ("bare", "2025-03-01", "undetermined", "undetermined"),
        ("bare", "2026-12-01", "undetermined", "undetermined"),
        ("back", "2026-12-01", "revoked", "no"),
        ("back", "2026-01-31", "current", "yes"),
        ("renewed-bare", "2026-02-19", "current", "yes"),
        ("renewed-bare", "2026-02-20", "undetermined", "undetermined"),  # the expiry before it no longer holds
        ("only-printed", "2026-12-01", "current", "yes"),
        ("nobody", "2026-12-01", "not certified", "no"),
    ],
)
def test_what_the_records_say_by_themselves(person, on, standing, force):
    """The first line says whom to ask; only an act, or a printed expiry that has not come, settles anything."""
    ledger = everybody()
    report = evaluate(ledger, person, on=on, ruleset=NAMED)
    assert str(report).startswith(FIRST_LINE)
    assert (report.standing, report.in_force, report.step) == (standing, force, None)
    assert {report.outcome, report.hours_outcome, report.documents_outcome} == {"undetermined"}
    assert report.status == ("undetermined" if standing == "current" else standing)
    assert report.dates.due is None
    assert report.findings == ()
    assert FIRST_LINE in report._repr_html_()
    assert (report.provenance.grade, report.provenance.ask) == ("named", "https://board.example/peers")


def test_everybody_is_answered_as_each_alone():
    """In bulk, day by day and in a table the answers are those for one person."""
    ledger, on = everybody(), date(2026, 12, 1)
    alone = {person: evaluate(ledger, person, on=on, ruleset=NAMED).to_dict() for person in ledger.people()}
    assert {report.person: report.to_dict() for report in evaluate_all(ledger, on=on, ruleset=NAMED)} == alone
    table = status_table(evaluate_all(ledger, on=on, ruleset=NAMED))
    assert {row["person"]: row["status"] for row in table.to_rows()} == {
        who: said["status"] for who, said in alone.items()
    }
    roster = Roster(evaluate_all(ledger, on=on, ruleset=NAMED))
    assert all(person in roster._repr_html_() for person in alone)
    assert list(in_force(ledger, [(who, on) for who in alone], ruleset=NAMED)) == [
        said["in_force"] for said in alone.values()
    ]


def test_standing_over_time_ends_being_certain_with_the_day_before_the_expiry():
    first, second = standing_history(everybody(), "printed", until="2028-01-01", ruleset=NAMED)
    assert (first.begins, first.ends, first.in_force) == (date(2025, 3, 1), date(2027, 3, 1), "yes")
    assert (second.standing, second.in_force) == ("undetermined", "undetermined")


def test_what_is_on_file_is_still_shown():
    """The transcript and the timeline need no rules."""
    ledger = everybody()
    assert [line.event for line in transcript(ledger, "printed").entries] == ["e"]
    assert "current" in timeline(ledger, "printed", on="2026-12-01", ruleset=NAMED).svg


def test_a_named_rule_set_is_its_short_form():
    """It survives JSON, is described, and how much is known decides nothing that its digest would not show."""
    assert ruleset_from_dict(ruleset_to_dict(NAMED)) == NAMED
    assert "its rules are not known here; ask Board of Exampleland: https://board.example/peers" in describe(NAMED)
    assert list(unused([NAMED])) == []
    assert gaps_of(NAMED) == ()
    assert digest_of(attrs.evolve(KNOWN, grade="partial", gaps=("a",), ask="b")) == digest_of(KNOWN)


@pytest.mark.parametrize(
    ("rules", "path", "words"),
    [
        (attrs.evolve(NAMED, procedures=KNOWN.procedures, sources=KNOWN.sources), "procedures", "leave them out"),
        (attrs.evolve(NAMED, cycle=KNOWN.cycle), "cycle", "leave it out"),
        (attrs.evolve(NAMED, ask=None), "ask", "is missing"),
        (attrs.evolve(NAMED, grade="complete"), "procedures", "'named'"),
        (attrs.evolve(NAMED, grade="partial"), "procedures", "'named'"),
        (attrs.evolve(KNOWN, cycle=NAMED.cycle), "cycle", "'partial'"),
        (attrs.evolve(KNOWN, cycle_cites=()), "cycle_cites", "is missing"),
        (attrs.evolve(KNOWN, gaps=("what it costs",)), "gaps", "'partial'"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.grade,
)
def test_a_grade_that_does_not_fit_is_refused(rules, path, words):
    found = {problem.path: problem.message for problem in problems_of(rules)}
    assert words in found[path]
    with pytest.raises(InvalidData):
        evaluate(Ledger(), "p", on="2026-01-01", ruleset=rules)


def with_need(need, **more):
    """Return the known rule set with another figure in its newest renewal."""
    procedure = KNOWN.procedure("renewal")
    edition = procedure.editions[-1]
    hours = attrs.evolve(edition.requirements[0], need=need, parts=(), says="So much.")
    edition = attrs.evolve(edition, says="So much.", requirements=(hours, *edition.requirements[1:]))
    changed = attrs.evolve(procedure, editions=(*procedure.editions[:-1], edition))
    others = (one for one in KNOWN.procedures if one.step != "renewal")
    return attrs.evolve(KNOWN, procedures=(changed, *others), **more)


def test_an_author_is_told_of_a_grade_that_says_too_much_or_nothing():
    unstated = with_need(Unstated(says="the hours of a renewal"))
    assert ["the hours of a renewal" in note.message for note in rule_notes(unstated)] == [True]
    assert list(rule_notes(attrs.evolve(unstated, grade="partial"))) == []
    assert [
        "nothing is said to be missing" in note.message for note in rule_notes(attrs.evolve(KNOWN, grade="partial"))
    ] == [True]
    assert list(rule_notes(KNOWN)) == []


def test_what_is_missing_of_partial_rules_is_told():
    """In one note of the report, on the page and in the sentences: what the file lists, then what it leaves open by itself."""
    rules = with_need(
        Unstated(says="the hours of a renewal"), grade="partial", gaps=("what a renewal costs",), ask="https://board.example",
        cycle=NAMED.cycle, cycle_cites=(),
    )  # fmt: skip
    assert gaps_of(rules) == ("what a renewal costs", "when a certificate ends", "the hours of a renewal")
    ledger = Ledger()
    ledger.append([Certification(id="c", person="p", credential="us-wv-prss", act="awarded", on="2026-01-01")])
    caveats = [str(caveat) for caveat in evaluate(ledger, "p", on="2026-06-01", ruleset=rules).caveats]
    told = "; ".join(gaps_of(rules))
    assert f"What is known of these rules is incomplete: {told}. Ask {rules.body}: https://board.example." in caveats
    assert "No source says when a certificate ends, and no expiration date is on file." in caveats
    assert f"what is known is incomplete: {told}" in describe(rules)
    assert not [
        one for one in evaluate(ledger, "p", on="2026-06-01", ruleset=KNOWN).caveats if "incomplete" in str(one)
    ]


def test_partial_rules_with_a_printed_expiry_are_judged_by_it():
    rules = attrs.evolve(KNOWN, grade="partial", cycle=NAMED.cycle, cycle_cites=())
    ledger = Ledger()
    ledger.append(
        [
            Certification(
                id="c", person="p", credential="us-wv-prss", act="awarded", on="2025-01-01", expires="2026-12-31"
            ),
            Coverage(id="all", person="p", covers="certification"),
        ]
    )
    assert evaluate(ledger, "p", on="2026-12-31", ruleset=rules).standing == "current"
    assert evaluate(ledger, "p", on="2027-01-01", ruleset=rules).standing == "late"
    assert evaluate(ledger, "p", on="2026-12-31", ruleset=rules).dates.due.day == date(2026, 12, 31)


def test_every_bundled_credential_has_its_row():
    """North Carolina's: 20 hours, or 23 if the 3 of ethics come on top, in 24 months; other states' certificates give nothing."""
    rows = {row["id"]: row for row in credentials_table().to_rows()}
    assert set(rows) == set(ruleset_ids())
    nc = rows["us-nc-cpss"]
    assert (nc["cycle"], nc["hours"], nc["ethics"], nc["recognition"]) == ("24 months", "20 or 23", "3", "no")
    for name, row in rows.items():
        rules = ruleset(name)
        assert (row["grade"], row["seen_on"]) == (rules.grade, rules.seen_on)
        known = {row[column] for column in ("cycle", "counted_from", "hours", "ethics", "late", "carried_over")}
        assert rules.grade != "named" or known == {None}, name
    assert {row["known"] for row in rules_table(map(ruleset, rows)).to_rows()} == {"complete", "partial", "named"}


def test_a_certificate_without_an_end_and_years_by_the_award_are_told_in_the_table():
    """Kentucky's certificate has no end; Wisconsin's trainers renew in the second year after that of the award."""
    rows = {row["id"]: row for row in credentials_table().to_rows()}
    assert rows["us-ky-apss"]["cycle"] == "12 months, without an end"
    assert rows["us-wi-cps-trainer"]["counted_from"] == "October 1, by the year of the award"


def test_every_state_has_a_tile_with_a_mark_for_each_credential():
    """A look by the best grade, and a full, a half or an empty circle for each credential: nothing by color alone."""
    sets = [ruleset(name) for name in ruleset_ids()]
    picture = credentials_map(sets)
    tiles = dict(re.findall(r"<g><title>([A-Z]{2}): .*?</title>(.*?)</g>", picture.svg, re.DOTALL))
    assert tiles.keys() == _PLACES.keys()
    assert len(set(_PLACES.values())) == 52  # the states, the District of Columbia and Puerto Rico
    of_states = {
        rules.jurisdiction.removeprefix("us-").upper() for rules in sets if rules.jurisdiction.startswith("us-")
    }
    assert of_states <= tiles.keys()
    for state, tile in tiles.items():
        grades = [rules.grade for rules in sets if rules.jurisdiction == f"us-{state.lower()}"]
        assert tile.count("<circle") == len(grades), state
        assert tile.count("<path") == grades.count("partial"), state
        assert len(re.findall(r'<circle[^>]*fill="currentColor"', tile)) == grades.count("complete"), state
        look = {"complete": "met", "partial": "short", "named": "open"}
        best = next((look[grade] for grade in look if grade in grades), None)
        assert (f"url(#pl-{best})" in tile) is (best is not None), state
    assert len(picture.table.rows) == len(sets)


def test_what_was_seen_longest_ago_comes_first():
    """A page that several rule sets rest on stands there once, with the last day on which it was seen."""
    early = attrs.evolve(NAMED.sources[0], seen=date(2026, 5, 1))
    other = attrs.evolve(NAMED.sources[0], id="B", address="https://other.example", seen=date(2026, 8, 1))
    first = attrs.evolve(NAMED, sources=(early, other))
    second = attrs.evolve(NAMED, id="xx-second", sources=(attrs.evolve(early, seen=date(2026, 9, 1)),))
    rows = [(str(row["seen_on"]), row["address"], row["cited_by"]) for row in stale_sources([first, second]).to_rows()]
    assert rows == [
        ("2026-08-01", "https://other.example", "xx-peer"),
        ("2026-09-01", "https://board.example/peers", "xx-peer, xx-second"),
    ]
    assert len(stale_sources([first, second], before="2026-09-01").rows) == 1
    assert len(stale_sources([first, second], before="2026-08-01").rows) == 0


def test_command_line_lists_what_to_see_again(capsys):
    assert main(["rules", "stale", "us-wv-prss", "--format", "csv"]) == 0
    heading, *rows = capsys.readouterr().out.splitlines()
    assert heading == "seen_on,address,title,kind,cited_by"
    assert len(rows) == len(KNOWN.sources)
    assert main(["rules", "stale", "us-wv-prss", "--before", "2026-11-21", "--format", "json"]) == 0
    assert capsys.readouterr().out.strip() == "[]"
