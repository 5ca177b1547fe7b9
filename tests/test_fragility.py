"""What an answer depends on: the smallest sets of records whose loss breaks it, and how much can be lost."""

from itertools import combinations

import attrs
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from effort import effort, examples, sized
from peer_ledger import Certification, Coverage, Credit, Document, Ledger, Retraction, TrainingEvent, evaluate, ruleset
from peer_ledger.allocation import Alternatives, Cell, Demand, Limit, compile_plan
from peer_ledger.planning import fragility
from peer_ledger.planning._fragility import spare_units
from peer_ledger.records import Designation, Review
from peer_ledger.testing import check_law

AWARD = Certification(
    id="c-1", person="p-17", credential="us-nc-cpss", act="awarded", on="2024-03-14", expires="2026-03-31"
)
ON = "2026-01-15"


def trained(name, hours, *topics, day="2025-02-03", **more):
    more = {"title": f"Course {name}", **more}
    return TrainingEvent(
        id=name, person="p-17", completed=day, credits=[Credit(amount=hours, topics=set(topics))], **more
    )


def whole(name, day="2025-02-03"):
    """Return a training that is enough by itself."""
    carried = [Credit(amount=17, topics={"recovery"}), Credit(amount=3, topics={"ethics"})]
    return attrs.evolve(trained(name, 1, day=day), credits=carried)


def filled(*records):
    ledger = Ledger()
    ledger.append([AWARD, *records])
    return ledger


def losses_are_the_smallest(situation):
    """Against ledgers in which the records never were: every set of the smallest size that breaks, and no other."""

    def outcomes(gone):
        gone = {*gone}
        for record in situation.records:
            if isinstance(record, Retraction) and record.retracts in gone:
                gone.add(record.id)
        report = situation.report([record for record in situation.records if record.id not in gone])
        return {"hours": report.hours_outcome, "documents": report.documents_outcome}

    before = outcomes(())
    met = tuple(name for name, outcome in before.items() if outcome == "met")
    kinds = TrainingEvent, Document, Designation, Review
    ids = [record.id for record in situation.ledger().records_of("p") if isinstance(record, kinds)]
    if not met or len(ids) > 6:
        reject()
    asked = {"ruleset": situation.ruleset, "rulesets": situation.rulesets, "readings": situation.readings}
    found = fragility(situation.ledger(), "p", on=situation.on, **asked)
    assert met == found.met
    for size in range(1, 4):
        broken = {some for some in combinations(ids, size) if any(outcomes(some)[name] != "met" for name in met)}
        if broken:
            break
    assert {loss.records for loss in found.losses} == broken
    assert found.is_complete
    for loss in found.losses:
        after = outcomes(loss.records)
        assert (loss.hours_outcome, loss.documents_outcome) == (after["hours"], after["documents"])


@pytest.mark.parametrize("rules", sized(["us-nc-cpss", "us-wa-cpss"], ["us-nc-cpss"]))
def test_losses_are_the_smallest(rules):
    """In lives drawn at the edges of the rules."""
    short_lives = examples(8)
    assert check_law(ruleset(rules), losses_are_the_smallest, examples=short_lives, shrink=False) >= 0


def test_a_certificate_that_everything_hangs_on():
    """It is named with what would be missing; the requirement that has something to spare says how much."""
    ledger = filled(
        trained("e-1", "18", "recovery", title="WRAP"),
        trained("e-2", "1.5", "ethics"),
        trained("e-3", 3, "ethics", day="2025-03-03"),
    )
    found = fragility(ledger, "p-17", on=ON)
    assert found.met[:1] == ("hours",)
    assert [loss.records for loss in found.losses] == [("e-1",), ("e-3",)]
    assert [str(loss.hours_short) for loss in found.losses] == ["31/2", "3/2"]
    first, second, third, *spare = str(found).splitlines()
    assert first.endswith("are met, and depend on each of these records.")
    assert second.startswith("Without e-1 ('WRAP', February 3, 2025): ")
    assert "15.5 hours of training" in second
    assert "1.5 hours of ethics" in third or "1.5 hours of training" in third
    assert [(one.requirement, str(one.amount)) for one in found.spares] == [("training", "5/2"), ("ethics", "3/2")]
    assert spare[0].endswith("2.5 hours.")
    # As much can be lost, and no more: of ethics, whichever it is.
    for lost, outcome in (("1.5", "met"), ("1.25", "short")):
        view = (
            ledger.without(["e-2", "e-3"])
            .supposing(trained("e-4", lost, "ethics"))
            .supposing(trained("e-5", "1.5", "ethics", day="2025-03-04"))
        )
        assert evaluate(view, "p-17", on=ON).assumed.hours_outcome == outcome


def test_what_is_met_breaks_when_it_is_open():
    """Whether ethics is asked already is a question of the rules, which only the certificate of ethics settles."""
    ledger = filled(trained("e-1", 30, "recovery"), trained("e-2", 3, "ethics", day="2025-03-03"))
    assert evaluate(ledger.without("e-2"), "p-17", on="2026-03-01").hours_outcome == "undetermined"
    losses = fragility(ledger, "p-17", on="2026-03-01").losses
    assert [(loss.records, loss.hours_outcome) for loss in losses if loss.records == ("e-2",)] == [
        (("e-2",), "undetermined")
    ]


