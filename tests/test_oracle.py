"""
The package against an oracle that shares nothing with it, on random lives aimed at the edges.

`PEER_LEDGER_HISTORIES` says how many lives (1,500 unless told), `PEER_LEDGER_SEED` where they begin: every life has a
seed of its own, so that a difference is found again alone with `PEER_LEDGER_HISTORIES=1` and that seed.
`python tests/soak_oracle.py` compares as many as one likes, on all processors.
"""

import os
import time
from collections import Counter
from datetime import date, timedelta

import pytest

import lives_nc
import oracle_nc
from effort import sized
from lives_nc import PERSON
from oracle_differences import compare, differences, opened, show
from oracle_worlds import worlds
from peer_ledger.evaluation import evaluate, standing_history

HISTORIES = int(os.environ.get("PEER_LEDGER_HISTORIES", sized(1500, 100)))
SEED = int(os.environ.get("PEER_LEDGER_SEED", "20261121"))
SHOWN = 5
DAY = timedelta(days=1)


def test_the_package_agrees_with_the_oracle() -> None:
    """Whatever is odd about a life, a component is decided exactly where everything that may be so agrees on it."""
    began = time.perf_counter()
    wrong: list[str] = []
    kinds: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for seed in range(SEED, SEED + HISTORIES):
        for on, found in compare(lives_nc.Life(seed), seen):
            if found:
                kinds.update({found[0].split(":")[0]})
                wrong.append(show(seed, on, found))
    asked = sum(seen.values())
    took = time.perf_counter() - began
    print(f"\n{HISTORIES} lives from seed {SEED}, {asked} answers, {len(wrong)} different, {took:.1f} s")
    print(dict(seen.most_common()))
    assert not wrong, f"{len(wrong)} of {asked} answers differ {dict(kinds)}\n" + "\n".join(wrong[:SHOWN])


@pytest.mark.parametrize(
    "seed",
    [
        9021377,
        20004556,
        30001270,
        30010103,
        30010268,
        40063081,
        50014445,
        60018513,
        70063410,
        91024536,
        93072967,
        94071536,
        95157511,
    ],
)
def test_lives_in_which_one_of_the_two_was_wrong_once(seed: int) -> None:
    """Rows of one day in several lists, with titles, courses, providers and topics here and there."""
    life = lives_nc.Life(seed)
    found = [show(seed, on, differing) for on, differing in compare(life, Counter()) if differing]
    assert found == []
    (on,) = life.days(1)
    assert opened(life, on, Counter()) == []


def test_an_answer_is_decided_when_all_readings_of_the_open_questions_agree() -> None:
    """Section 6 of the design, word for word: some questions are left open, and the oracle goes through all answers."""
    lives = max(1, HISTORIES // 5)
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    for seed in range(SEED, SEED + lives):
        life = lives_nc.Life(seed)
        (on,) = life.days(1)
        if found := opened(life, on, seen):
            wrong.append(show(seed, on, found))
    print(f"\n{lives} lives from seed {SEED}, {len(wrong)} answers different")
    print(dict(seen.most_common()))
    assert not wrong, f"{len(wrong)} of {lives} answers differ\n" + "\n".join(wrong[:SHOWN])


def test_a_life_in_intervals_is_a_walk_day_by_day() -> None:
    lives = max(1, HISTORIES // sized(20, 40))
    wrong: list[str] = []
    days = 0
    for seed in range(SEED, SEED + lives):
        life = lives_nc.Life(seed, ())
        until = max(life.hot) + 80 * DAY
        got = [
            (period.begins, period.ends, period.standing, period.in_force)
            for period in standing_history(lives_nc.told(life), PERSON, until=until, readings=life.readings)
        ]
        expected = life.oracle().periods(until)
        days += (until - min(life.hot)).days
        if got != expected:
            wrong.append(
                show(
                    seed,
                    until,
                    [f"package {item}" for item in got if item not in expected]
                    + [f"oracle  {item}" for item in expected if item not in got],
                )
            )
    print(f"\n{lives} lives from seed {SEED}, {days} days walked, {len(wrong)} different")
    assert not wrong, f"{len(wrong)} of {lives} lives differ\n" + "\n".join(wrong[:SHOWN])


def test_a_closed_cycle_is_judged_as_if_it_were_the_day_of_filing() -> None:
    """A renewal is taken away, and the oracle is asked about its day, what was filed for it being pending."""
    wrong: list[str] = []
    judged = 0
    for seed in range(SEED, SEED + max(1, HISTORIES // 10)):
        life = lives_nc.Life(seed, ())
        acts = life.oracle().acts(date.max)
        grants = [act for act in acts if act.act in oracle_nc.GRANTS]
        if any(act.act != "renewed" for act in grants[1:]):
            continue  # Where somebody starts again, cycles are counted again.
        ledger = lives_nc.told(life)
        days = [life.oracle().act_day(act) for act in grants]
        for number in range(1, len(grants)):
            granted = days[number]
            filed = [one for day, one in life.oracle().filings(granted) if day > days[number - 1]]
            named = [one for one in filed if one.id == grants[number].filing] or filed
            # The renewal was granted on the filing that it names, or else on the last one.
            later = {one.id for one in (*grants[number:], *filed) if one not in named[-1:]}
            before = [record for record in life.records if record.id not in later]
            expected = worlds(before, PERSON, [life.readings], granted)
            (pending_since,) = expected.values("pending_since")
            report = evaluate(ledger, PERSON, on=granted + 30 * DAY, readings=life.readings, cycle=number)
            judged += 1
            if not expected.is_renewal or (named and pending_since is None):
                # The board renewed what had lapsed by the calendar, or on a filing that was not open any more; its act is
                # a fact, and it is judged as a renewal.
                found = [] if report.step == "renewal" else [f"step: package {report.step} of a renewal"]
            else:
                found = differences(report, expected)
            if found:
                wrong.append(show(seed, f"cycle {number}", found))
    print(f"\n{judged} closed cycles from seed {SEED}, {len(wrong)} different")
    assert not wrong, f"{len(wrong)} of {judged} closed cycles differ\n" + "\n".join(wrong[:SHOWN])
