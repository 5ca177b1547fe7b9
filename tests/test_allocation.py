"""Which hour counts for what: by hand, by law, and with a proof that is checked each time."""

import os
import random
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import effort
from peer_ledger.allocation import (
    Alternatives,
    Cell,
    Collision,
    Demand,
    InvalidCell,
    InvalidPlan,
    Limit,
    NotABoolean,
    TooManyCombinations,
    _cut,
    _solver,
    check_proof,
    compile_plan,
)

many = effort(60 * int(os.environ.get("PEER_LEDGER_THOROUGH", "1")))


def group(name, minimum, *children, kind="exclusive", maximum=None):
    return Demand(name=name, minimum=minimum, maximum=maximum, children=children, group=kind)


def leaf(name, minimum, maximum=None):
    return Demand(name=name, minimum=minimum, maximum=maximum)


def cell(amount, *serves, limits=(), key="", divisible=True):
    return Cell(amount=amount, serves=serves, limits=limits, key=key, divisible=divisible)


def allocate(plan, cells, **more):
    """Allocate and have the proof checked."""
    allocation = plan.allocate(cells, **more)
    assert check_proof(plan, cells, allocation, alternatives=more.get("alternatives", ())) == ()
    return allocation


def seats(allocation):
    return [(assigned.cell.key, assigned.demand, assigned.amount) for assigned in allocation.assignment]


# --- by hand -------------------------------------------------------------------------------------------------------


def test_adding_per_topic_is_wrong():
    """Six hours that are ethics and boundaries fill either minimum of five, not both: 10 asked, 6 there, 4 short."""
    plan = compile_plan(group("training", 0, leaf("ethics", 5), leaf("boundaries", 5)))
    allocation = allocate(plan, [cell(6, "ethics", "boundaries")])
    assert allocation.shortfall == 4
    assert str(allocation.collision) == "ethics and boundaries together need 10; at most 6 can serve them: 4 short"


def test_filling_in_date_order_is_wrong():
    """The first course fits both minima and must leave ethics to the second, which fits nothing else."""
    plan = compile_plan(group("training", 0, leaf("ethics", 3), leaf("crisis", 3)))
    allocation = allocate(plan, [cell(3, "ethics", "crisis", key="2025-01"), cell(3, "ethics", key="2025-02")])
    assert seats(allocation) == [("2025-02", "ethics", 3), ("2025-01", "crisis", 3)]


def test_two_limits_that_pass_alone_can_be_impossible_together():
    """Of 6 h ethics and 6 h trauma, all online, at most 10 count; 10 live hours fill the rest of 20."""
    plan = compile_plan(
        group("training", 20, leaf("ethics", 6), leaf("trauma", 6)), limits=[Limit(name="online", maximum=10)]
    )
    cells = [
        cell(6, "ethics", "training", limits="online"),
        cell(6, "trauma", "training", limits="online"),
        cell(10, "training"),
    ]
    allocation = allocate(plan, cells)
    assert (allocation.met, allocation.shortfall) == (False, 2)
    assert allocation.collision.demands == ("ethics", "trauma")
    assert (allocation.collision.needed, allocation.collision.available) == (12, 10)
    assert allocate(plan, [*cells, cell(2, "trauma")]).met


def test_a_bucket_with_a_maximum_does_not_spill():
    """Of 10 hours of ethics 3 count where the rule is 3 of ethics and 17 of others, all where it is at least 3."""
    cells = [cell(10, "ethics"), cell(10, "training")]
    assert allocate(compile_plan(group("training", 20, leaf("ethics", 3))), cells).shortfall == 0
    assert allocate(compile_plan(group("training", 20, leaf("ethics", 3, maximum=3))), cells).shortfall == 7


def test_what_is_just_met_does_not_collide():
    """Two of two boundaries are enough and are no part of the explanation why crisis is one short."""
    plan = compile_plan(group("training", 0, leaf("boundaries", 2), leaf("crisis", 3)))
    allocation = allocate(plan, [cell(2, "boundaries"), cell(2, "crisis")])
    assert allocation.collision.demands == ("crisis",)


def test_nested_minima_count_upward():
    """Thirty, of which 20 specific, of which 6 ethics: 6 + 10 + 14 lacks 4 specific hours and nothing else."""
    plan = compile_plan(group("total", 30, group("specific", 20, leaf("ethics", 6))))
    allocation = allocate(plan, [cell(6, "ethics"), cell(10, "specific"), cell(14, "total")])
    assert (allocation.shortfall, dict(allocation.missing)) == (4, {"specific": 4})


