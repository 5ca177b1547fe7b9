"""Answers side by side: elsewhere, and before and after a change of rules."""

from datetime import date, timedelta
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import peer_ledger.comparing._impact as impacts
import peer_ledger.comparing._moving as moving
from boards import AWARD, COVERED, XX, board, hours, trained
from effort import effort, sized
from peer_ledger import Ledger, Review, evaluate, ruleset, ruleset_ids
from peer_ledger.comparing import compare, impact, only_edition
from peer_ledger.errors import InvalidValue
from peer_ledger.example import ON, import_example
from peer_ledger.rules import Edition, EffectiveFrom, Interval, Part, Procedure, RelativeDate, TrainingFilter
from peer_ledger.rulesets import RuleSetNotFound, ruleset_from_dict, ruleset_to_dict

DAY = "2026-02-01"
EIGHT = board(hours(8))
PARTS = ("standing", "step", "in_force", "status", "outcome", "hours_outcome", "documents_outcome", "hours_short",
         "pending_since")  # fmt: skip


@pytest.fixture(scope="module")
def example():
    return import_example()[0]


def answer(report):
    """Return what is compared, in words of its own."""
    days = {name: (day.day, day.candidates) for name, day in report.dates.items()}
    return [getattr(report, name) for name in PARTS], days


def people_with(*amounts):
    """Return a ledger of people certified on June 1, 2024, each with hours of training in March 2025."""
    ledger = Ledger()
    ledger.append(COVERED)
    for number, (ethics, other) in enumerate(amounts):
        own = [attrs.evolve(AWARD, id=f"c-{number}", person=f"p-{number}")]
        own += [
            attrs.evolve(trained(f"e-{number}-{topic}", amount, topics={topic}), person=f"p-{number}")
            for topic, amount in (("ethics", ethics), ("recovery", other))
            if amount
        ]
        ledger.append(own)
    return ledger


# Moving


def test_elsewhere_is_evaluated_as_there(example):
    """Under each rule set, the report is the one that evaluate gives an applicant or a holder there."""
    names = sized(None, ["us-me-cipss", "us-nc-cpss", "us-ny-crpa"])
    found = compare(example, "p-103", on=ON, rulesets=names)
    assert (names or [*ruleset_ids()]) == [place.ruleset for place in found.places]
    for place in found.places:
        report = evaluate(example, "p-103", on=ON, ruleset=place.ruleset)
        assert report.to_dict() == place.report.to_dict()
        assert place.is_applicant is (report.standing == "not certified")
    here = found.place("us-nc-cpss")
    assert (False, "late") == (here.is_applicant, here.report.status)


def test_readings_strictness_and_rule_sets_pass_through(example, monkeypatch):
    """What a caller says about one rule set is said about that one."""
    readings = {"us-nc-cpss": {"late-training": "counts"}}
    rules, asked = ["us-nc-cpss", ruleset("us-me-cipss")], []
    real = moving.evaluate
    monkeypatch.setattr(
        moving, "evaluate", lambda *args, **more: asked.append(more.pop("strict")) or real(*args, **more)
    )
    found = compare(example, "p-103", on=ON, rulesets=rules, readings=readings, strict=True)
    assert [True, True] == asked
    assert ["us-nc-cpss", "us-me-cipss"] == [place.ruleset for place in found.places]
    there = evaluate(example, "p-103", on=ON, readings=readings["us-nc-cpss"])
    assert there == found.place("us-nc-cpss").report
    mapping = {EIGHT.id: EIGHT}
    assert XX == compare(people_with((1, 2)), "p-0", on=DAY, rulesets=mapping).places[0].ruleset


