"""The standing over time is on each day what it is when only that day is asked about, however many applications came."""

from datetime import date, timedelta
from random import Random

import attrs
import pytest

from boards import COVERED, act, board, filed, ruled
from effort import sized
from peer_ledger import Ledger, evaluate, ruleset, standing_history
from peer_ledger.evaluation._over_time import StandingOverTime, _Stands
from peer_ledger.rules import Anniversary, EffectiveFrom, MethodDay, RelativeDate

FIRST = date(2020, 1, 1)
DAYS = 1200


def with_another_edition_by_mail():
    """Return rules under which an application by mail is in time for 20 days more, and any other for 30."""
    rules = board(cycle=Anniversary(months=12), edition={"timely_until": RelativeDate(of="due", days=20)})
    [procedure] = rules.procedures
    begins = EffectiveFrom(
        day=date(2020, 6, 1), by_method=(MethodDay(method="mail", day=date(2030, 1, 1)),), cites=("P",)
    )
    later = {"id": "renewal-2", "begins": begins, "timely_until": RelativeDate(of="due", days=30)}
    editions = (*procedure.editions, attrs.evolve(procedure.editions[0], **later))
    return attrs.evolve(rules, procedures=(attrs.evolve(procedure, editions=editions),))


RULES = {
    "a board with an edition by mail": with_another_edition_by_mail(),
    "a board": board(cycle=Anniversary(months=12)),
    "a board with late filing": board(
        cycle=Anniversary(months=12), edition={"late_until": RelativeDate(of="due", days=60)}
    ),
    "a board that lets people practice for ten days after they apply late": board(
        cycle=Anniversary(months=12),
        edition={"late_until": RelativeDate(of="due", days=60), "in_force_until": RelativeDate(of="filing", days=10)},
    ),
    "a board whose certificates never end": board(cycle=Anniversary(months=9), unending=True),
    "us-nc-cpss": ruleset("us-nc-cpss"),
    "us-il-crss": ruleset("us-il-crss"),
}
METHODS = (None, "mail", "online")


def any_day(chance):
    """Return a day, often one near the end of a cycle."""
    return FIRST + timedelta(
        chance.choice([chance.randrange(DAYS), chance.choice([0, 365, 366, 425, 730]) + chance.randrange(4)])
    )


def applied(chance, number, credential):
    """Return an application, by any method, of which both days are on file or only one."""
    sent = any_day(chance)
    received = sent + timedelta(chance.choice([0, 1, 30]))
    days = chance.choice([(sent, None), (None, sent), (sent, received), (sent, received)])
    step = chance.choice(["renewal", "renewal", "renewal", "reinstatement", "initial"])
    made = filed(f"f-{number}", days[0], received=days[1], method=chance.choice(METHODS), step=step)
    return attrs.evolve(made, credential=credential)


def a_life(name, seed):
    """Return a ledger of somebody with many applications, and the rules."""
    rules, chance = RULES[name], Random(f"{name}/{seed}")
    acts = [act("a", "awarded", FIRST)]
    kinds = ["renewed", "renewed", "suspended", "reinstated", "refused", "made-inactive"]
    acts += [act(f"a-{place}", chance.choice(kinds), any_day(chance)) for place in range(chance.choice([0, 1, 3]))]
    filings = [applied(chance, number, rules.id) for number in range(chance.choice([2, 5, 12]))]
    if chance.random() < 0.4:
        answered = chance.choice(filings)
        acts.append(act("answer", chance.choice(["renewed", "refused"]), any_day(chance), filing=answered.id))
    ledger = Ledger()
    ledger.append(attrs.evolve(one, credential=rules.id) for one in acts)
    ledger.append(filings)
    ledger.append(COVERED if chance.random() < 0.6 else [])
    if chance.random() < 0.3:
        moved = ruled(chance.choice(["due", "late_until"]), "moves", on=any_day(chance), day=any_day(chance))
        ledger.append(attrs.evolve(moved, credential=rules.id))
    return ledger, rules


def differing(name, seed):
    """Return the days on which the standing over time is not what it is when only that day is asked about."""
    ledger, rules = a_life(name, seed)
    periods = standing_history(ledger, "p", until=FIRST + timedelta(DAYS), ruleset=rules)
    days = {period.begins + timedelta(more) for period in periods for more in (-1, 0)}
    days |= {period.begins + (period.ends - period.begins) * share / 8 for period in periods for share in range(8)}
    came = [filing.filed_on for filing in ledger.records_of("p") if hasattr(filing, "filed_on")]
    days |= {day + timedelta(more) for day in came for more in (0, 1)}
    found = []
    for day in sorted(day for day in days if periods and periods[0].begins <= day < periods[-1].ends):
        [period] = [period for period in periods if period.begins <= day < period.ends]
        report = evaluate(ledger, "p", on=day, ruleset=rules)
        if (period.standing, period.in_force) != (report.standing, report.in_force):
            found.append(day)
    return found


@pytest.mark.parametrize("name", RULES)
def test_a_day_is_answered_as_when_only_it_is_asked_about(name):
    assert not [seed for seed in range(sized(60, 6)) if differing(name, seed)]


def test_only_a_new_application_is_looked_at_where_nothing_else_came(monkeypatch):
    """Otherwise the comparison above would compare nothing."""
    taken, after = [], StandingOverTime._after_applications

    def counted(self, day):
        found = after(self, day)
        taken.append(found is not None)
        return found

    monkeypatch.setattr(StandingOverTime, "_after_applications", counted)
    for name in RULES:
        assert not differing(name, 0)
    assert taken.count(True) > 5 < taken.count(False)


def whatever_it_changes(self, day):
    """Take a new application to change nothing."""
    before = self._known(day - timedelta(1))
    filed = self._only_filed.get(day)
    return None if filed is None or before is None else self._stood[before.begins]


def without_its_days(self, day, *, after=StandingOverTime._after_applications):
    """Forget the days on which a new application may change how the certificate stands."""
    found, before = after(self, day), self._known(day - timedelta(1))
    return None if found is None else _Stands(*found[:2], self._stood[before.begins].changing, found.is_sure)


def test_a_new_application_brings_its_own_days():
    """
    Due on December 31, and filed online, the certificate is current until January 30; filed by mail, until January 20.

    Neither application meets what is asked, so the one that came last is looked at.
    """
    ledger = Ledger()
    ledger.append([*COVERED, act("a", "awarded", FIRST)])
    ledger.append([filed("f-1", date(2021, 1, 5), method="online"), filed("f-2", date(2021, 1, 10), method="mail")])
    rules = RULES["a board with an edition by mail"]
    current, pending = standing_history(ledger, "p", until="2022-01-01", ruleset=rules)
    assert ("current", "yes", FIRST) == (current.standing, current.in_force, current.begins)
    assert ("pending", "no", date(2021, 1, 21)) == (pending.standing, pending.in_force, pending.begins)


@pytest.mark.parametrize("fault", [whatever_it_changes, without_its_days])
def test_the_comparison_finds_a_fault(monkeypatch, fault):
    monkeypatch.setattr(StandingOverTime, "_after_applications", fault)
    assert any(differing(name, seed) for seed in range(60) for name in RULES)