def test_limits_inside_limits():
    """Of 9 self-paced hours 4 count, with 9 live online ones 10, and 6 in person make 16 of 20."""
    plan = compile_plan(
        leaf("total", 20),
        limits=[Limit(name="online", maximum=10), Limit(name="self-paced", maximum=4, within="online")],
    )
    cells = [cell(9, "total", limits="self-paced"), cell(9, "total", limits="online"), cell(6, "total")]
    assert allocate(plan, cells).shortfall == 4
    assert allocate(plan, [cells[0], cells[2]]).shortfall == 10


def test_shared_minima_look_at_the_same_hours():
    """Three live hours of ethics serve the total, ethics and live at once."""
    plan = compile_plan(group("total", 5, leaf("ethics", 3), leaf("live", 4), kind="shared"))
    allocation = allocate(plan, [cell(3, "ethics", "live"), cell(2, "total")])
    assert (allocation.shortfall, dict(allocation.missing)) == (1, {"live": 1})


def test_one_added_hour_serves_every_shared_minimum():
    """Two of ethics and three live are missing: three hours suffice, of which two are both."""
    plan = compile_plan(group("total", 5, leaf("ethics", 2), leaf("live", 3), kind="shared"))
    allocation = allocate(plan, [cell(5, "total")])
    assert {(supplement.serves, supplement.amount) for supplement in allocation.supplements} == {
        (frozenset({"ethics", "live"}), 2),
        (frozenset({"live"}), 1),
    }


def test_a_limit_couples_shared_minima():
    """At most 4 online hours count, and ethics and peer want 3 each that the other cannot use."""
    plan = compile_plan(
        group("total", 4, leaf("ethics", 3), leaf("peer", 3), kind="shared"), limits=[Limit(name="online", maximum=4)]
    )
    allocation = allocate(plan, [cell(3, "ethics", limits="online"), cell(3, "peer", limits="online")])
    # Two of each and one added hour that is both; each minimum alone would say that nothing is short.
    assert allocation.shortfall == 1
    assert str(allocation.collision) == (
        "ethics and peer together need 6; at most 4 can serve them, because online counts for at most 4: 2 short; "
        "one added unit makes up for 2, so 1 must be added"
    )


def test_a_shared_group_below_an_exclusive_one():
    """Four hours of group practice may be ethics and live at once, and what sits in the other bucket is neither."""
    plan = compile_plan(
        group("total", 8, group("practice", 4, leaf("ethics", 3), leaf("live", 4), kind="shared"), leaf("theory", 4))
    )
    assert allocate(plan, [cell(4, "ethics", "live"), cell(4, "theory", "ethics", "live")]).met
    assert allocate(plan, [cell(4, "ethics"), cell(4, "theory", "live")]).shortfall == 4


def test_overlapping_limits_can_leave_half_a_unit():
    """Of three units, any two of which share a limit of one, half of each counts: 3/2."""
    limits = [Limit(name=name, maximum=1) for name in ("ab", "bc", "ca")]
    plan = compile_plan(leaf("total", 2), limits=limits)
    cells = [cell(1, "total", limits=inside) for inside in (["ab", "ca"], ["ab", "bc"], ["bc", "ca"])]
    allocation = allocate(plan, cells)
    assert allocation.shortfall == Fraction(1, 2)
    assert {weight.weight for weight in allocation.collision.weights if weight.kind == "limit"} == {Fraction(1, 2)}


def test_a_limit_inside_another_may_be_named_with_it():
    """Naming the outer limit beside the inner one says nothing new."""
    plan = compile_plan(
        leaf("total", 9), limits=[Limit(name="online", maximum=5), Limit(name="self-paced", maximum=4, within="online")]
    )
    assert allocate(plan, [cell(9, "total", limits=["online", "self-paced"])]).shortfall == 5


def test_an_indivisible_event_sits_in_one_place():
    """Six hours that fit two minima of three fill both when they may be split, and only one when not."""
    plan = compile_plan(group("total", 0, leaf("ethics", 3), leaf("crisis", 3)))
    assert allocate(plan, [cell(6, "ethics", "crisis")]).met
    allocation = allocate(plan, [cell(6, "ethics", "crisis", divisible=False)])
    assert (allocation.shortfall, len(allocation.refutations)) == (3, 2)
    assert plan.shortfall(allocation.chosen) == 3


def test_an_indivisible_event_serves_every_shared_minimum():
    """Where children are shared, nothing is divided by serving both."""
    plan = compile_plan(group("total", 4, leaf("ethics", 3), leaf("crisis", 3), kind="shared"))
    assert allocate(plan, [cell(4, "ethics", "crisis", divisible=False)]).met


def test_of_unequal_repeats_the_better_one_counts():
    """Three hours of ethics or four of anything: ethics is what is missing."""
    plan = compile_plan(group("total", 10, leaf("ethics", 3)))
    repeats = Alternatives(options=[[cell(4, "total", key="a")], [cell(3, "ethics", key="b")], []])
    allocation = allocate(plan, [cell(6, "total", key="c")], alternatives=[repeats])
    assert (allocation.shortfall, {one.key for one in allocation.chosen}) == (1, {"b", "c"})


