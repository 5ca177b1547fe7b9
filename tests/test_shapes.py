"""Due dates whose days lie alike are answered from one draft, exactly as if each were worked out by itself."""

from datetime import date, timedelta
from functools import partial

import attrs
import pytest

import test_evaluation as small
from effort import looked_at, sized
from peer_ledger import Certification, Coverage, Credit, Ledger, TrainingEvent, ruleset_ids
from peer_ledger.evaluation import _known as known_rules
from peer_ledger.evaluation import _layout as layout
from peer_ledger.evaluation import _shapes as shapes
from peer_ledger.evaluation import _shared_lives as shared_lives
from peer_ledger.evaluation._asking import Asking
from peer_ledger.evaluation._dossiers import Dossiers
from peer_ledger.evaluation._join import Join
from peer_ledger.evaluation._patterns import pattern_of
from peer_ledger.evaluation._position import forget_positions
from peer_ledger.evaluation._rule_sets import RuleSetsAtHand
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.rules import Procedure, RelativeDate

DAY = timedelta(days=1)
ON = date(2026, 2, 27)
"""Shortly before the end of February, where months are short."""

NEAR = [*range(-400, -360), *range(-190, -175), *range(-95, -85), *range(-65, -25), *range(-3, 35), *range(58, 95)]
"""How many days after the day asked about certificates are due: around the ends of the windows that rules name."""

FAR = [*range(-1500, 1500, 37)]
EVERYTHING = ("certification", "filing", "training-event", "document", "designation")


def held(credential, number, due):
    """Return what somebody has on file whose certificate is due on a day; on every fourth no expiry is printed."""
    person = f"p-{number:04}"
    printed = None if number % 4 == 3 else due
    award = Certification(
        id=f"c-{person}", person=person, credential=credential, act="awarded", on=due - 730 * DAY, expires=printed
    )
    hours = [Credit(amount=number % 60 or 5, topics={"ethics"} if number % 3 else None)]
    training = TrainingEvent(id=f"e-{person}", person=person, completed=due - 90 * DAY, title="Ethics", credits=hours)
    # Of every second person all acts of the board are known to be on file.
    known = [Coverage(id=f"all-{person}", person=person, covers="certification")] if number % 2 else []
    return [award, training, *known]


def differing(rules, offsets, *, covered=EVERYTHING, on=ON):
    """Return whose headline is another one if it is found by shape and pattern; and what was asked."""
    forget_positions()
    asking, ledger = Asking(RuleSetsAtHand(None), rules, None), Ledger()
    credential = asking.rules.id
    for number, offset in enumerate(offsets):
        ledger.append(held(credential, number, on + offset * DAY))
    ledger.append([Coverage(id=f"all-{what}", covers=what) for what in covered])
    found = []
    for dossier in Dossiers(ledger).of_each(list(ledger.people())):
        history, position = dossier.on(on, credential=credential), asking.position_of(dossier, on)
        again = Scenarios(position, history)
        join = partial(Join, again)
        pattern = pattern_of(again, join)
        quick = None if pattern is None else pattern.headline(join)
        if quick is not None and quick != Join(Scenarios(position, history)).headline():
            found.append(history.person)
    return found, asking.position


@pytest.mark.parametrize("credential", looked_at(ruleset_ids()))
def test_due_dates_of_a_shape_are_answered_as_each_alone(credential):
    found, _ = differing(credential, sized([*NEAR, *FAR], [*NEAR[::6], *FAR[::8]]))
    assert found == []


@pytest.mark.parametrize("credential", looked_at(["us-nc-cpss", "us-ky-apss", "us-oh-cprs", "us-tx-mhps"]))
def test_so_they_are_where_little_is_known_to_be_on_file(credential):
    found, _ = differing(credential, NEAR[::3], covered=("training-event",))
    assert found == []


def test_a_due_date_on_a_day_that_the_rules_name_lies_like_no_other():
    """The day asked about is named, and so are the days around it: what ends on it has not ended the day before."""
    _, position = differing("us-nc-cpss", [-2, -1, 0, 99, 1, 2])  # on the fourth no expiry is printed
    drafts = {key.due: id(prepared.draft) for key, prepared in position.tests.items()}
    around = [drafts[ON + offset * DAY] for offset in range(-2, 3)]
    assert len(set(around)) == len(around)


