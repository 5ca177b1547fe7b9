"""
What two versions of the package are asked about: random lives, each of which follows from its seed alone, and written ones.

Random lives are of four sorts: lives in North Carolina with all oddities of `lives_nc`; lives under any bundled rule set;
people of whom each has the certificates of one life and all else of one; and people who filed alike, about all of whom
the same may be odd.  Written ones are the example and the worked cases.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import cache
from importlib.resources import as_file, files
from itertools import product
from random import Random
from typing import Any, NamedTuple

import attrs
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as from_seed
from hypothesis import strategies as st

import filed_alike
import lives_nc
from peer_ledger import (
    Certification,
    Credit,
    Designation,
    Document,
    Record,
    Review,
    RuleSet,
    Ruling,
    TrainingEvent,
    ruleset,
    ruleset_ids,
)
from peer_ledger.example import ON, import_example
from peer_ledger.records import Origin
from peer_ledger.rulesets import consulted_by
from peer_ledger.testing import days_about, lives, read_cases


class Drawn(NamedTuple):
    """
    A life, or some, and what is asked.

    Attributes:
        records: The records.
        asked: What is asked in turn: of `evaluate` where a person is named, and else of `evaluate_all`.
    """

    records: Sequence[Record]
    asked: list[dict[str, Any]]


def life_of(seed: int) -> Drawn:
    """Return the lives of a seed, and what is asked about them; a negative one stands for what is written."""
    if seed < 0:
        return written()[~seed]
    sort = SORTS[seed % len(SORTS)]
    return sort(seed)


def in_north_carolina(seed: int) -> Drawn:
    """Return a life with all oddities that the oracle knows."""
    life = lives_nc.Life(seed)
    rest: tuple[dict[str, Any], ...] = ({}, {"strict": True}, {"readings": life.readings}, {"readings": life.readings})
    return Drawn(life.records, [{"on": on, **how} for on, how in zip(life.days(4), rest, strict=True)])


def under_any_rules(seed: int) -> Drawn:
    """Return a life under some rule set, near its boundaries."""
    rules = rules_of(seed)

    def draw(of: Callable[[Any], Any]) -> Drawn:
        records = of(lives(rules, beside=consulted_by(rules).values()))
        days = [of(days_about(rules, records)) for _ in range(3)]
        rest: tuple[dict[str, Any], ...] = ({}, {}, {"strict": True})
        return Drawn(records, [{"on": on, "ruleset": rules, **how} for on, how in zip(days, rest, strict=True)])

    return drawn_once(draw, seed)


def exchanged(seed: int) -> Drawn:
    """Return people of whom each has the certificates of one life and all else of one."""
    rules = rules_of(seed)

    def draw(of: Callable[[Any], Any]) -> Drawn:
        each = [of(lives(rules)) for _ in range(2)]
        days = [of(days_about(rules, records)) for records in each]
        return Drawn([*_exchanged(each)], [{"on": on, "ruleset": rules} for on in days])

    return drawn_once(draw, seed)


def _exchanged(each: Sequence[Sequence[Record]]) -> Iterator[Record]:
    for (which, held), (other, rest) in product(enumerate(each), repeat=2):
        kept = [record for record in held if isinstance(record, Certification)]
        kept += [record for record in rest if isinstance(record, TrainingEvent | Document | Designation)]
        for number, record in enumerate(kept):
            yield attrs.evolve(record, id=f"{which}-{other}-{number}", person=f"p-{which}-{other}", replaces=None)


def who_filed(seed: int) -> Drawn:
    """Return people who filed alike, about all of whom the same may be odd."""
    random, rules = Random(seed), rules_of(seed)
    records = filed_alike.people_filed_alike(random, rules, 8)
    trainings: dict[str, list[TrainingEvent]] = {}
    for record in records:
        if isinstance(record, TrainingEvent):
            trainings.setdefault(record.person, []).append(record)
    for oddity in random.sample(ODD, random.choice((0, 1, 1, 2))):
        after = random.randrange(2)
        for who, mine in trainings.items():
            records += oddity(rules, who, mine[-1 - after % len(mine)], Random(seed))
    days = [filed_alike.ON + timedelta(days=after) for after in (0, random.choice((1, 20, 60)))]
    return Drawn(records, [{"on": on, "ruleset": rules} for on in days])


def _rejected(rules: RuleSet, who: str, training: TrainingEvent, random: Random) -> list[Record]:
    on, decision = training.completed + timedelta(days=random.choice((0, 9))), random.choice(("rejected", "approved"))
    return [Review(id=f"v-{who}", person=who, event=training.id, decision=decision, on=on)]


def _moved(rules: RuleSet, who: str, training: TrainingEvent, random: Random) -> list[Record]:
    on, day = filed_alike.ON - timedelta(days=100), filed_alike.ON + timedelta(days=random.choice((-5, 0, 50)))
    return [
        Ruling(id=f"r-{who}", person=who, credential=rules.id, effect="moves", requirement="due", on=on, day=day),
    ]


def _equal_row(rules: RuleSet, who: str, training: TrainingEvent, random: Random) -> list[Record]:
    return [attrs.evolve(training, id=f"x-{who}", title=random.choice((training.title, None)))]


def _again(rules: RuleSet, who: str, training: TrainingEvent, random: Random) -> list[Record]:
    return [attrs.evolve(training, id=f"w-{who}", completed=training.completed - timedelta(days=random.randrange(60)))]


def _disagreeing(rules: RuleSet, who: str, training: TrainingEvent, random: Random) -> list[Record]:
    """Return the rows of another list, which has other hours or topics for one to three trainings."""
    found: list[Record] = []
    for number in range(random.choice((1, 3))):
        event = attrs.evolve(training, id=f"y-{who}-{number}", title=f"Other {number}", origin=_origin("one", number))
        [credit, *_] = training.credits or [Credit(amount=3)]
        other = random.choice((attrs.evolve(credit, amount=credit.amount + 1), attrs.evolve(credit, topics={"ethics"})))
        found += [event, attrs.evolve(event, id=f"z-{who}-{number}", credits=[other], origin=_origin("two", number))]
    return found


def _origin(source: str, number: int) -> Origin:
    return Origin(source=source, key=(str(number),))


def _unknown_length(rules: RuleSet, who: str, training: TrainingEvent, random: Random) -> list[Record]:
    return [TrainingEvent(id=f"u-{who}", person=who, completed=training.completed, title="Of any length")]


ODD = (_rejected, _moved, _equal_row, _again, _disagreeing, _unknown_length)
"""What may be odd about people who filed."""

SORTS = (in_north_carolina, under_any_rules, exchanged, under_any_rules, who_filed)
"""The sorts of lives, in turn."""


def drawn_once(draw: Callable[[Callable[[Any], Any]], Drawn], seed: int) -> Drawn:
    """Return what is drawn from strategies with a seed; the first draw of Hypothesis is always its simplest one."""
    found: list[Drawn] = []
    run = given(st.data())(lambda data: found.append(draw(data.draw)))
    of_few = settings(
        max_examples=2, phases=[Phase.generate], deadline=None, database=None, derandomize=False,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    from_seed(seed)(of_few(run))()
    return found[-1]


@cache
def _weighted_ids() -> tuple[str, ...]:
    """Return the ids of rule sets, those that say much several times."""
    times = {"named": 1, "partial": 2, "complete": 6}
    return tuple(name for name in ruleset_ids() for _ in range(times[ruleset(name).grade]))


def rules_of(seed: int) -> RuleSet:
    """Return the rule set that a life is about."""
    return ruleset(Random(f"rules {seed}").choice(_weighted_ids()))


@cache
def written() -> tuple[Drawn, ...]:
    """Return the example, asked about on four days, and the worked cases of the bundled rule sets."""
    ledger, _ = import_example()
    days = [{"on": ON + timedelta(days=days)} for days in (-400, 0, 90, 500)]
    found = [Drawn([entry.record for entry in ledger if entry.record is not None], days)]
    for entry in sorted(files("peer_ledger.rulesets").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".cases.toml"):
            with as_file(entry) as path:
                found += [
                    Drawn(
                        case.records,
                        [
                            {
                                "person": case.person, "on": case.on, "ruleset": case.ruleset,
                                "readings": case.readings, "cycle": case.cycle,
                            }
                        ],
                    )
                    for case in read_cases(path)
                ]  # fmt: skip
    return tuple(found)