@pytest.mark.parametrize("keys", ["ab", "ba"])
def test_of_equally_good_repeats_the_one_that_serves_more_is_shown(keys):
    """Two hours are there and ten are asked, whichever counts: if it is the one of ethics, less of ethics is missing."""
    plan = compile_plan(group("total", 10, leaf("ethics", 3)), limits=[Limit(name="online", maximum=5)])
    options = [[cell(2, "total", key=keys[0])], [cell(2, "ethics", "total", key=keys[1], limits=["online"])]]
    for some in (options, options[::-1]):
        allocation = allocate(plan, [], alternatives=[Alternatives(options=some)])
        assert (allocation.shortfall, [one.key for one in allocation.chosen]) == (8, [keys[1]])


def test_an_supplement_is_the_most_general_that_helps():
    """Ten of any kind and ten that are missing: seven of any kind and three of ethics, not ten of ethics."""
    plan = compile_plan(group("total", 20, leaf("ethics", 3)))
    assert dict(allocate(plan, [cell(10, "total")]).missing) == {"total": 7, "ethics": 3}
    assert dict(allocate(plan, [cell(10, "total", "ethics")]).missing) == {"total": 10}


def test_the_latest_and_most_flexible_hours_are_left():
    """What fits only ethics is counted before what fits everything, and of equals the earlier one."""
    plan = compile_plan(group("total", 5, leaf("ethics", 3)))
    allocation = allocate(
        plan, [cell(4, "total", "ethics", key="2"), cell(4, "total", "ethics", key="1"), cell(2, "ethics", key="3")]
    )
    assert seats(allocation) == [("3", "ethics", 2), ("1", "ethics", 1), ("1", "total", 2)]


@pytest.mark.parametrize("amounts", [(3, 4), (4, 3)])
def test_cells_with_one_key_are_placed_alike_in_any_order(amounts):
    """The smaller one comes first, so that two units of the larger one are left."""
    allocation = allocate(compile_plan(leaf("total", 5)), [cell(amount, "total") for amount in amounts])
    assert [one.amount for one in allocation.assignment] == [3, 2]


def test_nothing_asked_is_met_by_nothing():
    """A plan that asks nothing is met without any cell."""
    allocation = allocate(compile_plan(leaf("total", 0)), [])
    assert (allocation.met, allocation.assignment, allocation.supplements, allocation.collision) == (True, (), (), None)


def test_the_largest_figures_are_exact():
    """Nothing overflows with the largest amounts, nor with more cells than one integer has lanes for."""
    plan = compile_plan(group("total", 10**15, leaf("ethics", 10**15)), limits=[Limit(name="online", maximum=10**15)])
    assert allocate(plan, [cell(10**15 - 1, "ethics", limits="online")]).shortfall == 1
    crowd = [cell(10**15, "total", limits="online", key=str(number)) for number in range(4001)]
    assert plan.shortfall(crowd) == 10**15
    assert plan.shortfall([*crowd, cell(10**15, "ethics")]) == 0


# --- what is refused -----------------------------------------------------------------------------------------------


def test_all_that_is_wrong_with_a_plan_is_said_at_once():
    """Each fault of the rules is listed with its path."""
    rules = Demand(
        name="total", minimum=-1, children=[leaf("ethics", 3, maximum=2.5), leaf("ethics", True), leaf("", 1)]
    )
    limits = [
        Limit(name="a", maximum=3, within="b"),
        Limit(name="b", maximum=4, within="a"),
        Limit(name="c", maximum="x", within="nowhere"),
        Limit(name="c", maximum=9),
    ]
    with pytest.raises(InvalidPlan) as refused:
        compile_plan(rules, limits=limits)
    assert [problem.path for problem in refused.value.problems] == [
        "total.minimum",
        "total.group",
        "total.ethics.maximum",
        "total.ethics.minimum",
        "total.?",
        "",
        "limits",
        "limits.a.within",
        "limits.b.within",
        "limits.c.maximum",
        "limits.c.within",
    ]