@effort(40)
@given(st.lists(st.tuples(st.sampled_from((0, 1, 3)), st.sampled_from((0, 2, 9))), min_size=1, max_size=1))
def test_what_would_count_adds_up(amounts):
    """Over the trainings, what counts is what the requirement has counted; what is left has its reason."""
    ledger = people_with(*amounts)
    [place] = compare(ledger, "p-0", on=DAY, rulesets=[with_ethics(8, 1)]).places
    finding = place.report.finding("training")
    assert finding.counted == sum((one.counted for one in place.trainings), Fraction(0)) <= min(8, sum(amounts[0]))
    assert finding.recorded == sum((one.recorded for one in place.trainings), Fraction(0))
    assert all((one.why_not is None) is (one.counted == one.recorded) for one in place.trainings)


def test_a_comparison_reads_and_renders(example):
    """Sentences name the body, what is missing and its sources; tables, JSON and the card have the same."""
    found = compare(example, "p-103", on=ON, rulesets=["us-nc-cpss", "us-me-cipss"])
    text = str(found)
    assert "The person would apply for a first certification. Whether certificates of other states" in text
    assert "Still missing for certification:" in text
    assert "With the training on file, 20 of 20 hours would count." in text
    assert "On the authority of Maine DHHS, Office of Behavioral Health" in text
    assert 1 == text.count("Whether certificates of other states are recognized is not known")
    rows = found.table().to_rows()
    assert [("us-nc-cpss", "late"), ("us-me-cipss", "not certified")] == [(row["rules"], row["status"]) for row in rows]
    assert all(row["sources"] for row in rows)
    assert ["us-nc-cpss", "us-me-cipss"] == [place["ruleset"] for place in found.to_dict()["places"]]
    assert "us-me-cipss" in found._repr_html_()
    assert ["no", None] == [row["recognition"] for row in rows]
    assert {"us-nc-cpss", "us-me-cipss"} == {row["rules"] for row in found.trainings().to_rows()}
    with pytest.raises(InvalidValue, match=r"'us-me-cips' was not compared .did you mean 'us-me-cipss'"):
        found.place("us-me-cips")
    with pytest.raises(InvalidValue, match="readings: there is no rule set 'us-xx'"):
        compare(example, "p-103", on=ON, rulesets=["us-nc-cpss"], readings={"us-xx": {}})
    with pytest.raises(RuleSetNotFound):
        compare(example, "p-103", on=ON, rulesets=["us-xx"])


# A change of rules

AMOUNTS = st.lists(st.tuples(st.sampled_from((0, 1, 3)), st.sampled_from((0, 5, 7, 8, 12))), max_size=6)


def with_ethics(need, ethics):
    part = Part(id="ethics", says="Ethics.", need=ethics, counts=TrainingFilter(topics={"ethics"}), cites=("P",))
    return board(hours(need, parts=(part,)), version="2")


@effort(60)
@given(AMOUNTS, st.sampled_from((6, 8, 10)), st.sampled_from((0, 1, 3)), st.sampled_from((None, 30, 400)))
def test_impact_is_everybody_evaluated_under_both(amounts, need, ethics, notice):
    """Whoever's answer is another is listed with both reports, and nobody else; totals are sums over them."""
    ledger = people_with(*amounts)
    after = with_ethics(need, ethics) if ethics else board(hours(need), version="2")
    after = after if notice is None else attrs.evolve(after, notice_days=notice)
    found = impact(ledger, before=EIGHT, after=after, on=DAY)
    people = [f"p-{number}" for number in range(len(amounts))]
    pairs = {one: tuple(evaluate(ledger, one, on=DAY, ruleset=rules) for rules in (EIGHT, after)) for one in people}
    wanted = {one: pair for one, pair in pairs.items() if answer(pair[0]) != answer(pair[1])}
    assert (len(people), list(wanted)) == (found.people, [one.person for one in found.affected])
    for one in found.affected:
        assert wanted[one.person] == (one.before, one.after)
        old, new = (max(8 - sum(amounts[int(one.person[2:])]), 0), one.after.hours_short)
        assert one.hours == new - old
        named = {reason.requirement for reason in one.because}
        has = amounts[int(one.person[2:])]
        assert ("ethics" in named) is bool(ethics)
        assert ("training" in named) is (need != 8 or (min(sum(has), 8) - 0 < 8) != (new > 0) or old != new)
    assert found.hours == sum((one.hours for one in found.affected), Fraction(0))
    assert sum(row["people"] for row in found.totals().to_rows()) == len(wanted)
    assert sum(row["hours_more"] for row in found.totals().to_rows()) == found.hours


