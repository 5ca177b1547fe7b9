"""
Small rule sets that combine two things each which have to be settled together.

These are figures that no source states, hours that two credentials do not share, hours carried over, and courses that
count once.  The bundled rule sets have each of them somewhere, but few have two; a law that looks at bundled rule sets
alone would not notice what goes wrong between two.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

import attrs

from peer_ledger.rules import (
    Anniversary,
    Cap,
    CarryOver,
    Documents,
    Edition,
    Figure,
    Hours,
    Interval,
    NotSharedWith,
    Part,
    Procedure,
    RelativeDate,
    RuleSet,
    Source,
    TrainingFilter,
    Unstated,
    UnstatedQuantity,
)

_CITES = ("P",)
_PAGE = Source(id="P", title="The page", address="https://board.example", kind="board", seen=date(2026, 1, 2))
_CARRIED = CarryOver(at_most=4, cites=_CITES)


@attrs.frozen
class Combined:
    """
    A rule set that combines two things, and the rule sets that it looks at.

    Attributes:
        ruleset: The rule set.
        rulesets: All rule sets that there are, by id.
    """

    ruleset: RuleSet
    rulesets: dict[str, RuleSet] = attrs.field(hash=False)


@lru_cache(maxsize=1)
def combined_rule_sets() -> dict[str, Combined]:
    """
    Return rule sets that combine two things each, by the names of the two.
    """
    return dict(_combined())


def _combined() -> Iterator[tuple[str, Combined]]:
    whole, ethics, online = _unstated("hours"), _unstated("hours of ethics"), _unstated("hours online")
    some_ethics: dict[str, Any] = {"parts": (_part("ethics", ethics),), "together": "exclusive"}
    stated_too: dict[str, Any] = {"parts": (_part("ethics", ethics), _part("crisis", 2)), "together": "exclusive"}
    shared: dict[str, Any] = {"parts": (_part("ethics", ethics), _part("crisis", 3)), "together": "shared"}
    cap: dict[str, Any] = {"caps": (_cap(online),)}
    for name, mine, theirs in (
        ("unstated-part-and-apart", _hours(10, **some_ethics), _hours(6)),
        ("unstated-shared-part-and-apart", _hours(10, **shared), _hours(6)),
        ("apart-and-their-unstated-part", _hours(10), _hours(6, **some_ethics)),
        ("apart-and-their-unstated-exclusive-part", _hours(10), _hours(8, **stated_too)),
        ("apart-and-their-unstated-need", _hours(10), _hours(whole)),
        ("apart-and-carried", _hours(8, carry_over=_CARRIED), _hours(6, carry_over=_CARRIED)),
        ("apart-and-repeats", _hours(8), _hours(6)),
    ):
        beside = (_hours(6, "further", repeats="once"),) if name.endswith("repeats") else ()
        pair = [
            _board(name_of, attrs.evolve(asked, not_shared_with=_apart(other)), *beside)
            for name_of, other, asked in (("xx-one", "xx-other", mine), ("xx-other", "xx-one", theirs))
        ]
        yield name, Combined(pair[0], {rules.id: rules for rules in pair})
    for name, requirements in (
        ("unstated-need-and-carried", [_hours(whole, carry_over=_CARRIED)]),
        ("unstated-cap-and-carried", [_hours(8, carry_over=_CARRIED, **cap)]),
        ("unstated-part-and-repeats", [_hours(10, repeats="once", **some_ethics)]),
        ("unstated-cap-and-repeats", [_hours(8, repeats="once-ever", **cap)]),
        ("carried-and-repeats", [_hours(8, carry_over=_CARRIED), _hours(6, "further", repeats="once")]),
    ):
        rules = _board("xx-one", *requirements)
        yield name, Combined(rules, {rules.id: rules})
    costs = UnstatedQuantity(says="what a renewal costs", unit="us-dollar")
    fee = Documents(id="fee", says="A fee.", document_kind="fee", at_least=costs, adds_up=True, cites=_CITES)
    letters = attrs.evolve(
        fee, id="letters", says="Two letters.", document_kind="reference-letter", need=2, adds_up=False,
        at_least=UnstatedQuantity(says="how long the writers know them", unit="month"),
    )  # fmt: skip
    rules = _board("xx-one", fee, letters)
    yield "unstated-fee-and-letters", Combined(rules, {rules.id: rules})
    papers = Documents(
        id="references", says="References.", document_kind="reference-letter", need=_unstated("references"),
        from_different=True, cites=_CITES,
    )  # fmt: skip
    rules = _board("xx-one", papers)
    yield "unstated-number-of-references", Combined(rules, {rules.id: rules})


def _unstated(what: str) -> Unstated:
    return Unstated(says=f"how many {what} are required")


def _hours(need: Figure | int, name: str = "training", **more: Any) -> Hours:
    return Hours(id=name, says="A number of hours.", need=need, cites=_CITES, **more)


def _part(topic: str, need: Figure | int) -> Part:
    counts = TrainingFilter(topics={topic})
    return Part(id=topic, says="A number of these hours.", need=need, counts=counts, cites=_CITES)


def _cap(at_most: Figure) -> Cap:
    counts = TrainingFilter(deliveries={"live-online"})
    return Cap(id="online", says="A limit on hours online.", at_most=at_most, counts=counts, cites=_CITES)


def _apart(other: str) -> tuple[NotSharedWith, ...]:
    return (NotSharedWith(ruleset=other, requirement="training", cites=_CITES),)


def _board(name: str, *requirements: Hours | Documents) -> RuleSet:
    """Return the rules of a certificate that is renewed every two years; training counts from its last grant on."""
    earning = Interval(begins=RelativeDate(of="last-grant", included=False), cites=_CITES)
    only = Edition(id="renewal-1", says="All of it.", earning=earning, requirements=requirements)
    return RuleSet(
        id=name, name="A made-up certificate", body="A made-up board", jurisdiction="xx", time_zone="America/New_York",
        version="1", seen_on=date(2026, 1, 4), cycle=Anniversary(months=24), cycle_cites=_CITES, sources=(_PAGE,),
        procedures=(Procedure(step="renewal", editions=(only,)),),
    )  # fmt: skip