@pytest.mark.parametrize(
    ("rules", "limits", "part"),
    [
        (leaf("total", 5, maximum=4), [], "its minimum is 5: no amount meets both"),
        (group("total", 0, leaf("a", 3), leaf("b", 3), maximum=5), [], "its children need 6"),
        (
            group("total", 0, leaf("a", 3), leaf("b", 3, maximum=4), kind="shared"),
            [],
            "has no effect in a shared group",
        ),
        (
            leaf("total", 9),
            [Limit(name="a", maximum=4), Limit(name="b", maximum=5, within="a")],
            "is 5 and has no effect inside 'a', whose maximum is 4",
        ),
        (Demand(name="total", children=["ethics"]), [], "must be demands"),
        (Demand(name="total", group="either"), [], "must be 'exclusive' or 'shared', not 'either'"),
    ],
)
def test_rules_that_cannot_be_are_refused(rules, limits, part):
    """A plan that nothing could ever meet, or that says nothing, is refused with the reason."""
    with pytest.raises(InvalidPlan, match=part):
        compile_plan(rules, limits=limits)


def test_a_maximum_that_cannot_be_met_is_told_with_its_place_in_the_tree():
    """Below the whole and its part."""
    part = group("a", 0, leaf("b", 3, maximum=2))
    with pytest.raises(InvalidPlan) as refused:
        compile_plan(group("total", 0, part))
    assert ["total.a.b.maximum"] == [problem.path for problem in refused.value.problems]


def test_a_cell_that_is_divided_though_it_may_not_be_is_told():
    """Four units that must stay together, two of them on each of two parts."""
    plan = compile_plan(group("total", 4, leaf("a", 2), leaf("b", 2)))
    cell = Cell(key="e", amount=4, serves={"a", "b"}, divisible=False)
    whole = Cell(key="e", amount=4, serves={"a", "b"})
    claim = claim_of(allocate(plan, [whole]))
    moved = tuple(attrs.evolve(one, cell=cell) for one in claim.assignment)
    claim = attrs.evolve(claim, chosen=(cell,), assignment=moved)
    problems = [problem for problem in check_proof(plan, [cell], claim) if "indivisible" in str(problem)]
    assert ["assignment: an indivisible cell is divided"] == [str(problem) for problem in problems]


def test_shared_minima_may_use_one_limit_together():
    """Six of ethics and six of trauma fit under a limit of ten when a unit may be both."""
    rules = group("total", 9, leaf("ethics", 6), leaf("trauma", 6), kind="shared")
    plan = compile_plan(rules, limits=[Limit(name="online", maximum=10)])
    assert allocate(plan, [cell(12, "ethics", "trauma", limits="online")]).met


def test_a_cell_must_be_of_the_plan():
    """A demand or limit that is not in the plan is an error that names the nearest."""
    plan = compile_plan(group("total", 3, leaf("ethics", 1)), limits=[Limit(name="online", maximum=3)])
    with pytest.raises(InvalidCell, match="did you mean 'ethics'"):
        plan.allocate([cell(1, "ethisc")])
    with pytest.raises(InvalidCell, match="did you mean 'online'"):
        plan.allocate([cell(1, "ethics", limits="onlin")])
    with pytest.raises(InvalidCell) as refused:
        plan.allocate([cell(1, "ethisc", limits="onlin")])
    assert [(problem.path, problem.message.split(" '")[0]) for problem in refused.value.problems] == [
        ("serves", "no demand"),
        ("limits", "no limit"),
    ]


@pytest.mark.parametrize("amount", [-1, 1.5, True, "3", 10**15 + 1])
def test_a_cell_holds_whole_units(amount):
    """An amount is a whole number of units, not negative and not endless."""
    with pytest.raises(InvalidCell, match="must be a whole number"):
        cell(amount, "total")
    with pytest.raises(InvalidCell, match="serves: is empty"):
        cell(3)
    with pytest.raises(InvalidCell, match="options: is empty"):
        Alternatives(options=[])


def test_too_many_combinations_are_refused_and_not_tried():
    """Forty indivisible cells with two places each would take 2**40 tries; the refusal says so at once."""
    plan = compile_plan(group("total", 0, leaf("ethics", 300), leaf("crisis", 300)))
    with pytest.raises(TooManyCombinations, match=str(2**40)) as refused:
        plan.allocate([cell(3, "ethics", "crisis", key=str(n), divisible=False) for n in range(40)])
    assert (refused.value.combinations, refused.value.most) == (2**40, 20_000)


def test_an_allocation_is_no_boolean():
    """Whether an allocation is met must be asked; the object itself is neither true nor false."""
    with pytest.raises(NotABoolean, match=r"allocation\.met"):
        bool(compile_plan(leaf("total", 1)).allocate([]))


# --- laws ----------------------------------------------------------------------------------------------------------

FIGURES = st.integers(0, 6)
LIMITS = st.sampled_from([(), ("online",), ("self-paced",), ("other",), ("online", "other")])