def test_what_changed_is_said():
    """10 hours instead of 8: somebody with 8 lacks 2 of training, somebody with 12 lacks nothing."""
    found = impact(people_with((0, 8), (0, 12)), before=EIGHT, after=board(hours(10), version="2"), on=DAY)
    [one] = found.affected
    assert ("p-0", Fraction(2), True) == (one.person, one.hours, one.changes_status)
    assert str(one) == (
        "p-0: in progress instead of compliant. 2 hours more to make up. Because of training: now short: 8 of 10 hours "
        "counted; 2 hours missing; before met: 8 of 8 hours. The answers differ from June 1, 2024 on."
    )
    assert "1 of 2 people would stand elsewhere. 1 would have another status." in str(found)
    assert [{"requirement": "training", "people": 1, "more": 2, "unit": "hour"}] == [
        {**row, "more": int(row["more"])} for row in found.requirements().to_rows()
    ]
    assert ["p-0"] == [one["person"] for one in found.to_dict()["affected"]]
    assert "p-0" in found._repr_html_()


def test_rules_that_decide_the_same_change_nothing():
    """An edit of the wording affects nobody."""
    found = impact(people_with((0, 8)), before=EIGHT, after=attrs.evolve(EIGHT, name="Another name"), on=DAY)
    assert () == found.affected
    assert "nothing changes for any of 1 person." in str(found)


def test_what_no_requirement_explains_is_explained_by_the_dates():
    """A longer notice makes the status another, and nothing else."""
    found = impact(people_with((0, 1)), before=EIGHT, after=attrs.evolve(EIGHT, notice_days=365), on=DAY)
    said = "p-0: due soon instead of in progress. The answers differ from May 31, 2025 on."  # 365 days before it is due
    assert said == str(found.affected[0])
    late = board(hours(8), edition={"late_until": RelativeDate(of="due", months=1)})
    [one] = impact(people_with((0, 1)), before=EIGHT, after=late, on=DAY).affected
    assert str(one).startswith("p-0: in progress as before. Because of late until ")


def editions():
    """Return rules that ask 8 hours of renewals filed before January 15, 2026, and 12 from then on."""
    earning = Interval(begins=RelativeDate(of="last-grant", included=False), cites=("P",))
    old = Edition(id="old", says="Eight.", earning=earning, requirements=(hours(8),))
    begins = EffectiveFrom(day=date(2026, 1, 15), cites=("P",))
    new = Edition(id="new", says="Twelve.", begins=begins, earning=earning, requirements=(hours(12),))
    return board(procedures=(Procedure(step="renewal", editions=(old, new)),))


def test_two_editions():
    """Each alone governs on any day; from when the newer one does is said where both are in the rules."""
    rules, ledger = editions(), people_with((0, 8))
    old, new = only_edition(rules, "old"), only_edition(rules, "new")
    for day in ("2025-06-01", DAY):
        [one] = impact(ledger, before=old, after=new, on=day).affected
        assert (Fraction(4), "old", "new", date(2024, 6, 1)) == (
            one.hours, one.before.provenance.edition, one.after.provenance.edition, one.begins,
        )  # fmt: skip
    [one] = impact(ledger, before=old, after=rules, on=DAY).affected
    assert "2026-01-15" == one.begins.isoformat()
    assert "The answers differ from January 15, 2026 on." in str(one)
    assert () == impact(ledger, before=old, after=rules, on="2026-01-14").affected
    with pytest.raises(InvalidValue, match=r"xx-board has no edition 'news'.*choose from old, new"):
        only_edition(rules, "news")


def first_of_those_that_differ(ledger, person, rules, on, floor):
    """Return the first of the days until one on all of which two rule sets answer differently, by asking on each."""
    day = on
    while day >= floor:
        one, other = (answer(evaluate(ledger, person, on=day, ruleset=given)) for given in rules)
        if one == other:
            return day + timedelta(days=1)
        day -= timedelta(days=1)
    return None


