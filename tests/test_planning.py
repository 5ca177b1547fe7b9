"""The shortest way: enough, and nothing smaller is."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import attrs
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

import boards
from effort import effort, examples, sized
from peer_ledger import Approval, Certification, Course, Credit, Ledger, TrainingEvent, evaluate, ruleset
from peer_ledger.errors import InvalidData, InvalidValue
from peer_ledger.planning import Offer, plan, read_offers
from peer_ledger.planning._search import Bounds, Item, cheapest
from peer_ledger.rules import OF_FACTS, Cap, Part, TrainingFilter, questions_of
from peer_ledger.testing import check_law

AWARD = Certification(
    id="c-1", person="p-17", credential="us-nc-cpss", act="awarded", on="2024-03-14", expires="2026-03-31"
)
ON, BY = "2026-01-15", "2026-03-31"


def trained(name, hours, *topics, day="2025-02-03", **more):
    return TrainingEvent(
        id=name, person="p-17", completed=day, credits=[Credit(amount=hours, topics=set(topics))], **more
    )


def offer(name, hours, *topics, price=None, **more):
    return Offer(
        id=name, title=f"Course {name}", credits=[Credit(amount=hours, topics=set(topics))], price=price, **more
    )


def filled(*records):
    ledger = Ledger()
    ledger.append([AWARD, *records])
    return ledger


def subsets(items):
    return (some for size in range(len(items) + 1) for some in combinations(items, size))


# The search


@st.composite
def searches(draw):
    """Return items, needs and what a judge says about every set, whether or not it makes sense."""
    amounts = st.integers(0, 6).map(lambda halves: Fraction(halves, 2))
    parts = draw(st.integers(0, 2))
    item = st.builds(
        Item, cost=st.tuples(amounts, amounts), gives=st.lists(amounts, min_size=parts, max_size=parts).map(tuple)
    )
    items = draw(st.lists(item, min_size=draw(st.sampled_from([0, 3, 4])), max_size=5))
    needs = draw(st.lists(st.integers(0, 4).map(Fraction), min_size=parts, max_size=parts))
    sets = list(subsets(range(len(items))))
    said = draw(st.integers(0, 2 ** len(sets) - 1))
    return items, needs, {some for at, some in enumerate(sets) if said >> at & 1}


def cost_of(items, chosen):
    return tuple(sum((items[at].cost[part] for at in chosen), Fraction(0)) for part in range(2)) if items else ()


def enough(items, needs, allowed):
    """Return the sets that are enough: allowed, and giving each need as much as it asks."""
    return [
        some
        for some in subsets(range(len(items)))
        if some in allowed
        and all(sum(items[at].gives[at_need] for at in some) >= need for at_need, need in enumerate(needs))
    ]


@effort(300)
@given(searches())
def test_the_search_finds_what_costs_least(case):
    """Whatever the judge says; and it asks about no set that the needs rule out."""
    items, needs, allowed = case
    asked = []

    def judge(chosen):
        asked.append(chosen)
        return chosen in allowed

    found, there = cheapest(items, needs, judge, most=10_000), enough(items, needs, allowed)
    assert found.is_complete
    assert len(asked) == found.tried == len(set(asked))
    if not there:
        assert (found.chosen, found.at_least) == (None, None)
    else:
        least = min(cost_of(items, some) for some in there)
        assert found.chosen in there
        assert cost_of(items, found.chosen) == least == found.at_least


@effort(300)
@given(searches(), st.integers(0, 6))
def test_a_search_that_is_cut_has_a_lower_bound(case, most):
    """Nothing that is enough costs less, and what is returned is enough and has nothing to spare."""
    items, needs, allowed = case
    found, there = cheapest(items, needs, lambda chosen: chosen in allowed, most=most), enough(items, needs, allowed)
    for some in there:
        assert found.at_least is not None
        assert found.at_least <= cost_of(items, some)
    if found.chosen is not None:
        assert found.chosen in allowed
        assert found.is_complete or found.tried <= most + len(items) + 1


@effort(300)
@given(searches())
def test_no_set_costs_less_than_its_bound(case):
    """Of every set that is begun: no part of the cost of what gives the needs is less, and without a bound there is none."""
    items, needs, _ = case
    bounds = Bounds(items, needs)
    for chosen in subsets(range(len(items))):
        for begin in range(chosen[-1] + 1 if chosen else 0, len(items)):
            bound = bounds.of(chosen, begin)
            rest = [some for some in subsets(range(begin, len(items))) if some]
            for some in (chosen + more for more in rest):
                if all(sum(items[at].gives[place] for at in some) >= need for place, need in enumerate(needs)):
                    assert bound is not None
                    assert all(least <= cost for least, cost in zip(bound, cost_of(items, some), strict=True))


# The plan


def plan_is_the_least(situation):
    """What is chosen is enough once it is recorded, and every choice that is enough costs as much."""
    trainings = [record for record in situation.records if isinstance(record, TrainingEvent) and record.credits]
    done = [event for event in trainings if event.completed <= situation.on]
    events = done[-4:] if done else trainings[:2]
    if not events:
        reject()
    gone = {event.id for event in events}
    for record in situation.records:
        if getattr(record, "retracts", None) in gone:
            gone.add(record.id)
    records = [record for record in situation.records if record.id not in gone]
    on, by = min(situation.on, *(event.completed for event in events)), situation.on
    offers = [
        Offer(
            id=f"o-{number}", title=event.title or "A training", credits=event.credits, course=event.course,
            delivery=event.delivery, provider=event.provider, approvals=event.approvals,
            price=situation.draw(st.integers(0, 3)),
            day=situation.draw(st.sampled_from([event.completed, event.completed, None, by + timedelta(days=1)])),
        )
        for number, event in enumerate(events)
    ]  # fmt: skip
    more = situation.draw(st.sampled_from(["none", "again", "half"]))
    if more == "again":
        offers.append(attrs.evolve(offers[-1], id="again", price=0))
    elif more == "half":
        halves = [attrs.evolve(one, amount=one.amount / 2) for one in offers[-1].credits]
        offers.append(attrs.evolve(offers[-1], id="half", credits=halves, price=1, course=None, title="Another"))
    asked = {"ruleset": situation.ruleset, "rulesets": situation.rulesets, "readings": situation.readings}
    made = plan(situation.ledger(records), "p", on=on, by=by, offers=offers, **asked)
    possible = [one for one in offers if one.day is None or on <= one.day <= by]

    def outcomes(some):
        report = situation.report([*records, *(one.event("p", on) for one in some)], on=by)
        return report.hours_outcome, report.assumed.hours_outcome

    def cost(some):
        return sum(one.price for one in some), sum(one.hours for one in some), len(some)

    answers = {some: outcomes(some) for some in subsets(possible)}
    settled = [some for some, (outcome, _) in answers.items() if outcome in ("met", "not applicable")]
    assumed = [some for some, (_, outcome) in answers.items() if outcome in ("met", "not applicable")]
    best = settled or assumed
    assert made.is_least
    assert (made.chosen is not None) == bool(best)
    if best:
        assert tuple(sorted(made.chosen, key=possible.index)) in best
        assert cost(made.chosen) == min(map(cost, best))
        assert made.is_settled == bool(settled)
        assert (made.after.hours_outcome, made.after.assumed.hours_outcome) == answers[
            tuple(sorted(made.chosen, key=possible.index))
        ]


@st.composite
def nearly_done(draw):
    """Return a ledger of somebody who is some hours short, and offers of which few suffice."""
    topics = st.sampled_from([("ethics",), ("recovery",), ("ethics", "boundaries"), ("wellness",)])
    kinds = st.sampled_from([None, "self-paced", "in-person"])
    more = draw(st.lists(st.tuples(st.sampled_from(["1", "1.5", "2"]), topics, kinds), max_size=3))
    ledger = filled(
        trained("e-0", draw(st.sampled_from(["14", "15.5", "17"])), "recovery"),
        *(
            trained(f"e-{at}", hours, *on, delivery=how, day=f"2025-03-0{at}", course=f"c-{at}")
            for at, (hours, on, how) in enumerate(more, 1)
        ),
    )
    offered = st.tuples(
        st.sampled_from(["0.5", "1", "1.5", "3"]), topics, kinds, st.integers(0, 9),
        st.sampled_from(["2026-02-01", "2026-03-31", "2026-04-01", None]), st.sampled_from([None, "c-1", "c-9"]),
    )  # fmt: skip
    offers = [
        attrs.evolve(offer(f"o-{at}", hours, *on, price=price, day=day), delivery=how, course=course)
        for at, (hours, on, how, price, day, course) in enumerate(draw(st.lists(offered, min_size=3, max_size=5)))
    ]
    return ledger, offers


@effort(60)
@given(nearly_done(), st.sampled_from(["price", "hours", "courses"]))
def test_a_plan_is_the_least_of_all_choices(case, least):
    """What it names is enough once it is appended, and no choice that is enough has less."""
    ledger, offers = case
    made = plan(ledger, "p-17", on=ON, offers=offers, least=least)
    possible = [one for one in offers if str(one.day) != "2026-04-01"]
    found = []
    for some in subsets(possible):
        copy = Ledger()
        copy.append(entry.record for entry in ledger)
        copy.append([one.event("p-17", date(2026, 1, 15)) for one in some])
        if evaluate(copy, "p-17", on=BY).hours_outcome == "met":
            costs = {
                "price": sum(one.price for one in some),
                "hours": sum(one.hours for one in some),
                "courses": len(some),
            }
            found.append((costs[least], {one.id for one in some}))
    if not found:
        assert not made.is_settled
    else:
        assert made.is_settled
        assert made.is_least
        assert {one.id for one in made.chosen} in [ids for _, ids in found]
        assert (
            made.at_least
            == min(cost for cost, _ in found)
            == next(cost for cost, ids in found if ids == {one.id for one in made.chosen})
        )


@pytest.mark.parametrize("rules", sized(["us-nc-cpss", "us-ny-crpa", "us-wa-cpss"], ["us-ny-crpa"]))
def test_a_plan_is_the_least(rules):
    """Against all choices, in lives drawn at the edges of the rules."""
    assert check_law(ruleset(rules), plan_is_the_least, examples=examples(25), shrink=False)


def test_the_cheapest_choice_in_sentences():
    """Hours of ethics are missing, and one dear course has more of them than needed."""
    ledger = filled(trained("e-1", "17.5", "recovery"))
    offers = [
        offer("dear", 6, "ethics", day="2026-02-01", price=120),
        offer("cheap", "1.5", "ethics", day="2026-03-03", price=20),
        offer("other", "1.5", "ethics", day="2026-02-20", price=25, delivery="in-person"),
        offer("late", 3, "ethics", day="2026-04-02", price=5),
        offer("early", 3, "ethics", day="2026-01-14", price=5),
        offer("wrong", 10, "recovery", day="2026-02-20", price=1),
    ]
    made = plan(ledger, "p-17", on=ON, offers=offers)
    assert [one.id for one in made.chosen] == ["other", "cheap"]
    assert made.offered == 4
    assert [str(record.completed) for record in made.records()] == ["2026-02-20", "2026-03-03"]
    assert (made.by, made.price, made.hours, made.at_least) == (date(2026, 3, 31), Decimal(45), 3, 45)
    assert [(need.requirement, need.serves, need.amount) for need in made.needs if need.subject == "hours"] == [
        ("ethics", ("ethics", "training"), 3)
    ]
    first, second, *_ = str(made).splitlines()
    assert first == (
        "Take 'Course other' on February 20, 2026 (1.5 hours, $25) and 'Course cheap' on March 3, 2026 "
        "(1.5 hours, $20): then the hours are met."
    )
    assert second == "Together 3 hours and $45. No choice of those offered costs less."
    assert evaluate(ledger.supposing(made.records()), "p-17", on=BY).hours_outcome == "met"
    assert evaluate(ledger, "p-17", on=BY).hours_outcome == "short"
    assert [one.id for one in plan(ledger, "p-17", on=ON, offers=offers, least="courses").chosen] == ["dear"]
    assert plan(ledger, "p-17", on=ON, offers=offers, least="hours").hours == 3


@pytest.mark.parametrize(
    ("rules", "hours", "readings"),
    [
        ("us-nc-cpss", 20, {"ethics-inside": "inside"}),  # what it is about is not on file
        ("us-ny-crpa", 28, {}),  # who approved it is not on file
    ],
)
def test_an_offer_of_which_details_are_not_on_file_is_enough_where_the_caller_says_that_it_counts(
    rules, hours, readings
):
    unknown = Offer(id="o", title="A course", credits=[Credit(amount=hours)], day="2026-02-01", price=10)
    ledger = filled(attrs.evolve(AWARD, id="c-2", credential="us-ny-crpa", expires=None))
    for reading, chosen in (("counts", ["o"]), ("does-not", None)):
        known = {**readings, "unrecorded-training": reading}
        made = plan(ledger, "p-17", on=ON, by=BY, offers=[unknown], ruleset=rules, readings=known)
        assert (None if made.chosen is None else [one.id for one in made.chosen]) == chosen
        report = evaluate(ledger.supposing([unknown.event("p-17", ON)]), "p-17", on=BY, ruleset=rules, readings=known)
        assert (report.hours_outcome in ("met", "not applicable")) is (chosen is not None)


@pytest.mark.parametrize("rules", ["us-nc-cpss", "us-ny-crpa"])
def test_training_on_file_of_which_details_are_not_leaves_open_how_much_is_needed(rules):
    """What is on file is all that is asked but for half an hour, and the caller says that it counts."""
    need = 20 if rules == "us-nc-cpss" else 28
    unknown = TrainingEvent(
        id="e", person="p-17", completed="2025-02-03", credits=[Credit(amount=need - Decimal("0.5"))]
    )
    ledger = filled(unknown, attrs.evolve(AWARD, id="c-2", credential="us-ny-crpa", expires=None))
    half = offer("o", "0.5", "ethics", day="2026-02-01", price=10, approvals=[Approval(by="nycb-ethics")])
    readings = {"unrecorded-training": "counts", "recorded-twice": "several"}
    readings |= {"ethics-inside": "inside"} if rules == "us-nc-cpss" else {}
    made = plan(ledger, "p-17", on=ON, by=BY, offers=[half], ruleset=rules, readings=readings)
    assert [one.id for one in made.chosen or ()] == ["o"]


def test_a_course_already_taken_does_not_count_again():
    """The plan takes the other one, though it is dearer."""
    ledger = filled(
        trained("e-1", "17", "recovery"),
        trained("e-2", 3, "ethics", course="eth-1", day="2024-05-05"),
        Course(id="eth-1", title="Ethics"),
    )
    needs = attrs.evolve(offer("again", 3, "ethics", price=1, day="2026-02-01"), course="eth-1")
    more = offer("new", 3, "recovery", price=50, day="2026-02-01")
    without = ledger.without("e-1").supposing(trained("e-1", "16", "recovery"))
    made = plan(without, "p-17", on=ON, offers=[needs, more])
    report = evaluate(without.supposing(needs.event("p-17", date(2026, 2, 1))), "p-17", on=BY)
    assert report.hours_outcome != "met"
    assert [one.id for one in made.chosen] == ["new"]


def test_a_plan_is_enough_under_every_reading_where_it_can_be():
    """Where the hours of ethics may be on top of the others, more is taken; and where nothing is offered, that is said."""
    done = trained("e-1", "17", "recovery"), trained("e-2", 3, "ethics", day="2025-03-03")
    more = offer("more", 3, "recovery", price=9, day="2026-02-01")
    every = (*questions_of(ruleset("us-nc-cpss")), *OF_FACTS)
    asked = {"strict": True, "readings": {one.id: one.assumed for one in every if one.id != "ethics-inside"}}
    settled = plan(filled(*done), "p-17", on=ON, offers=[more], **asked)
    assert ([one.id for one in settled.chosen], settled.is_settled) == (["more"], True)
    assumed = plan(filled(*done), "p-17", on=ON, **asked)
    assert (assumed.chosen, assumed.is_settled) == ((), False)
    fewer = plan(filled(done[0]), "p-17", on=ON, offers=[offer("few", 3, "ethics", price=1)], **asked)
    assert ([one.id for one in fewer.chosen], fewer.is_settled) == (["few"], False)
    assert "It is enough under the readings that are assumed." in str(fewer)


def test_nothing_to_do_and_nothing_that_helps():
    """Both are said in the first sentence."""
    done = plan(filled(trained("e-1", 20, "ethics")), "p-17", on=ON, offers=[offer("one", 3, "ethics", price=1)])
    assert done.chosen == ()
    assert str(done).splitlines()[0] == "No training is missing."
    none = plan(filled(trained("e-1", 1, "ethics")), "p-17", on=ON, offers=[offer("one", 3, "ethics", price=1)])
    assert (none.chosen, none.is_least, none.at_least) == (None, True, None)
    assert str(none).splitlines()[0] == "No choice of the 1 training offered until March 31, 2026 is enough."
    bare = plan(filled(trained("e-1", 1, "ethics")), "p-17", on=ON)
    assert bare.missing == 19
    assert str(bare).startswith("By March 31, 2026: Still missing: 17 hours of training, 2 hours of ethics training.")
    late = plan(filled(trained("e-1", 1, "ethics")), "p-17", on=ON, offers=[offer("one", 3, price=1, day="2026-04-01")])
    assert str(late).splitlines()[0] == "No training is offered until March 31, 2026."


def test_a_search_that_is_cut_says_so():
    """The plan is enough, and the sentence has the bound."""
    offers = [offer(f"o-{number}", "1.5", "ethics", price=10 + number, day="2026-02-01") for number in range(8)]
    made = plan(filled(trained("e-1", "17", "recovery")), "p-17", on=ON, offers=offers, tries=0)
    assert made.after.hours_outcome == "met"
    assert not made.is_least
    assert made.at_least <= made.price
    assert "Another choice may be better; the search ended after" in str(made)
    assert f"Every choice costs at least ${made.at_least}." in str(made)


def test_what_is_refused():
    """Two offers with one id, an offer without a price, a day before the first."""
    for bad, why in (
        ({"offers": [offer("one", 1), offer("one", 2)], "least": "hours"}, "two have the id 'one'"),
        ({"offers": [offer("one", 1)]}, "has no price"),
        ({"by": "2026-01-14"}, "by must not be before on, 2026-01-15"),
        ({"offers": ["eth-1"]}, "offers must be a list of offers"),
        ({"least": "effort"}, "least must be 'price', 'hours' or 'courses'"),
    ):
        with pytest.raises(InvalidValue, match=why):
            plan(filled(), "p-17", **{"on": ON, **bad})


def test_offers_from_a_file(tmp_path):
    """Rows of one id are one offer; words are found by their names; every problem is listed with its line."""
    file = tmp_path / "offers.csv"
    file.write_text(
        "ID,Title,Hours,Topics,Day,Delivery,Approved By,Price\n"
        "eth,Ethics,3,Ethics; Boundaries,2026-03-03,Live webinar,NAADAC,$45.50\n"
        "eth,Ethics,1,,2026-03-03,Live webinar,NAADAC,$45.50\n"
        "\n"
        "rec,Recovery,16,recovery,,,,\n"
    )
    first, second = read_offers(file)
    assert [(str(one.amount), one.topics) for one in first.credits] == [("3", {"ethics", "boundaries"}), ("1", None)]
    assert (first.delivery, str(first.price), [one.by for one in first.approvals]) == (
        "live-online",
        "45.5",
        ["naadac"],
    )
    assert (second.day, second.price, second.hours) == (None, None, 16)
    file.write_text("id,titel,hours\n1,Ethics,3\n")
    with pytest.raises(InvalidData) as caught:
        read_offers(file)
    assert ["line 1: there is no column 'titel' (did you mean 'title'?)", "line 1: has no column 'title'"] == [
        str(one).split(";")[0].split(", which")[0] for one in caught.value.problems
    ]
    file.write_text(
        "id,title,hours,topics,day\na,A,three,ethics,2026-03-03\nb,B,3,ethcis,03/04/2026\nc,,1,,\na,A,1,,\na,B,1,,\n"
    )
    with pytest.raises(InvalidData) as caught:
        read_offers(file)
    assert [str(one).split(":")[0] for one in caught.value.problems] == [
        "line 2.amount", "line 3", "line 4", "line 6",
    ]  # fmt: skip


def test_a_plan_shows_itself():
    """As plain values, as a table and as a card."""
    ledger = filled(trained("e-1", "17", "recovery"))
    made = plan(ledger, "p-17", on=ON, offers=[offer("<x>", 3, "ethics", price=0)])
    said = made.to_dict()
    assert {**said, "needs": None} == {
        "person": "p-17", "on": "2026-01-15", "by": "2026-03-31", "needs": None, "missing": "3", "is_enough": True, "is_least_settled": True,
        "is_exact": True, "offered": 1, "left_out": 0,
        "chosen": ["<x>"], "price": "0", "hours": "3", "least": "price", "at_least": "0", "is_least": True,
        "is_settled": True, "tried": 1, "hours_outcome": "met", "documents_outcome": made.after.documents_outcome,
    }  # fmt: skip
    assert "&lt;x&gt;" in made._repr_html_()
    assert made.table().to_rows()[0]["topics"] == "ethics"
    assert made.after.provenance.supposed == ("plan-p-17-<x>",)


# What each training can give, and what is needed of it


def tried_for(rules, offers, *records, **more):
    """Return how many choices were evaluated until the cheapest was found that is enough, and what was chosen."""
    ledger = Ledger()
    ledger.append([*boards.COVERED, boards.AWARD, *records])
    made = plan(ledger, "p", on="2026-02-01", by="2026-03-01", offers=offers, ruleset=rules, **more)
    return made.tried, sorted(one.id for one in made.chosen)


def test_no_choice_is_evaluated_that_has_too_few_hours():
    """Of eight courses of an hour, six make the six hours that are missing: the first choice that is evaluated."""
    offers = [offer(f"o-{at}", 1, "recovery", price=10) for at in range(8)]
    assert tried_for(boards.board(boards.hours(6)), offers) == (1, [f"o-{at}" for at in range(6)])


def test_no_choice_is_evaluated_that_has_too_few_hours_under_a_cap():
    """Eight hours online are on file, of which two count: six hours more are needed, and not none."""
    online = Cap(
        id="online", says="At most 2.", at_most=2, counts=TrainingFilter(deliveries={"self-paced"}), cites=("P",)
    )
    done = attrs.evolve(boards.trained("e-1", 8), delivery="self-paced")
    offers = [attrs.evolve(offer(f"o-{at}", 2, "recovery", price=10), delivery="in-person") for at in range(5)]
    assert tried_for(boards.board(boards.hours(8, caps=(online,))), offers, done) == (1, ["o-0", "o-1", "o-2"])


def test_no_choice_is_evaluated_that_lacks_a_part_of_a_part():
    """Three hours of ethics are asked inside a part: cheaper courses on other topics are not even tried."""
    inner = Part(id="ethics", says="3.", need=3, counts=TrainingFilter(topics={"ethics"}), cites=("P",))
    outer = Part(id="group", says="3.", need=3, parts=(inner,), cites=("P",))
    offers = [offer(f"o-{at}", 3, "recovery", price=1) for at in range(4)]
    offers.append(offer("ethics", 3, "ethics", price=50))
    assert tried_for(boards.board(boards.hours(3, parts=(outer,))), offers) == (1, ["ethics"])


@pytest.mark.parametrize("topic", ["ethics", "recovery"])
def test_hours_on_both_parts_make_room_for_a_course_on_either(topic):
    """3 of 6 hours are on file, on both of two topics that need 3 each: a course on either is enough."""
    parts = tuple(
        Part(id=name, says="3.", need=3, counts=TrainingFilter(topics={name}), cites=("P",))
        for name in ("ethics", "recovery")
    )
    rules = boards.board(boards.hours(6, parts=parts, together="exclusive"))
    done = boards.trained("e", 3, {"ethics", "recovery"})
    assert tried_for(rules, [offer("one", 3, topic, price=1)], done) == (1, ["one"])