@st.composite
def plans(draw, coupled=True):
    """Trees of up to seven demands, with maxima, limits inside limits, limits that overlap, and shared groups."""
    names = iter("bcdefgh")

    def grow(name, depth):
        count = draw(st.integers(0, 3)) if depth else 0
        children = [grow(inner, depth - 1) for _ in range(count) if (inner := next(names, None))]
        minimum = draw(FIGURES)
        kind = draw(st.sampled_from(["exclusive", "exclusive", "shared"])) if coupled else "exclusive"
        maximum = minimum + draw(FIGURES) if draw(st.integers(0, 4)) == 0 else None
        return group(name, minimum, *children, kind=kind, maximum=maximum)

    online, self_paced, other = draw(st.tuples(FIGURES, FIGURES, FIGURES))
    limits = [
        Limit(name="online", maximum=2 + max(online, self_paced)),
        Limit(name="self-paced", maximum=self_paced, within="online"),
        Limit(name="other", maximum=other),
    ]
    rules = grow("a", 2)
    try:
        return compile_plan(rules, limits=limits)
    except InvalidPlan:
        return compile_plan(_without_maxima(rules), limits=limits)


def _without_maxima(rules):
    return attrs.evolve(rules, maximum=None, children=[_without_maxima(child) for child in rules.children])


def names_of(rules):
    return [rules.name, *(name for child in rules.children for name in names_of(child))]


@st.composite
def instances(draw, coupled=True):
    plan = draw(plans(coupled))
    names = st.sets(st.sampled_from(names_of(plan.demand)), min_size=1, max_size=4)
    inside = LIMITS if coupled else LIMITS.filter(lambda names: len(names) < 2)
    cells = draw(st.lists(st.tuples(FIGURES, names, inside), max_size=7))
    return plan, [cell(amount, *serves, limits=inside, key=str(n)) for n, (amount, serves, inside) in enumerate(cells)]


@many
@given(instances(), st.randoms(use_true_random=False))
def test_order_is_irrelevant(instance, chance):
    """The same cells in another order give the same shortfall, assignment, missing units and proof."""
    plan, cells = instance
    mixed = chance.sample(cells, len(cells))
    one, other = allocate(plan, cells), allocate(plan, mixed)
    assert one.assignment == other.assignment
    assert (one.shortfall, one.missing, one.supplements) == (other.shortfall, other.missing, other.supplements)
    assert one.collisions == other.collisions


@many
@given(instances(), st.data())
def test_one_more_unit_never_hurts(instance, data):
    """A unit more, of any kind, leaves the shortfall as it is or lowers it, by one at most."""
    plan, cells = instance
    serves = data.draw(st.sets(st.sampled_from(names_of(plan.demand)), min_size=1))
    before = allocate(plan, cells).shortfall
    after = allocate(plan, [*cells, cell(1, *serves, limits=data.draw(LIMITS), key="more")]).shortfall
    assert before - 1 <= after <= before


@many
@given(instances(), st.data())
def test_splitting_a_cell_changes_nothing(instance, data):
    """Two halves of a cell serve as the whole did, and sit where it sat."""
    plan, cells = instance
    halves = []
    for whole in cells:
        first = data.draw(st.integers(0, whole.amount))
        halves += [attrs.evolve(whole, amount=first), attrs.evolve(whole, amount=whole.amount - first)]
    one, other = allocate(plan, cells), allocate(plan, halves)
    assert (one.shortfall, one.missing) == (other.shortfall, other.missing)
    assert _totals(one) == _totals(other)


def _totals(allocation):
    totals = {}
    for assigned in allocation.assignment:
        totals[assigned.cell.key] = totals.get(assigned.cell.key, 0) + assigned.amount
    return totals


@many
@given(instances())
def test_renaming_changes_nothing_else(instance):
    """Other names for demands and limits, in another alphabetical order, give the same answer in those names."""
    plan, cells = instance
    new = {name: f"x{100 - ord(name)}" for name in names_of(plan.demand)}
    new |= {"online": "z", "self-paced": "y", "other": "x"}

    def renamed(rules):
        return attrs.evolve(rules, name=new[rules.name], children=[renamed(child) for child in rules.children])

    limits = [
        attrs.evolve(limit, name=new[limit.name], within=limit.within and new[limit.within]) for limit in plan.limits
    ]
    others = [attrs.evolve(c, serves={new[n] for n in c.serves}, limits={new[n] for n in c.limits}) for c in cells]
    one, other = allocate(plan, cells), allocate(compile_plan(renamed(plan.demand), limits=limits), others)
    assert one.shortfall == other.shortfall
    assert {new[name]: amount for name, amount in one.missing.items()} == dict(other.missing)
    assert [(key, new[name], amount) for key, name, amount in seats(one)] == seats(other)


