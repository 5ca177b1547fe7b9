"""
Hypothesis strategies for whole lives under any rule set, aimed at the rule set's own edges.

>>> from hypothesis import given
>>> from peer_ledger import Ledger, ruleset
>>> rules = ruleset("us-nc-cpss")
>>> @given(lives(rules))
... def test_a_ledger_takes_every_life(records):
...     assert Ledger().append(records).added == len(records)
>>> test_a_ledger_takes_every_life()
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from peer_ledger.records import (
    Approval,
    Certification,
    Course,
    Coverage,
    Credit,
    Designation,
    Document,
    Filing,
    Level,
    Origin,
    Quantity,
    Record,
    Retraction,
    Review,
    Ruling,
    SamePerson,
    TrainingEvent,
    Verification,
)
from peer_ledger.rules import WANTED, RuleSet
from peer_ledger.testing._edge_days import EDGES, FIRST, LAST, assumed_report, boundaries
from peer_ledger.testing._held_beside import held_beside
from peer_ledger.testing._hypothesis import SearchStrategy, st
from peer_ledger.testing._mentions import Mentions, RequiredDocument, Target, days_near, mentions_of
from peer_ledger.values.dates import DAY, months_after

Draw = Callable[[SearchStrategy[Any]], Any]
PERSON = "p"

OTHER_WORDS = {
    "topics": ("ethics", "recovery", "documentation"),
    "deliveries": ("in-person", "live-online", "self-paced"),
    "roles": ("attended", "taught"),
    "approved_by": ("naadac",),
    "providers": ("board",),
    "courses": ("course-x",),
}
"""Words that the rules need not mention, by the field of a `TrainingFilter`."""

ANY_TRAINING = Target(words={}, amounts=(Decimal(1), Decimal("1.5")))
"""Training that no rule mentions."""


TITLES = ("Recovery basics", "RECOVERY \u2013 Basics", "Wellness")
"""Titles of trainings, two of them spellings of one."""


def lives(
    ruleset: RuleSet, *, person: str = PERSON, mark: str = "", beside: Collection[RuleSet] = ()
) -> SearchStrategy[tuple[Record, ...]]:
    """
    Return the records of one person's life under a rule set, a retraction after what it retracts.

    Awards, renewals and filings are on the days around each boundary.  Training meets a figure of the rules exactly or
    misses it by a hundredth of an hour; it is of kinds that the rules mention and of others, in every unit of known
    worth.  There are documents, reviews and rulings, and sometimes the statement that everything is on file.

    Args:
        ruleset: The rule set.
        person: The person's id.
        mark: The beginning of the ids of all records, so that two lives fit into one ledger.
        beside: Rule sets of other certificates that the person may hold.
    """

    # A strategy's repr shows its arguments, and a rule set would fill pages.
    @st.composite
    def life(draw: Draw) -> tuple[Record, ...]:
        writer = LifeWriter(draw, ruleset, person, mark)
        writer.write()
        return (*writer.records, *held_beside(draw, beside, writer.records, person=person, mark=mark))

    return life()


class LifeWriter:
    """Draws the records of one life."""

    def __init__(self, draw: Draw, ruleset: RuleSet, person: str, mark: str) -> None:
        self._draw, self._rules, self._person, self._mark = draw, ruleset, person, mark
        self._mentions: Mentions = mentions_of(ruleset)
        self._hot: list[date] = []
        self._is_diligent = False  # whether training of the current cycle is aimed at meeting what is asked
        self._edition: str | None = None
        self.records: list[Record] = []

    def write(self) -> None:
        """Draw all records of the life."""
        if self._chance(1, 8):
            self._add(SamePerson(id=self._new_id("s"), people={self._person, f"{self._person}-b"}))
        self._begin()
        for _ in range(self._draw(st.integers(0, 2))):
            self._cycle()
            self._renew()
        self._cycle()
        self._declare_complete()
        for act in (self._act, self._rule_on, self._designate, self._verify, self._retract):
            if self._chance(1, 5):
                act()

    def _chance(self, share: int, of: int) -> bool:
        return bool(self._draw(st.integers(0, of - 1)) >= of - share)

    def _one_of(self, some: Sequence[Any]) -> Any:
        return self._draw(st.sampled_from(some))

    def _day(self) -> date:
        """Return a day that matters to this life, or the day before or after it."""
        day: date = self._one_of(self._hot) + self._one_of((0, 0, 1, -1)) * DAY
        return min(max(day, FIRST), LAST)

    def _new_id(self, letter: str) -> str:
        return f"{self._mark}{letter}-{len(self.records)}"

    def _who(self) -> str:
        has_two = any(isinstance(record, SamePerson) for record in self.records)
        return f"{self._person}-b" if has_two and self._chance(1, 2) else self._person

    def _add(self, record: Record) -> None:
        self.records.append(record)

    def _begin(self) -> None:
        days = {date.fromisoformat(day) for day in EDGES}
        stated = [day for day in self._mentions.days if FIRST <= day <= LAST]
        days |= {near for day in stated for near in days_near(day, self._mentions.months)}
        day = self._draw(st.sampled_from(sorted(days)) | st.dates(min(days), max(days)))
        if self._chance(1, 10):
            self._move_on(day)
            return
        if self._chance(1, 8):
            self._grant(None, "awarded", expires=months_after(day, self._mentions.months))
        else:
            self._grant(day, "awarded", expires=self._printed(day))

    def _printed(self, day: date) -> date | None:
        if not self._chance(1, 4):
            return None
        by: timedelta = self._one_of((0, 1, -1, 31, -31)) * DAY
        return max(day, months_after(day, self._mentions.months) + by)

    def _grant(self, day: date | None, act: Any, *, expires: date | None, filing: str | None = None) -> None:
        self._add(
            Certification(
                id=self._new_id("c"), person=self._who(), credential=self._rules.id, act=act, on=day, expires=expires,
                filing=filing, level=self._level(act),
            )
        )  # fmt: skip
        asked = day or expires
        assert asked is not None, "one of the two is known"
        self._move_on(asked)

    def _level(self, act: Any) -> Level | None:
        """Return the level of a certificate: any where the rules have levels, now and then one where they have none."""
        if act == "refused":
            return None
        if self._rules.provisional is None:
            return "full" if self._chance(1, 16) else None
        level: Level | None = self._one_of((None, "provisional", "full") if act == "awarded" else (None, None, "full"))
        return level

    def _move_on(self, day: date) -> None:
        """Aim at the days and the edition that matter from this day on."""
        report = assumed_report(self._rules, self.records, self._person, day)
        self._hot = [day, *boundaries(report)]
        self._edition = report.provenance.edition

    def _renew(self) -> None:
        if not any(isinstance(record, Certification) for record in self.records):
            return
        filed = next((record for record in reversed(self.records) if isinstance(record, Filing)), None)
        acts = [record for record in self.records if isinstance(record, Certification)]
        begun = max((act.on for act in acts if act.on), default=FIRST)
        day = self._day() + self._one_of((0, 1, 14)) * DAY
        if day <= begun:
            day = min(begun + self._mentions.months * 30 * DAY, LAST)
        if self._chance(1, 12):
            self._grant(day, "refused", expires=None, filing=filed.id if filed else None)
            day += 5 * DAY
        named = filed.id if filed is not None and self._chance(1, 2) else None
        self._grant(day, "renewed", expires=self._printed(day), filing=named)

    def _act(self) -> None:
        act = self._one_of(("suspended", "made-inactive", "revoked", "surrendered", "refused", "reinstated"))
        self._add(
            Certification(id=self._new_id("c"), person=self._person, credential=self._rules.id, act=act, on=self._day())
        )  # fmt: skip

    def _rule_on(self) -> None:
        name, figures = self._one_of(self._mentions.named or (("due", ()),))
        effect: Any = "moves" if name in ("due", "late_until", "opens") else self._one_of(("waives", "sets"))
        if effect == "sets" and not figures:
            effect = "waives"
        bounded = self._chance(1, 3)
        self._add(
            Ruling(
                id=self._new_id("u"), person=self._person, credential=self._rules.id, on=self._day(), requirement=name,
                effect=effect, figure=self._one_of(figures) if effect == "sets" else None,
                day=self._day() if effect == "moves" else None,
                first_day=min(self._hot) if bounded else None, last_day=max(self._hot) if bounded else None,
            )
        )  # fmt: skip

    def _verify(self) -> None:
        self._add(
            Verification(
                id=self._new_id("n"), person=self._person, credential=self._rules.id, seen=self._day(), status="active"
            )
        )

    def _designate(self) -> None:
        name = self._one_of((*self._mentions.words.get("holds", ()), "military"))
        self._add(
            Designation(id=self._new_id("d"), person=self._person, name=name, awarded=self._one_of((None, self._day())))
        )

    def _cycle(self) -> None:
        editions = sorted(self._mentions.targets)
        edition = self._edition
        if editions and (edition is None or self._chance(1, 4)):
            edition = self._one_of(editions)
        self._train_for(self._mentions.targets.get(edition or "", (ANY_TRAINING,)))
        for document in self._mentions.documents.get(edition or "", ()):
            if self._chance(2, 3):
                self._document(document)
        if self._chance(1, 2):
            self._file()

    def _file(self) -> None:
        steps = [procedure.step for procedure in self._rules.procedures] or ["renewal"]
        day = self._day()
        days: dict[str, Any] = self._one_of(
            ({"sent": day}, {"received": day}, {"sent": day, "received": day + 3 * DAY})
        )
        self._add(
            Filing(
                id=self._new_id("f"), person=self._who(), credential=self._rules.id,
                step=self._one_of((*(["renewal"] * 3 if "renewal" in steps else []), *steps)),
                method=self._one_of((*self._mentions.words.get("method", ()), "online", None)), **days,
            )
        )  # fmt: skip

    def _train_for(self, targets: Sequence[Target]) -> None:
        self._is_diligent = self._chance(1, 2)
        for target in targets:
            if target.times > 1:
                self._train_in_parts(target)
                continue
            for _ in range(1 if self._is_diligent else self._draw(st.sampled_from((0, 1, 1, 2)))):
                self._train(target)
        if self._chance(1, 3):
            self._train(ANY_TRAINING)

    def _train_in_parts(self, target: Target) -> None:
        """Add the trainings that meet a figure together, or one fewer, or one more."""
        times, amounts = target.times, target.amounts
        if self._is_diligent:
            amount = self._one_of(amounts)
            times, amounts = self._one_of((times, min(times, max(1, round(amounts[-1] / amount))))), (amount,)
        for _ in range(times + self._one_of((0, 0, -1, 1))):
            self._train(attrs.evolve(target, amounts=amounts))

    def _train(self, target: Target) -> None:
        words = {name: self._one_of(some) for name, some in target.words.items()}
        for name in WANTED:
            if name not in words and self._chance(1, 3):
                words[name] = self._one_of((*self._mentions.words.get(name, ()), *OTHER_WORDS[name]))
        topics = {words["topics"]} if "topics" in words else self._one_of((set(), {"recovery"}, None))
        if topics and self._chance(1, 5):
            topics |= {self._one_of((*self._mentions.words.get("topics", ()), *OTHER_WORDS["topics"]))}
        amounts = target.amounts[-2:] if self._is_diligent else target.amounts
        credits = [self._credit(self._one_of(amounts), topics)]
        if self._chance(1, 6):
            credits.append(self._credit(Decimal("1.5"), {self._one_of(OTHER_WORDS["topics"])}))
        course = words.get("courses")
        if course is None and self._chance(1, 8):
            course = self._course(credits)
        event = TrainingEvent(
            id=self._new_id("e"), person=self._who(), completed=self._day_of_training(), credits=credits,
            course=course, delivery=words.get("deliveries"), provider=words.get("providers"),
            role=words.get("roles", "attended"),
            approvals=[Approval(by=words["approved_by"])] if "approved_by" in words else self._one_of(([], None)),
        )  # fmt: skip
        if course is not None and self._chance(1, 3):
            event = attrs.evolve(event, credits=None)
        if self._chance(1, 3):
            event = attrs.evolve(event, title=self._one_of(TITLES))
        self._add(event)
        if self._chance(1, 12):
            self._again(event)
        if self._chance(1, 10):
            self._review(event)

    def _again(self, event: TrainingEvent) -> None:
        """Add the same training as another list may have it, perhaps otherwise, or the same course on another day."""
        day = self._one_of((event.completed, self._day_of_training()))
        title = self._one_of((event.title, None, *TITLES[:2]))
        origin = self._one_of((None, Origin(source="other", key=(self._new_id("row"),))))
        course = self._one_of((event.course, None))
        carried = event.credits if course is not None or event.credits else [Credit(amount="1.5")]
        if origin is not None and carried and self._chance(1, 3):
            carried = [attrs.evolve(credit, amount=credit.amount * 2) for credit in carried]
        again = attrs.evolve(
            event, id=self._new_id("e"), completed=day, title=title, course=course, origin=origin, credits=carried
        )
        self._add(again)

    def _day_of_training(self) -> date:
        if not self._is_diligent and self._chance(1, 2):
            return self._day()
        first, last = min(self._hot), max(self._hot)
        found: date = self._draw(st.dates(min(first + DAY, last), last))
        return found

    def _credit(self, hours: Decimal, topics: set[str] | None) -> Credit:
        """Return a credit of these clock hours, in a unit that can express them exactly."""
        written = [("hour", hours)]
        for unit, worth in self._mentions.units[1:]:
            amount = Fraction(hours) / worth
            exact = Decimal(amount.numerator) / amount.denominator
            if Fraction(exact) == amount and exact == round(exact, 6):
                written.append((unit, exact))
        if self._chance(1, 20):
            written = [("unheard-of", hours)]
        unit, carried = self._one_of(written)
        return Credit(amount=carried, unit=unit, topics=topics)

    def _course(self, carried: Sequence[Credit]) -> str:
        name = f"{self._mark}course-{len(self.records) % 2}"
        if not any(record.id == name for record in self.records):
            self._add(Course(id=name, title="A course", credits=carried))
        return name

    def _review(self, event: TrainingEvent) -> None:
        decision = self._one_of(("approved", "rejected", "granted"))
        granted = (
            [self._credit(Decimal("1.5"), {self._one_of(OTHER_WORDS["topics"])})] if decision == "granted" else None
        )
        self._add(
            Review(
                id=self._new_id("v"), person=event.person, event=event.id, decision=decision, credits=granted,
                on=event.completed + self._one_of((0, 1, 30)) * DAY,
                credential=self._one_of((None, self._rules.id, "elsewhere")),
            )
        )  # fmt: skip

    def _document(self, document: RequiredDocument) -> None:
        for place in range(document.count + self._one_of((0, 0, -1, 1))):
            value: Quantity | None = None
            if document.quantities:
                most = self._one_of(document.quantities)
                amount = max(most.amount + self._one_of((Decimal(), Decimal(), Decimal("-0.01"), Decimal("0.01"))), 0)
                value = self._one_of((Quantity(amount=amount, unit=most.unit), None))
            self._add(
                Document(
                    id=self._new_id("a"), person=self._who(), kind=document.document_kind, on=self._day(),
                    by=self._one_of((f"w-{place}", "w-0", None)), value=value,
                    credential=self._one_of((None, self._rules.id)),
                )
            )  # fmt: skip

    def _declare_complete(self) -> None:
        if self._chance(3, 4):
            for covers in ("certification", "document"):
                self._add(Coverage(id=self._new_id("k"), covers=covers, person=self._person))
        elif self._chance(1, 2):
            until = self._day()
            self._add(Coverage(id=self._new_id("k"), covers="certification", person=self._person, last_day=until))

    def _retract(self) -> None:
        there = [record.id for record in self.records if not isinstance(record, Retraction)]
        if there:
            first = Retraction(id=self._new_id("r"), retracts=self._one_of(there), reason="a mistake")
            self._add(first)
            if self._chance(1, 2):
                self._add(Retraction(id=self._new_id("r"), retracts=first.id, reason="it was no mistake"))
