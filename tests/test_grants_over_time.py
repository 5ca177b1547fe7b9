"""The grants of a certificate on any day are those that the acts until that day make."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards import AWARD, act, board, document, ruled
from effort import effort
from peer_ledger import Ledger, MonthDay, ruleset, ruleset_ids
from peer_ledger.evaluation._days import LAST_DAY
from peer_ledger.evaluation._grants import grants_on
from peer_ledger.evaluation._grants_over_time import GrantsOverTime
from peer_ledger.evaluation._history import Dossiers
from peer_ledger.rules import Birthday, Readings, questions_of
from peer_ledger.testing import lives
from peer_ledger.testing._lives import PERSON
from peer_ledger.values.dates import DAY, as_day


def compare(rules, records, taken, days, *, person=PERSON):
    """Check grants, standing and the questions asked on some days, in any order."""
    ledger = Ledger()
    ledger.append(records)
    dossier = Dossiers(ledger).of(person)
    over_time = GrantsOverTime(dossier.on(LAST_DAY, credential=rules.id), rules)
    for day in days:
        history = dossier.on(day, credential=rules.id)
        apart, together = (Readings(questions_of(rules), taken) for _ in range(2))
        assert grants_on(history, rules, apart) == over_time.until(history, rules, together)
        assert apart.asked == together.asked


def one_of_each_kind():
    """Return a rule set for each kind of cycles, and of those that have levels, share a clock or need no renewal."""
    found = {}
    for name in ruleset_ids():
        rules = ruleset(name)
        found.setdefault(
            (type(rules.cycle), bool(rules.provisional), bool(rules.clock_with), bool(rules.unending)), name
        )
    return sorted(found.values())


@pytest.mark.parametrize("name", one_of_each_kind())
@given(st.data())
@effort(40)
def test_grants_on_a_day_are_the_first_of_all_grants(name, data):
    """Whatever the life, and whichever readings are taken."""
    rules = ruleset(name)
    records = data.draw(lives(rules))
    taken = {
        question.id: data.draw(st.sampled_from([reading.id for reading in question.readings]))
        for question in questions_of(rules)
    }
    days = {record.on for record in records if getattr(record, "on", None) is not None}
    days |= {day - DAY for day in days} | {LAST_DAY}
    compare(rules, records, taken, data.draw(st.permutations(sorted(days))))


LIFE = [
    AWARD,
    act("r-1", "renewed", "2026-05-01"),
    act("s-1", "suspended", "2026-09-01"),
    act("s-2", "reinstated", "2026-10-01"),
    act("r-2", "renewed", "2028-05-01", expires="2030-05-31"),
    act("s-3", "revoked", "2029-01-01"),
]


def test_what_is_granted_and_what_ended_it_is_told_day_by_day():
    """Two years from June 1, 2024: renewed, suspended, resumed, renewed, revoked."""
    rules = board()
    ledger = Ledger()
    ledger.append(LIFE)
    dossier = Dossiers(ledger).of("p")
    over_time = GrantsOverTime(dossier.on(LAST_DAY, credential=rules.id), rules)
    found = []
    for day in ("2029-01-01", "2024-05-31", "2026-09-30", "2026-05-01", "2026-10-01", "2028-12-31"):
        history = dossier.on(as_day(day), credential=rules.id)
        grants, ended = over_time.until(history, rules, Readings(questions_of(rules)))
        found.append(([grant.act.id for grant in grants], ended))
    assert [
        (["c", "r-1", "r-2"], "revoked"),
        ([], None),
        (["c", "r-1"], "suspended"),
        (["c", "r-1"], None),
        (["c", "r-1"], None),
        (["c", "r-1", "r-2"], None),
    ] == found


def test_a_ruling_that_moves_a_date_is_not_known_before_it_was_made():
    """The due date of the award is moved in 2026; asked about the year before, it is where it was."""
    moving = ruled("due", "moves", on="2026-05-15", day="2026-08-31")
    days = [as_day(day) for day in ("2026-05-14", "2026-05-15", "2025-01-01", "2027-01-01")]
    compare(board(), [AWARD, moving], {}, days, person="p")


def test_a_birthday_is_not_known_before_it_was_recorded():
    """The first cycle ends before the first birthday, May 5, 2025, or nobody knows when."""
    born = document("b", "birthday", on="2024-09-01", value=MonthDay(5, 5))
    days = [as_day(day) for day in ("2024-08-31", "2024-09-01", "2026-01-01", "2024-06-01")]
    compare(board(cycle=Birthday()), [AWARD, born], {}, days, person="p")


def test_a_clock_that_is_shared_starts_with_another_certificate():
    """The award of the other certificate, on March 1, 2025, restarts the cycle, but not the day before."""
    other = act("o", "awarded", "2025-03-01", credential="zz-other")
    days = [as_day(day) for day in ("2025-02-28", "2025-03-01", "2026-07-01")]
    compare(board(clock_with=("zz-other",)), [AWARD, other], {}, days, person="p")


def test_cycles_that_follow_without_an_act_end_with_the_day_asked_about():
    """A certificate that need not be renewed: on June 1, 2028, the third cycle of two years begins."""
    days = [as_day(day) for day in ("2028-05-31", "2028-06-01", "2024-06-01")]
    compare(board(unending=True), [AWARD], {}, days, person="p")