@many
@given(instances())
def test_shortfalls_add_up(instance):
    """What is missing in a tree's places adds up to the tree's shortfall, and the supplements to the whole."""
    plan, cells = instance
    allocation = allocate(plan, cells)
    shortfalls = [sum(allocation.missing.get(name, 0) for name in tree) for tree in trees_of(plan.demand)]
    assert sum(allocation.missing.values()) == sum(shortfalls)
    assert max(shortfalls) == allocation.shortfall == sum(a.amount for a in allocation.supplements)


def trees_of(rules):
    """Return the names of each tree: the children of a shared group are trees of their own."""
    trees, waiting = [], [rules]
    while waiting:
        names, inside = [], [waiting.pop()]
        while inside:
            one = inside.pop()
            names.append(one.name)
            (waiting if one.group == "shared" and len(one.children) > 1 else inside).extend(one.children)
        trees.append(names)
    return trees


@many
@given(instances())
def test_the_supplement_would_make_it_met(instance):
    """Cells of exactly the kinds and amounts that are missing make the answer met."""
    plan, cells = instance
    supplements = allocate(plan, cells).supplements
    scale = 1
    for supplement in supplements:
        scale *= Fraction(supplement.amount).denominator
    scaled = _scaled(plan, scale)
    cells = [attrs.evolve(one, amount=one.amount * scale) for one in cells]
    assert allocate(scaled, [*cells, *(cell(int(a.amount * scale), *a.serves, key="z") for a in supplements)]).met


def _scaled(plan, scale):
    def rules(one):
        maximum = None if one.maximum is None else one.maximum * scale
        return attrs.evolve(one, minimum=one.minimum * scale, maximum=maximum, children=map(rules, one.children))

    return compile_plan(rules(plan.demand), limits=[attrs.evolve(c, maximum=c.maximum * scale) for c in plan.limits])


@many
@given(instances(coupled=False))
def test_all_methods_say_the_same(instance):
    """The enumerated cut, the flow and the linear program agree on the shortfall, the proof and who sits where."""
    plan, cells = instance
    one = allocate(plan, cells)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_cut, "MOST_SETS", 0)
        flow = allocate(compile_plan(plan.demand, limits=plan.limits), cells)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_solver.Solver, "_needs_program", lambda *_: True)
        linear = allocate(plan, cells)
        assert linear._seating == one._seating
        assert linear.collisions[:1] == () or linear.collision.short == one.shortfall
    assert flow._seating == one._seating
    assert flow.collisions == one.collisions


@many
@given(instances(coupled=False))
def test_what_collides_is_where_one_more_unit_helps(instance):
    """In one tree the colliding places are just those in which one unit more lowers the shortfall."""
    plan, cells = instance
    allocation = allocate(plan, cells)
    helped = {name for name in names_of(plan.demand) if plan.shortfall([*cells, cell(1, name)]) < allocation.shortfall}
    assert helped == set(allocation.collision.demands if allocation.collision else ())


@many
@given(instances(coupled=False), st.data())
def test_indivisible_cells_are_enumerated(instance, data):
    """What may not be divided lacks at least as much as what may, and the proof covers every combination."""
    plan, cells = instance
    whole = [attrs.evolve(one, divisible=data.draw(st.booleans())) for one in cells[:4]]
    assert allocate(plan, whole).shortfall >= allocate(plan, cells[:4]).shortfall


# --- the check has teeth -------------------------------------------------------------------------------------------


@attrs.define
class Claim:
    """What an allocation says, to be falsified."""

    chosen: tuple
    met: bool
    shortfall: int
    assignment: tuple
    missing: dict
    supplements: tuple
    collisions: tuple
    refutations: tuple


def claim_of(allocation):
    return Claim(**{field.name: getattr(allocation, field.name) for field in attrs.fields(Claim)})


def falsified(claim, chance):
    """Change one thing that matters."""
    ways = ["more short", "less short"]
    if claim.assignment:
        ways += ["more seated", "less seated", "moved", "dropped"]
    if claim.missing:
        ways += ["more missing", "elsewhere"]
    if claim.collisions:
        ways += ["needed", "available", "weight", "other figure", "other places"]
    way = chance.choice(ways)
    if way.endswith("short"):
        short = claim.shortfall + (1 if way == "more short" else -1)
        return way, attrs.evolve(claim, shortfall=short, met=short == 0)
    if claim.assignment and way in ("more seated", "less seated", "moved", "dropped"):
        index = chance.randrange(len(claim.assignment))
        one = claim.assignment[index]
        changed = {
            "more seated": [attrs.evolve(one, amount=one.amount + 20)],
            "less seated": [attrs.evolve(one, amount=one.amount - 1)],
            "moved": [attrs.evolve(one, demand="nowhere")],
            "dropped": [],
        }[way]
        return way, attrs.evolve(
            claim, assignment=(*claim.assignment[:index], *changed, *claim.assignment[index + 1 :])
        )
    if way == "more missing":
        name = chance.choice(list(claim.missing))
        return way, attrs.evolve(claim, missing={**claim.missing, name: claim.missing[name] + 1})
    if way == "elsewhere":
        return way, attrs.evolve(claim, missing={"nowhere": claim.shortfall})
    first, *others = claim.collisions
    weight, *weights = first.weights
    changed = {
        "needed": attrs.evolve(first, needed=first.needed + 1),
        "available": attrs.evolve(first, available=first.available - 1),
        "weight": attrs.evolve(first, weights=[attrs.evolve(weight, weight=weight.weight + 1), *weights]),
        "other figure": attrs.evolve(first, weights=[attrs.evolve(weight, figure=weight.figure + 1), *weights]),
        "other places": attrs.evolve(first, demands=first.demands[1:]),
    }[way]
    return way, attrs.evolve(claim, collisions=(changed, *others))