def test_a_decision_can_be_lost():
    """The board granted the hours of a training of which nothing else is known."""
    granted = Review(
        id="v-1", person="p-17", event="e-1", decision="granted", on="2025-04-01", credits=whole("e-1").credits
    )
    bare = attrs.evolve(whole("e-1"), credits=[Credit(amount=1, topics={"recovery"})])
    found = fragility(filled(bare, granted), "p-17", on=ON)
    assert [loss.records for loss in found.losses] == [("e-1",), ("v-1",)]


def test_what_can_be_lost_of_one_of_two_options():
    """The better option counts, and it has four units to spare."""
    options = Alternatives(options=[[Cell(amount=1, serves={"all"})], [Cell(amount=5, serves={"all"})]])
    assert list(spare_units(compile_plan(Demand(name="all", minimum=1)), (), (options,))) == [("all", 4)]


def test_two_and_three_records():
    """The smallest size that breaks it is found, and all sets of it."""
    two = fragility(filled(whole("e-1"), whole("e-2", day="2025-03-03")), "p-17", on=ON)
    assert [loss.records for loss in two.losses] == [("e-1", "e-2")]
    assert "each of these sets of 2 records" in str(two)
    events = [whole(f"e-{at}", day=f"2025-03-0{at}") for at in (1, 2, 3)]
    assert [len(loss.records) for loss in fragility(filled(*events), "p-17", on=ON).losses] == [3]
    more = whole("e-4", day="2025-03-04")
    none = fragility(filled(*events, more), "p-17", on=ON)
    assert (none.losses, none.is_complete, none.looked_at) == ((), True, 14)
    assert "stay so without any 3 records" in str(none)


def test_nothing_that_is_met_hangs_on_nothing():
    """And a search that is cut says so."""
    assert fragility(filled(trained("e-1", 2, "ethics")), "p-17", on=ON).met in ((), ("documents",))
    cut = fragility(filled(whole("e-1"), whole("e-2", day="2025-03-03")), "p-17", on=ON, tries=2)
    assert (cut.is_complete, cut.looked_at, cut.losses) == (False, 2, ())
    assert "Not all sets of records were looked at: 2 evaluations were made." in str(cut)


def test_documents_hang_on_letters():
    """Where all documents are said to be on file, one letter fewer is a letter short."""
    records = [
        *(
            Document(id=f"d-{at}", person="p-17", kind="reference-letter", on="2026-01-02", by=f"w-{at}")
            for at in (1, 2)
        ),
        Coverage(id="k-1", covers="document"),
        whole("e-1"),
    ]
    ledger = filled(*records)
    found = fragility(ledger, "p-17", on=ON)
    if "documents" in found.met:
        assert ("d-1",) in [loss.records for loss in found.losses]
    assert ("e-1",) in [loss.records for loss in found.losses]
    assert attrs.asdict(found)["person"] == found.to_dict()["person"]
    assert found.table().rows
    assert "Without e-1" in found._repr_html_()


@st.composite
def plans(draw):
    """Return a plan with parts and a limit, and cells."""
    top = Demand(
        name="all", minimum=draw(st.integers(0, 6)), group=draw(st.sampled_from(["exclusive", "shared"])),
        children=[Demand(name="a", minimum=draw(st.integers(0, 3))), Demand(name="b", minimum=draw(st.integers(0, 3)))],
    )  # fmt: skip
    top = attrs.evolve(top, minimum=max(top.minimum, sum(child.minimum for child in top.children)))
    limits = [Limit(name="online", maximum=draw(st.integers(0, 6)))]
    serves = st.sampled_from([{"all"}, {"a", "all"}, {"b", "all"}, {"a", "b", "all"}])
    cells = st.builds(Cell, amount=st.integers(1, 5), serves=serves, limits=st.sampled_from([set(), {"online"}]))
    options = st.lists(st.lists(cells, max_size=1), min_size=1, max_size=2)
    alternatives = [Alternatives(options=some) for some in draw(st.lists(options, max_size=1))]
    return compile_plan(top, limits=limits), tuple(draw(st.lists(cells, max_size=4))), tuple(alternatives)


def asking_more(demand, name, more):
    minimum = demand.minimum + (more if demand.name == name else 0)
    return attrs.evolve(demand, minimum=minimum, children=[asking_more(one, name, more) for one in demand.children])


@effort(150)
@given(plans())
def test_what_can_be_lost_is_what_more_could_be_asked(case):
    """As much more can be asked of it and all is met, and not one unit more."""
    plan, cells, alternatives = case
    if not plan.allocate(cells, alternatives=alternatives).met:
        reject()
    for name, units in spare_units(plan, cells, alternatives):
        for more, met in ((units, True), (units + 1, False)):
            asked = compile_plan(asking_more(plan.demand, name, more), limits=plan.limits)
            assert asked.allocate(cells, alternatives=alternatives).met == met
