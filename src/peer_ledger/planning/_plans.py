"""
The shortest way: what is missing by a day, and the cheapest of the offered trainings that are enough.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, get_args

import attrs

from peer_ledger.errors import InvalidValue, shown_name
from peer_ledger.evaluation._question import asks
from peer_ledger.ledger import LedgerView
from peer_ledger.planning._asked import Asked, last_day, of_step
from peer_ledger.planning._choosing import ENOUGH, Choosing
from peer_ledger.planning._needed import Need, Needed, needed, records_of
from peer_ledger.planning._offers import Offer
from peer_ledger.planning._search import Cost
from peer_ledger.planning._shown import Shown
from peer_ledger.presenting._answer_tables import as_decimal
from peer_ledger.presenting.tables import ColumnKind, Table
from peer_ledger.records import TrainingEvent
from peer_ledger.reports import Report
from peer_ledger.reports._missing import missing_sentence
from peer_ledger.reports._question_sentences import question_sentence
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.values._arguments import (
    A_COUNT,
    A_DAY_OR_NONE,
    a_list_of,
)
from peer_ledger.values._wording import counted, spoken_amount, spoken_day, training_amount
from peer_ledger.values.dates import as_day
from peer_ledger.values.hours import plain_hours

Least = Literal["price", "hours", "courses"]
"""What a plan keeps as small as possible."""

_LEAST: Mapping[Least, tuple[str, ...]] = {
    "price": ("price", "hours", "courses"),
    "hours": ("hours", "price", "courses"),
    "courses": ("courses", "hours", "price"),
}
_LESS: Mapping[Least, str] = {"price": "costs less", "hours": "takes fewer hours", "courses": "has fewer courses"}
A_LEAST = (lambda value: value in get_args(Least), "'price', 'hours' or 'courses'")
OFFERS = a_list_of("offers, as read_offers returns them", lambda one: isinstance(one, Offer))


@attrs.frozen(kw_only=True)
class TrainingPlan(Shown):
    """
    What a person has to do by a day, and which of the offered trainings are enough for it.

    Attributes:
        person: The id of the person.
        on: The day on which it is planned.
        by: The day by which it has to be done, and for which it is evaluated.
        before: The report for that day without the plan.
        needs: What is missing then under the assumed readings: the smallest addition of training with which all
            requirements of hours are met, with all parts and caps together; and the documents and fees.
        missing: How much training is missing at least, however it is chosen, in the unit that the rules count in.
        is_enough: Whether the training among the needs is enough under the assumed readings, as the evaluation says.
        is_least_settled: Whether it is enough under every reading of what is not settled.
        is_exact: Whether it is, and nothing smaller is; if not, more than `missing` may be needed.
        offered: How many offers there were to choose from, between the two days.
        left_out: How many offers there were on other days.
        chosen: The offers to take, by day; empty when no training is missing, `None` when no choice was found.
        least: What is kept as small as possible.
        at_least: The price, the hours or the number of courses that every choice has at least; `None` when there is no
            choice.
        is_least: Whether it is proven that no choice has less or, without a choice, that there is none.
        tried: How many choices were evaluated.
        after: The report for that day with the plan; without a choice, the same as before.
    """

    person: str
    on: date
    by: date
    before: Report = attrs.field(repr=False)
    needs: tuple[Need, ...]
    missing: Fraction
    is_enough: bool
    is_least_settled: bool
    is_exact: bool
    offered: int
    left_out: int
    chosen: tuple[Offer, ...] | None
    least: Least
    at_least: Fraction | None
    is_least: bool
    tried: int
    after: Report = attrs.field(repr=False)

    @property
    def is_settled(self) -> bool:
        """Whether the chosen training is enough under every reading of what is not settled."""
        return self.after.hours_outcome in ENOUGH

    @property
    def price(self) -> Decimal | None:
        """What the chosen offers cost together; `None` without a choice, or when a price is unknown."""
        prices = [offer.price for offer in self.chosen or ()]
        known = [price for price in prices if price is not None]
        return sum(known, Decimal(0)) if self.chosen is not None and len(known) == len(prices) else None

    @property
    def hours(self) -> Fraction:
        """The hours of the chosen offers together."""
        return sum((offer.hours for offer in self.chosen or ()), Fraction(0))

    def records(self) -> tuple[TrainingEvent, ...]:
        """Return the chosen trainings as they would be recorded, for `supposing`."""
        return tuple(offer.event(self.person, self.on) for offer in self.chosen or ())

    def least_records(self) -> tuple[TrainingEvent, ...]:
        """
        Return trainings that make up the smallest addition, as they would be recorded; they need not be offered.
        """
        return records_of(self.needs)

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as plain values: days and amounts are texts."""
        return {
            "person": self.person,
            "on": self.on.isoformat(),
            "by": self.by.isoformat(),
            "needs": [
                {**attrs.asdict(need, filter=_not_such_as), "amount": plain_hours(need.amount)} for need in self.needs
            ],
            "missing": plain_hours(self.missing),
            "is_enough": self.is_enough,
            "is_least_settled": self.is_least_settled,
            "is_exact": self.is_exact,
            "offered": self.offered,
            "left_out": self.left_out,
            "chosen": None if self.chosen is None else [offer.id for offer in self.chosen],
            "price": None if self.price is None else str(self.price),
            "hours": plain_hours(self.hours),
            "least": self.least,
            "at_least": None if self.at_least is None else plain_hours(self.at_least),
            "is_least": self.is_least,
            "is_settled": self.is_settled,
            "tried": self.tried,
            "hours_outcome": self.after.hours_outcome,
            "documents_outcome": self.after.documents_outcome,
        }

    def table(self) -> Table:
        """Return a row for each chosen offer."""
        columns: dict[str, ColumnKind] = {
            "offer": "text", "title": "text", "day": "day", "hours": "hours", "topics": "text", "delivery": "category",
            "price": "hours",
        }  # fmt: skip
        rows = tuple(
            (
                offer.id, offer.title, offer.day, as_decimal(offer.hours),
                "; ".join(sorted({topic for one in offer.credits for topic in one.topics or ()})), offer.delivery,
                offer.price,
            )
            for offer in self.chosen or ()
        )  # fmt: skip
        return Table(headings=tuple(columns), rows=rows, kinds=tuple(columns.values()), title=self.title)

    @property
    def title(self) -> str:
        """What it shows."""
        return f"Plan for {self.person} until {spoken_day(self.by)}"

    def sentences(self) -> Iterator[str]:
        """Yield what to do, what it costs, what is missing besides, and what is not settled."""
        yield from self._what_to_do()
        rest = missing_sentence(self.after)
        if self.chosen is None or self.after.outcome not in ENOUGH:
            yield f"{'After that' if self.chosen else f'By {spoken_day(self.by)}'}: {rest}"
        if self.chosen is None and (self.missing or self.least_records()):
            yield self._in_all()
        if self.chosen and not self.is_settled:
            yield "It is enough under the readings that are assumed. What is not settled:"
            for question in self.after.questions:
                yield f"  {question_sentence(question, self.after.provenance)}"

    def _what_to_do(self) -> Iterator[str]:
        if self.chosen:
            done = "everything is met" if self.after.outcome in ENOUGH else "the hours are met"
            yield f"Take {_and(list(map(str, self.chosen)))}: then {done}."
            yield self._cost()
        elif self.chosen is not None:
            everything = self.after.outcome in ENOUGH
            yield "Nothing is missing." if everything else "No training is missing."
        elif self.offered:
            offered = f"the {counted(self.offered, 'training')} offered until {spoken_day(self.by)}"
            if self.is_least:
                yield f"No choice of {offered} is enough."
            else:
                yield f"In {counted(self.tried, 'try')} no choice of {offered} was found to be enough. {self._bound()}"
        elif self.left_out:
            yield f"No training is offered until {spoken_day(self.by)}."

    def _in_all(self) -> str:
        """Return how much training is missing in all, which may be less than its kinds add up to, or more."""
        units = [need.unit for need in self.needs if need.such_as is not None]
        if not units:
            return f"No training completed until {spoken_day(self.by)} is known to make up for it."
        total = sum((need.amount for need in self.needs if need.such_as is not None), Fraction(0))
        if self.is_exact:
            where = "" if self.is_least_settled else ", under the readings that are assumed"
            return f"That is {training_amount(total, units[0])} in all, and no less would do{where}."
        if self.is_enough:
            return f"{training_amount(total, units[0])} of training would be enough; less may do."
        return f"That is at least {training_amount(self.missing, units[0])}, which may not be enough."

    def _cost(self) -> str:
        together = [spoken_amount(self.hours, "hour")] if self.hours else []
        together += [] if self.price is None else [f"${self.price:f}"]
        said = f"Together {' and '.join(together)}. " if len(self.chosen or ()) > 1 and together else ""
        if self.is_least:
            return f"{said}No choice of those offered {_LESS[self.least]}."
        return (
            f"{said}Another choice may be better; the search ended after {counted(self.tried, 'try')}. {self._bound()}"
        )

    def _bound(self) -> str:
        """Return what every choice has at least, in a sentence."""
        figure = self.at_least or Fraction(0)
        bound = {
            "price": f"costs at least ${plain_hours(figure)}",
            "hours": f"takes at least {spoken_amount(figure, 'hour')}",
            "courses": f"has at least {counted(int(figure), 'course')}",
        }
        return f"Every choice {bound[self.least]}."