@many
@given(instances(), st.randoms(use_true_random=False))
def test_a_falsified_answer_is_refused(instance, chance):
    """Whatever is changed in an answer, the check says that something is wrong."""
    plan, cells = instance
    claim = claim_of(allocate(plan, cells))
    for _ in range(4):
        way, false = falsified(claim, chance)
        assert check_proof(plan, cells, false) != (), way


def test_a_proof_of_other_rules_is_refused():
    """A collision that would prove a shortfall under a tighter limit proves nothing under this one."""
    cells = [cell(6, "total", limits="online")]
    tight = compile_plan(leaf("total", 6), limits=[Limit(name="online", maximum=4)])
    loose = compile_plan(leaf("total", 6), limits=[Limit(name="online", maximum=5)])
    assert check_proof(loose, cells, tight.allocate(cells)) != ()
    assert isinstance(tight.allocate(cells).collision, Collision)


def test_a_divided_indivisible_cell_is_refused():
    """The answer for cells that may be split is no answer for cells that may not."""
    plan = compile_plan(group("total", 0, leaf("ethics", 3), leaf("crisis", 3)))
    split = claim_of(plan.allocate([cell(6, "ethics", "crisis")]))
    whole = cell(6, "ethics", "crisis", divisible=False)
    false = attrs.evolve(
        split, chosen=(whole,), assignment=tuple(attrs.evolve(one, cell=whole) for one in split.assignment)
    )
    assert "divided" in str(check_proof(plan, [whole], false)[0])


def test_an_unproven_combination_is_found():
    """Without the refutations, the shortfall of indivisible cells is not proven."""
    plan = compile_plan(group("total", 0, leaf("ethics", 3), leaf("crisis", 4)))
    whole = [cell(6, "ethics", "crisis", divisible=False)]
    claim = claim_of(plan.allocate(whole))
    assert check_proof(plan, whole, claim) == ()
    assert "combination" in str(check_proof(plan, whole, attrs.evolve(claim, refutations=()))[0])


def test_a_capped_or_forbidden_seat_is_refused():
    """Sitting where a cell may not, or more under a limit than it lets through, is found by adding up."""
    plan = compile_plan(group("total", 4, leaf("ethics", 2)), limits=[Limit(name="online", maximum=3)])
    cells = [cell(4, "total", limits="online"), cell(2, "ethics")]
    claim = claim_of(plan.allocate(cells))
    by_place = {one.demand: one for one in claim.assignment}
    assert set(by_place) == {"total", "ethics"}
    over = attrs.evolve(by_place["total"], amount=4)
    assert "whose maximum is 3" in str(
        check_proof(plan, cells, attrs.evolve(claim, assignment=(over, by_place["ethics"])))
    )
    wrong = attrs.evolve(by_place["total"], demand="ethics")
    assert "which it does not serve" in str(
        check_proof(plan, cells, attrs.evolve(claim, assignment=(wrong, by_place["ethics"])))
    )


def test_a_plan_remembers_nobody():
    """A plan answers many people in turn as if each were the first."""
    plan = compile_plan(group("total", 9, leaf("b", 3), leaf("c", 4)), limits=[Limit(name="online", maximum=4)])
    chance = random.Random(7)
    people = [
        [cell(chance.randint(0, 5), *chance.sample(["total", "b", "c"], 2), limits=chance.choice(["online", ()]))]
        for _ in range(50)
    ]
    fresh = [compile_plan(plan.demand, limits=plan.limits).shortfall(person) for person in people]
    assert fresh == [plan.shortfall(person) for person in people]


def said_of(plan, cells, claim):
    """Return what the check says of the places and the words of a claim."""
    return {(problem.path, problem.message) for problem in check_proof(plan, cells, claim)}