def gap():
    """Return rules that ask 12 hours, but for ten days on which they asked 8."""
    earning = Interval(begins=RelativeDate(of="last-grant", included=False), cites=("P",))
    found = [
        Edition(
            id=f"from-{begins or 'ever'}", says="Some.", earning=earning, requirements=(hours(need),),
            begins=EffectiveFrom(day=begins, cites=("P",)) if begins else None,
        )
        for begins, need in ((None, 12), (date(2026, 1, 5), 8), (date(2026, 1, 15), 12))
    ]  # fmt: skip
    return board(procedures=(Procedure(step="renewal", editions=tuple(found)),))


OTHERS = with_ethics(8, 3), attrs.evolve(editions(), notice_days=120), gap()


@effort(24)
@given(
    st.lists(st.tuples(st.sampled_from(("2025-11-20", "2025-12-24", "2026-01-14", "2026-01-20")),
                       st.sampled_from((4, 8, 12)), st.sampled_from(("ethics", "recovery"))), max_size=3),
    st.sampled_from(OTHERS), st.sampled_from(("2025-12-31", "2026-01-15", "2026-02-10", "2026-03-05")),
    st.sampled_from((None, "2026-01-08", "2026-02-10")),
)  # fmt: skip
def test_from_when_the_answers_differ(trainings, after, on, rejected):
    """It is the first day of those until the day asked about, found by asking on each of a hundred days before it."""
    ledger = Ledger()
    ledger.append([*COVERED, AWARD])
    events = [trained(f"e-{at}", much, day=day, topics={of}) for at, (day, much, of) in enumerate(trainings)]
    ledger.append(events)
    if events and rejected is not None:
        ledger.append(Review(id="v-1", person="p", event="e-0", decision="rejected", on=rejected))
    day = date.fromisoformat(on)
    floor = day - timedelta(days=sized(200, 110))
    for one in impact(ledger, before=EIGHT, after=after, on=on).affected:
        wanted = first_of_those_that_differ(ledger, "p", (EIGHT, after), day, floor)
        assert wanted == one.begins or (wanted is None and one.begins <= floor)


def test_from_when_after_a_time_without_a_difference():
    """By the rules alone, and by a review alone: the answers differed before, then did not, and do again."""
    ledger = Ledger()
    ledger.append([*COVERED, AWARD])
    assert date(2026, 1, 15) == impact(ledger, before=EIGHT, after=gap(), on=DAY).affected[0].begins
    ledger.append([trained("e-1", 8), trained("e-2", 4, day="2025-03-05")])
    ledger.append(Review(id="v-1", person="p", event="e-2", decision="rejected", on="2026-01-20"))
    twelve = board(hours(12), version="2")
    assert date(2026, 1, 20) == impact(ledger, before=EIGHT, after=twelve, on=DAY).affected[0].begins
    assert date(2024, 6, 1) == impact(ledger, before=EIGHT, after=twelve, on="2025-01-01").affected[0].begins


@pytest.mark.parametrize("beside", [None, "2026-01-19"])
def test_from_when_where_days_are_counted_back(beside):
    """Training of more than a year before the day asked about counts no longer: from its anniversary on it differs."""
    earning = Interval(begins=RelativeDate(of="filing", months=-12), cites=("P",))
    rolling = attrs.evolve(board(hours(8, earning=earning)), version="2")
    ledger = Ledger()
    ledger.append([*COVERED, AWARD, trained("e-1", 8, day="2025-01-20")])
    ledger.append([] if beside is None else [trained("e-2", 1, day=beside, topics={"recovery"})])
    [one] = impact(ledger, before=EIGHT, after=rolling, on=DAY).affected
    wanted = first_of_those_that_differ(ledger, "p", (EIGHT, rolling), date(2026, 2, 1), date(2025, 12, 1))
    assert wanted == one.begins == date(2026, 1, 21)