def _and(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


@asks(
    by=A_DAY_OR_NONE,
    offers=OFFERS,
    tries=A_COUNT,
    least=(lambda value: value in get_args(Least), "'price', 'hours' or 'courses'"),
)
def plan(
    ledger: LedgerView,
    person: str,
    *,
    on: date | str,
    by: date | str | None = None,
    offers: Iterable[Offer] = (),
    least: Least = "price",
    ruleset: str | RuleSet = DEFAULT,
    rulesets: Mapping[str, RuleSet] | None = None,
    readings: Mapping[str, str] | None = None,
    strict: bool = False,
    tries: int = 2000,
) -> TrainingPlan:
    """
    Return what a person has to do for the next step, and the cheapest of the offered trainings that are enough.

    A choice is enough when the evaluation of the ledger with it says so: under every reading of open questions if there
    is such a choice, or else under the assumed ones.

    Args:
        ledger: The ledger.
        person: Any of the person's ids.
        on: The day on which it is planned; offers before it are left out.
        by: The day by which it has to be done; `None` for the last day that is surely in time or, where no day is
            known, that of the last offer.
        offers: The trainings to choose from, each to be taken once; those after `by` are left out.
        least: What to keep as small as possible: the `price`, then the hours; the `hours`, then the price; or the
            number of `courses`, then the hours.
        ruleset: The rules, or their id.
        rulesets: The rule sets that exist, by id; `None` for those that can be found.
        readings: Questions that the caller answers, by id.
        strict: Whether questions that only cause a caveat also leave the answer undetermined.
        tries: How many choices may be evaluated until the search is cut; then the plan may not be the least, and says
            what every choice has at least.

    Raises:
        InvalidValue: A day is not valid, or `by` is before `on`; two offers have the same id; an offer has no price and
            the price is to be kept small; or `readings` names an unknown question or reading.
        RuleSetNotFound: There is no such rule set.
    """
    asked, view, day = Asked(person, ruleset, rulesets, readings, strict=strict), ledger.pinned(), as_day(on)
    given = _checked(tuple(offers), least)
    until = _until(asked.on(view, day), given, by)
    possible = [offer for offer in given if offer.day is None or day <= offer.day <= until]
    choosing = Choosing(asked, view, until, [offer.event(person, day) for offer in possible])
    found = choosing.search([_cost(offer, least) for offer in possible], tries)
    least_needed = needed(asked, view, day, until)
    chosen = (
        None if found.chosen is None else sorted((possible[at] for at in found.chosen), key=lambda one: one.day or day)
    )
    return TrainingPlan(
        person=person,
        on=day,
        by=until,
        before=choosing.before,
        needs=(*least_needed.additions, *_others(choosing.before.assumed, least_needed)),
        missing=least_needed.at_least,
        is_enough=least_needed.is_enough,
        is_least_settled=least_needed.is_settled,
        is_exact=least_needed.is_exact,
        offered=len(possible),
        left_out=len(given) - len(possible),
        chosen=None if chosen is None else tuple(chosen),
        least=least,
        at_least=None if found.at_least is None else (found.at_least or (Fraction(0),))[0],
        is_least=found.is_complete,
        tried=found.tried,
        after=choosing.report(found.chosen or ()),
    )


def _checked(offers: tuple[Offer, ...], least: Least) -> tuple[Offer, ...]:
    seen = set[str]()
    for offer in offers:
        if offer.id in seen:
            raise InvalidValue(f"offers: two have the id {shown_name(offer.id)}; give each an id of its own")
        seen.add(offer.id)
        if offer.price is None and least == "price":
            raise InvalidValue(f"offers: {shown_name(offer.id)} has no price; give it one, or plan with least='hours'")
    return offers


def _until(report: Report, offers: tuple[Offer, ...], by: date | str | None) -> date:
    if by is None:
        latest = max((offer.day for offer in offers if offer.day is not None), default=report.on)
        return last_day(report) or max(latest, report.on)
    if (until := as_day(by)) < report.on:
        raise InvalidValue(f"by must not be before on, {report.on}; it is {until}")
    return until


def _cost(offer: Offer, least: Least) -> Cost:
    costs = {"price": Fraction(offer.price or 0), "hours": offer.hours, "courses": Fraction(1)}
    return tuple(costs[name] for name in _LEAST[least])


def _others(report: Report, found: Needed) -> Iterator[Need]:
    """Yield what is missing besides training, and requirements of training that no addition is known to meet."""
    for finding in of_step(report):
        if finding.result != "short" or finding.part_of is not None or finding.proof is not None:
            continue
        if finding.subject == "documents" or finding.unit == "training" or not found.is_exact:
            yield Need(
                requirement=finding.requirement, amount=finding.short, unit=finding.unit, subject=finding.subject
            )


def _not_such_as(attribute: "attrs.Attribute[Any]", _value: object) -> bool:
    return attribute.name != "such_as"