def test_each_falsehood_about_seats_is_said_with_the_place_where_it_stands():
    """Of 4 hours online 3 may count, and the cell has 4: 5 of it are one too many, and two too many under the limit."""
    plan = compile_plan(group("total", 4, leaf("ethics", 2)), limits=[Limit(name="online", maximum=3)])
    cells = [cell(4, "total", limits="online"), cell(2, "ethics")]
    claim = claim_of(plan.allocate(cells))
    by_place = {one.demand: one for one in claim.assignment}

    def said(**changed):
        seated = (attrs.evolve(by_place["total"], **changed), by_place["ethics"])
        return said_of(plan, cells, attrs.evolve(claim, assignment=seated))

    assert ("assignment", "there is no demand 'nowhere'") in said(demand="nowhere")
    assert ("assignment", "a cell is placed in 'ethics', which it does not serve") in said(demand="ethics")
    assert said(amount=0) == {("assignment", "0 units are placed in 'total'; must be more than 0")}
    assert said(amount=5) >= {
        ("assignment", "5 units are counted of a cell that has 4"),
        ("assignment", "5 units are counted under 'online', whose maximum is 3"),
    }
    assert said(amount=4) == {("assignment", "4 units are counted under 'online', whose maximum is 3")}
    assert said(amount=3) == set()


def test_each_falsehood_about_what_is_missing_or_collides_is_said_with_the_place_where_it_stands():
    """Of 5 hours of ethics 2 are there, so 3 are missing there, and an hour more of ethics would help."""
    plan = compile_plan(group("total", 5, leaf("ethics", 5)))
    cells = [cell(2, "ethics")]
    claim = claim_of(plan.allocate(cells))
    [collision] = claim.collisions

    def said(**changed):
        return said_of(plan, cells, attrs.evolve(claim, **changed))

    assert said() == set()
    assert ("collision.demands", "are not those where one more unit would help") in said(
        collisions=(attrs.evolve(collision, demands=["total"]),)
    )
    assert ("collision.needed", "is 6, but the weights give 5") in said(collisions=(attrs.evolve(collision, needed=6),))
    assert ("collision.available", "is 1, but the weights give 2") in said(
        collisions=(attrs.evolve(collision, available=1),)
    )
    assert ("collisions", "prove a shortfall of only 0, but the shortfall is 3") in said(collisions=())
    assert ("missing", "adds up to 2, but the shortfall is 3") in said(missing={"ethics": 2})
    assert ("missing", "must be amounts of 0 or more, by the names of demands in the plan") in said(
        missing={"ethics": 4, "total": -1}
    )
    assert ("ethics", "has 4 with the missing units, and its minimum is 5") in said(missing={"ethics": 2})
    assert ("supplements", "do not match the missing units") in said(supplements=())
    assert ("supplements", "do not add up to the shortfall of 3") in said(supplements=())
    assert said(met=True) == {("met", "is True, but the shortfall is 3")}


def test_what_serves_a_shared_demand_sits_in_the_one_that_it_is_part_of():
    """Four hours are practice, and in it ethics and live at once; left out of practice, they are neither."""
    rules = group(
        "total", 8, group("practice", 4, leaf("ethics", 3), leaf("live", 4), kind="shared"), leaf("theory", 4)
    )
    plan = compile_plan(rules)
    cells = [cell(4, "ethics", "live"), cell(4, "theory")]
    claim = claim_of(plan.allocate(cells))
    left = tuple(one for one in claim.assignment if one.demand != "practice")
    said = said_of(plan, cells, attrs.evolve(claim, assignment=left))
    for name in ("ethics", "live"):
        assert ("assignment", f"more of a cell is placed in {name!r} than in the demand that contains it") in said


def test_where_nothing_is_short_nothing_collides():
    plan = compile_plan(leaf("total", 5))
    short, met = [cell(2, "total")], [cell(5, "total")]
    false = attrs.evolve(claim_of(plan.allocate(met)), collisions=plan.allocate(short).collisions)
    assert said_of(plan, met, false) == {("collisions", "must be empty when nothing is short")}


def test_what_is_missing_in_a_shared_demand_is_missing_where_it_is_part_of():
    """Three of ethics and four live are missing in practice, at once in four hours; without those four they sit nowhere."""
    rules = group(
        "total", 8, group("practice", 4, leaf("ethics", 3), leaf("live", 4), kind="shared"), leaf("theory", 4)
    )
    plan = compile_plan(rules)
    cells = [cell(4, "theory")]
    claim = claim_of(plan.allocate(cells))
    assert claim.missing == {"practice": 4, "ethics": 3, "live": 4}
    left = {name: amount for name, amount in claim.missing.items() if name != "practice"}
    said = said_of(plan, cells, attrs.evolve(claim, missing=left))
    for name in ("ethics", "live"):
        assert ("missing", f"more is missing in {name!r} than in the demand that contains it") in said