def test_answers_that_always_differed():
    """For a first certificate more is asked whatever the day: there is no first day on which the answers differ."""

    def first(need):
        edition = Edition(id="first", says="Some.", requirements=(hours(need),))
        return board(procedures=(Procedure(step="initial", editions=(edition,)),))

    ledger = Ledger()
    ledger.append([*COVERED, trained("e-1", 1)])
    [one] = impact(ledger, before=first(8), after=first(12), on=DAY).affected
    assert (one.hours, one.begins) == (4, None)
    assert "The answers differ from" not in str(one)


def test_a_file_and_an_edited_copy(example):
    """North Carolina's rules, and a copy of the file in which a figure was edited."""
    rules = ruleset("us-nc-cpss")
    data = ruleset_to_dict(rules)
    [renewal] = [one for one in data["procedures"] if one["step"] == "renewal"]
    [training] = [one for one in renewal["editions"][-1]["requirements"] if one["id"] == "training"]
    training["need"] = "22"
    edited = ruleset_from_dict(data)
    found = impact(example, before="us-nc-cpss", after=edited, on=ON, readings={"renewal-4-begun": "begun"})
    assert found.affected
    assert all("training" in {reason.requirement for reason in one.because} for one in found.affected)
    assert all(one.hours is None or 0 <= one.hours <= 2 for one in found.affected)


def test_readings_of_questions_that_one_side_alone_asks(example):
    """Whether an edition had begun is no question where it alone governs."""
    rules = ruleset("us-nc-cpss")
    alone = only_edition(rules, "renewal-4")
    impact(example, before=rules, after=alone, on=ON, readings={"renewal-4-begun": "begun"}, people=["p-101"])
    with pytest.raises(InvalidValue, match="there is no question 'moon'"):
        impact(example, before=rules, after=alone, on=ON, readings={"moon": "full"})


def test_rules_of_two_credentials_are_refused(example):
    """People hold one of them and not the other, so that everybody would be affected."""
    with pytest.raises(InvalidValue, match="one credential, not of 'us-nc-cpss' and 'us-me-cipss'"):
        impact(example, before="us-nc-cpss", after="us-me-cipss", on=ON)


def test_processes_and_progress_pass_through(monkeypatch):
    """Both passes are told how many processes to start, and the caller how far they have come."""
    asked, seen = [], []
    real = impacts.evaluate_all
    monkeypatch.setattr(
        impacts, "evaluate_all", lambda *args, **more: asked.append(more["processes"]) or real(*args, **more)
    )
    impact(people_with((0, 1), (0, 2)), before=EIGHT, after=EIGHT, on=DAY, processes=2,
           progress=lambda *numbers: seen.append(numbers))  # fmt: skip
    assert ([2, 2], [(1, 2), (2, 2)]) == (asked, seen)


def test_findings_are_worked_out_only_for_those_affected(monkeypatch):
    """Nobody's findings are made while everybody's answers are compared."""
    made = []
    real = impacts.evaluate_all

    def watched(*args, **more):
        for report in real(*args, **more):
            made.append(report)
            yield report

    monkeypatch.setattr(impacts, "evaluate_all", watched)
    impact(people_with((0, 8), (0, 12)), before=EIGHT, after=board(hours(10), version="2"), on=DAY)
    assert len(made) == 4
    assert all("findings" in report._makers for report in made)


def test_what_a_body_says_of_other_states_is_said_of_an_applicant():
    """South Carolina's SHARE transfers no certificate; Maine is silent; whoever is certified there already need not know."""
    ledger = people_with((1, 2))
    scshare, maine = compare(ledger, "p-0", on=DAY, rulesets=["us-sc-cpss-scshare", "us-me-cipss"]).places
    assert scshare.recognition.accepts == "no"
    assert "On certificates of other states: Certificates of other states" in str(scshare)
    assert maine.recognition is None
    assert "is not known" in str(maine)
    [here] = compare(ledger, "p-0", on=DAY, rulesets=[with_ethics(8, 1)]).places
    assert "other states" not in str(here)
