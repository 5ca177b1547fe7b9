"""The credits of a person as an allocation sees them: whole units, and what each may serve."""

from fractions import Fraction
from types import SimpleNamespace

from peer_ledger.evaluation._hours_cells import HoursCells
from peer_ledger.rules import Unstated

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def event(name):
    return SimpleNamespace(record=SimpleNamespace(id=name))


def item(name, key, hours, fits, might_fit=None, caps=(), sure_caps=(), *, is_vague=False):
    fit = SimpleNamespace(
        fits=frozenset(fits),
        might_fit=frozenset(fits if might_fit is None else might_fit),
        caps=frozenset(caps),
        sure_caps=frozenset(sure_caps),
    )
    return SimpleNamespace(event=event(name), key=key, hours=hours, fit=fit, is_vague=is_vague)


def taken(hours, at_most=None, parts=()):
    return SimpleNamespace(hours=hours, at_most=at_most, parts=parts)


def claim(uses=(), **credits_):
    return SimpleNamespace(uses=[SimpleNamespace(taken=one, caps=caps) for one, caps in uses], credits=credits_)


def credit(name, hours, fits, caps=()):
    return SimpleNamespace(event=event(name), hours=hours, fits=frozenset(fits), caps=frozenset(caps))


def cells_of(items, claims=(), needs=None, limits=None, carried=None):
    carry_over = None if carried is None else SimpleNamespace(at_most=carried)
    asked = SimpleNamespace(
        needs={"whole": Fraction(2)} if needs is None else needs,
        limits=limits or {},
        hours=SimpleNamespace(carry_over=carry_over),
        divisible=True,
    )
    fits = [one.fit for one in items]
    is_unsure = any(fit.fits != fit.might_fit or fit.caps != fit.sure_caps for fit in fits)
    return HoursCells(asked, SimpleNamespace(items=items, is_unsure=is_unsure), tuple(claims))


def test_every_figure_and_every_credit_is_a_whole_number_of_units():
    """Each of them in turn has a denominator that no other has."""
    fifth, seventh, ninth = Fraction(1, 5), Fraction(1, 7), Fraction(1, 9)
    items = [item("e-1", "a", Fraction(3, 4), {"whole"})]
    claims = [
        claim([(taken(HALF, fifth, [taken(seventh)]), [("cap", ninth)])], b=credit("e-2", Fraction(1, 11), {"old"}))
    ]
    found = cells_of(
        items,
        claims,
        {"whole": Fraction(2), "part": THIRD, "open": Unstated(says="x")},
        {"cap": Fraction(1, 13)},
        "0.0625",
    )
    assert found.scale == 16 * 5 * 7 * 9 * 11 * 13  # fmt: skip
    assert cells_of([]).scale == 1


def test_credits_are_amounts_of_units_with_what_they_serve_surely_or_perhaps():
    """One and a half hours and a third are nine and two units of a sixth; the second serves the part perhaps."""
    items = [
        item("e-1", "a", Fraction(3, 2), {"whole"}, caps={"cap"}, sure_caps={"sure"}),
        item("e-1", "b", THIRD, {}, {"part"}, caps={"cap"}),
        item("e-2", "c", Fraction(1), {}),
    ]
    found = cells_of(items)
    assert found.scale == 6
    assert found.beyond == 9 + 2 + 6 + 1

    def seen(*, favorable):
        return [
            (one.record.id, [(cell.key, cell.amount, set(cell.serves), set(cell.limits)) for cell in cells])
            for one, cells in found.options({"cap"}, favorable=favorable)
        ]

    assert seen(favorable=False) == [("e-1", [("a", 9, {"whole"}, {"cap"})]), ("e-2", [])]
    assert seen(favorable=True) == [
        ("e-1", [("a", 9, {"whole"}, {"sure"}), ("b", 2, {"part"}, set())]),
        ("e-2", []),
    ]
    assert found.options({"cap"}, favorable=True) is found.options({"cap"}, favorable=True)
    assert found.options(set(), favorable=True) is not found.options({"cap"}, favorable=True)


def test_training_without_an_amount_is_more_than_all_figures_together():
    """Two hours and a half are needed, so three in units of half an hour: five and one."""
    found = cells_of(
        [item("e-1", "a", Fraction(0), {"whole"}, is_vague=True)], needs={"whole": Fraction(2), "part": HALF}
    )
    [(_, [cell])] = found.options(set(), favorable=False)
    assert cell.amount == 5 + 1


def test_credits_that_earlier_requirements_use_serve_those_as_well_or_only():
    """The first serves both; the second is of an earlier one alone, and held back by those of its limits that there are."""
    items = [item("e-1", "a", Fraction(1), {"whole"})]
    claims = [
        claim(a=credit("e-1", Fraction(1), {"earlier"}), b=credit("e-2", Fraction(3, 2), {"earlier"}, {"cap", "gone"})),
        claim(b=credit("e-2", Fraction(3, 2), {"latest"}, {"other"}), c=credit("e-2", HALF, {"latest"})),
    ]
    found = cells_of(items, claims)
    assert found.scale == 2
    assert found.beyond == 2 + 3 + 1 + 1
    assert found.claiming("a") == {"earlier"}
    assert found.claiming("b") == {"earlier", "latest"}
    assert cells_of(items).claiming("a") == frozenset()
    options = found.options({"cap", "other", "own"}, favorable=False)
    seen = [
        (one.record.id, [(cell.key, cell.amount, set(cell.serves), set(cell.limits), cell.divisible) for cell in cells])
        for one, cells in options
    ]
    assert seen == [
        ("e-1", [("a", 2, {"whole", "earlier"}, set(), True)]),
        ("e-2", [("b", 3, {"earlier", "latest"}, {"cap", "other"}, True), ("c", 1, {"latest"}, set(), True)]),
    ]