def test_due_dates_share_few_drafts():
    """150 due dates that are far from all days that the rules name: only their late windows come in different orders."""
    found, position = differing("us-nc-cpss", range(200, 350))
    assert found == []
    assert len(position.tests) > 100
    assert len(position.drafts) * 4 < len(position.tests)


def late_by_half_a_year():
    """A certificate may be renewed for six months after it expired, and holds for one month of them."""
    rules = small.rules(small.hours(8))
    procedure = rules.procedures[0]
    windows = {"late_until": RelativeDate(of="due", months=6), "in_force_until": RelativeDate(of="due", days=30)}
    edition = attrs.evolve(procedure.editions[0], opens=RelativeDate(of="due", days=-60), **windows)
    return attrs.evolve(rules, procedures=(attrs.evolve(procedure, editions=(edition,)), *rules.procedures[1:]))


def late_by_a_month_or_thirty_days():
    """
    In time is a month after the certificate expired, and late thirty days after; it lapses on the later of the two days.

    In months of 31 days that is the one, and in others the other.  For half a year more it can be reinstated.
    """
    rules = late_by_half_a_year()
    windows = {"timely_until": RelativeDate(of="due", months=1), "late_until": RelativeDate(of="due", days=30)}
    [renewal] = rules.procedures
    [edition] = renewal.editions
    again = attrs.evolve(
        edition, id="again-1", opens=None, in_force_until=None, late_until=RelativeDate(of="lapse", months=6)
    )
    procedures = (
        attrs.evolve(renewal, editions=(attrs.evolve(edition, in_force_until=None, **windows),)),
        Procedure(step="reinstatement", editions=(again,)),
    )
    return attrs.evolve(rules, procedures=procedures)


@pytest.mark.parametrize("rules", [late_by_half_a_year, late_by_a_month_or_thirty_days])
def test_windows_begin_and_end_for_each_due_date_by_itself(rules):
    found, position = differing(rules(), range(-400, 400, 3))
    assert found == []
    assert len(position.drafts) * 4 < len(position.tests)


@pytest.fixture
def nothing_known():
    """Return what forgets all that is known of rule sets, as is done again after a test with a fault."""
    yield known_rules._known.cache_clear
    known_rules._known.cache_clear()


def seen_without(forget):
    """Return a fault: of how the days lie something is forgotten."""

    def plant(patch):
        real = shapes.Shapes.of

        def fault(self, key, grant):
            placed = real(self, key, grant)
            known, *each = placed.shape
            return placed._replace(shape=(known, *[forget(lies) for lies in each])) if grant else placed

        patch.setattr(shapes.Shapes, "of", fault)

    return plant


def forget_the_notice(patch):
    real = shapes.Shapes.__init__

    def fault(self, *rules):
        real(self, *rules)
        self._notice = timedelta(0)

    patch.setattr(shapes.Shapes, "__init__", fault)


def forget_what_is_known(patch):
    patch.setattr(shared_lives.LifeKey, "circumstances", ())


def show_the_days_of_the_first(patch):
    patch.setattr(layout.Draft, "tests", lambda self, _days, _grant: self.first)


@pytest.mark.parametrize(
    ("rules", "plant"),
    [
        (late_by_half_a_year, seen_without(lambda lies: lies and lies[0])),
        (late_by_a_month_or_thirty_days, seen_without(lambda lies: lies and lies[1])),
        (late_by_half_a_year, forget_the_notice),
        (late_by_half_a_year, forget_what_is_known),
        (late_by_half_a_year, show_the_days_of_the_first),
    ],
)
def test_a_fault_in_how_days_lie_shows(monkeypatch, nothing_known, rules, plant):
    covered = ("filing", "training-event", "document")
    assert differing(rules(), range(-400, 400, 3), covered=covered)[0] == []
    plant(monkeypatch)
    nothing_known()
    assert differing(rules(), range(-400, 400, 3), covered=covered)[0] != []
