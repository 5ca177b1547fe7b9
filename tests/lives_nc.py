"""
Random lives of peer support specialists in North Carolina, aimed at the edges of its rules.

A life follows from its seed alone.  Two in five are plain: every training has details of its own, every filing its days,
every letter its writer.  The others have oddities in their last cycle: trainings that repeat each other, or that were
entered twice; filings of which only one day is known; several filings for one renewal; letters whose writer is unknown;
documents that were given for another step.
"""

from collections.abc import Collection
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import attrs

import oracle_nc
from peer_ledger import Ledger
from peer_ledger.records import (
    Certification,
    Course,
    Coverage,
    Credit,
    Document,
    Filing,
    Origin,
    Quantity,
    Retraction,
    Review,
    SamePerson,
    TrainingEvent,
    Verification,
)

NC = "us-nc-cpss"
PERSON = "p-1"
DAY = timedelta(days=1)

READINGS = {
    "last-day": ("month-end", "month-end", "anniversary", "day-before"),
    "fee-before-july-2018": ("none", "fifteen"),
    "ethics-inside": ("inside", "inside", "on-top"),
    "ethics-surplus": ("counts", "counts", "does-not"),
    "late-window": ("thirty-days", "following-month"),
    "late-training": ("counts", "does-not"),
    "repeats": ("once", "each-time"),
    "letters-age": ("any-age", "this-cycle"),
    "training-before-2020": ("later", "any-time"),
    "spring-2020": ("accepted", "refused"),
    "forty-hour-courses": ("accepted", "refused"),
    "children-cap-began": ("not-yet", "already"),
    "children-cap-ended": ("still", "no-longer"),
    "cycle-after-late": ("old-due-date", "renewal"),
    "cycle-after-early": ("old-due-date", "renewal"),
    "military-ethics": ("counts", "does-not"),
    "military-kept": ("asked", "not-yet"),
    "ethics-approved": ("any", "listed"),
    "first-aid": ("count", "do-not"),
    "initial-4-begun": ("begun", "not-yet"),
    "initial-5-begun": ("begun", "not-yet"),
    "renewal-4-begun": ("begun", "begun", "not-yet"),
    "lapse-3-begun": ("begun", "not-yet"),
    "initial-ethics-inside": ("inside", "beside"),
    "earliest-filing": ("any-time",),
    "one-ethics-certificate": ("adds-up",),
    "self-study-capped": ("none",),
    "youth-capped": ("capped", "not-capped"),
    **{
        f"{edition}-by-mail": ("yes", "no")
        for edition in ("initial-2", "initial-3", "renewal-2", "renewal-3", "lapse-1-july-2018", "lapse-2")
    },
}
LANDMARKS = tuple(
    date.fromisoformat(day)
    for day in (
        "2018-06-29",
        "2018-06-30",
        "2018-07-01",
        "2018-07-02",
        "2020-05-10",
        "2020-05-11",
        "2020-05-31",
        "2020-06-01",
        "2020-06-29",
        "2020-06-30",
        "2020-07-01",
        "2021-06-30",
        "2021-07-01",
        "2026-11-20",
        "2026-11-21",
        "2026-11-22",
    )
)
AWARDS = tuple(
    date.fromisoformat(day)
    for day in (
        "2012-02-29",
        "2016-02-29",
        "2020-02-29",
        "2024-02-29",
        "2016-06-30",
        "2018-03-31",
        "2018-04-30",
        "2018-05-31",
        "2018-06-01",
        "2018-06-30",
        "2018-07-01",
        "2019-06-30",
        "2019-12-31",
        "2022-01-31",
        "2022-02-28",
        "2022-12-30",
        "2023-01-31",
        "2024-01-01",
        "2024-01-31",
        "2024-03-14",
    )
)


DISPUTED = "disputed"
"""Of a training that was entered twice, two lists say different hours or topics, and nothing says which one is right."""

ODDITIES = ("repeats", "twice", DISPUTED, "received", "filings", "writers", "steps")
"""What may be odd about a life."""


TITLES = ("Recovery basics", "Ethics for peers", "WRAP I", "WRAP II", "Naïve helping")
"""Titles of trainings that are given more than once."""


class Life:
    """
    A random life, told to both sides: `records`, `readings`, and the days worth asking about.

    Args:
        seed: What it is drawn from.
        odd: What is odd about it, some of `ODDITIES`; `None` to draw which.
    """

    def __init__(self, seed: int, odd: Collection[str] | None = None) -> None:
        self.random = random = Random(seed)
        drawn = {one for one in ODDITIES if random.random() < 0.4} if random.random() < 0.6 else set()
        self.odd = frozenset(drawn if odd is None else odd)
        self.sound = False
        self.count = 0
        self.records: list[Any] = []
        self.hot: list[date] = []
        self.courses: list[Course] = []
        self.readings = {question: random.choice(readings) for question, readings in READINGS.items()}
        self.two_ids = random.random() < 0.1
        self.full = random.random() < 0.6
        if self.two_ids:
            self.add(SamePerson(id="same", people={PERSON, "p-1-b"}))
        self.catalog()
        self.begin()
        for _ in range(random.choice((1, 1, 2, 2, 3, 4, 10))):
            if not self.cycle(last=False):
                break
        self.cycle(last=True)
        self.coverage()
        self.noise()
        if random.random() < 0.3:
            random.shuffle(self.records)
            # A retraction needs what it retracts to be there.
            order = {"retraction": 1}
            self.records.sort(key=lambda record: order.get(record.record_type, 0) + (record.id.count("~back")))

    # ------------------------------------------------------------------------------------------------------- helpers

    def add(self, record: Any) -> Any:
        self.records.append(record)
        return record

    def new_id(self, letter: str) -> str:
        self.count += 1
        return f"{letter}-{self.count}"

    def who(self) -> str:
        return "p-1-b" if self.two_ids and self.random.random() < 0.5 else PERSON

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def near(self, day: date) -> date:
        return day + self.random.choice((-1, 0, 0, 1)) * DAY

    def between(self, first: date, last: date) -> date:
        return first + self.random.randint(0, max(0, (last - first).days)) * DAY

    def oracle(self) -> Any:
        return oracle_nc.Oracle(self.records, PERSON, self.readings)

    # --------------------------------------------------------------------------------------------------------- parts

    def catalog(self) -> None:
        for number in range(3):
            carried = [
                Credit(
                    amount=self.random.choice(("1.5", "3", "6")), topics=self.random.choice(({"ethics"}, {"recovery"}))
                )
            ]
            if number == 2:
                carried.append(Credit(amount="90", unit="minute", topics={"ethics", "boundaries"}))
            repeated = "repeats" in self.odd
            self.courses.append(
                self.add(
                    Course(
                        id=f"course-{number}", credits=carried,
                        title=self.spelled(TITLES[number]) if repeated else f"Course {number}",
                        codes=random_codes(self.random, number) if repeated else None,
                        provider=self.random.choice((None, None, "acme")) if repeated else None,
                    )
                )
            )  # fmt: skip

    def spelled(self, title: str) -> str:
        """A title as another list may write it."""
        return self.random.choice((title, title, title.upper(), title.lower(), title.replace(" ", "  ")))

    def begin(self) -> None:
        random = self.random
        kind = random.random()
        if kind < 0.35:
            day = random.choice(AWARDS)
        elif kind < 0.55:
            day = random.choice(LANDMARKS[:-3])
            day = oracle_nc.plus_months(day, -24 * random.randint(1, 3)) + random.randint(-35, 5) * DAY
        else:
            day = date(2014, 1, 1) + random.randint(0, 4300) * DAY
        if self.chance(0.06):
            self.grant(None, "awarded", expires=self.near(oracle_nc.month_end(oracle_nc.plus_months(day, 24))))
        else:
            self.grant(day, "awarded", expires=self.printed(day))

    def printed(self, day: date) -> date | None:
        if not self.chance(0.25):
            return None
        two_years = oracle_nc.plus_months(day, 24)
        return self.random.choice(
            (two_years, two_years - DAY, oracle_nc.month_end(two_years), two_years + self.random.randint(-40, 60) * DAY)
        )

    def grant(self, day: date | None, act: str, *, expires: date | None = None, filing: str | None = None) -> None:
        # Of two acts of one day no source says which came first.
        while day in {record.on for record in self.records if record.record_type == "certification"} - {None}:
            day += DAY
        expires = max(day, expires) if day and expires else expires
        record = Certification(
            id=self.new_id("c"), person=self.who(), credential=NC, act=act, on=day, expires=expires, filing=filing
        )
        self.add(record)
        self.hot.append(self.oracle().act_day(record))

    def due(self) -> date:
        held = self.oracle().grant(date.max)
        assert held
        return held.due

    def granted(self) -> date:
        held = self.oracle().grant(date.max)
        assert held
        return held.day

    def filing_day(self, due: date) -> date:
        random = self.random
        day = random.choice(
            (
                due - random.randint(0, 120) * DAY,
                due,
                due + DAY,
                due + 29 * DAY,
                due + 30 * DAY,
                due + 31 * DAY,
                oracle_nc.month_end(due + DAY),
                oracle_nc.month_end(due + DAY) + DAY,
                due + random.randint(1, 70) * DAY,
            )
        )
        if self.chance(0.05):
            day = random.choice(LANDMARKS)
        return day

    def cycle(self, *, last: bool) -> bool:
        """Live through one cycle; say whether life goes on."""
        random = self.random
        due, start = self.due(), self.granted()
        self.hot += [due, due + 30 * DAY, oracle_nc.month_end(due + DAY), due - 90 * DAY, due + 61 * DAY]
        if start > date(2027, 1, 1):
            return False
        filing = None
        filed: date | None = None
        if self.chance(0.6):
            filed = max(self.filing_day(due), start + self.random.choice((0, 1, 1, 1)) * DAY)
            filing = self.file(filed)
            if "filings" in self.odd:
                self.again(filed, due)
        end = filed or due
        self.sound = self.chance(0.6)
        self.learn(start, due, end, rich=last or self.chance(0.2))
        self.documents(start, due, end)
        if last or self.chance(0.1):
            self.oddities(start, due, end)
        if last:
            if filed and self.chance(0.25):
                refused = filed + random.randint(0, 50) * DAY
                self.act(refused, "refused", filing if self.chance(0.5) else None)
                self.hot.append(refused)
                if self.chance(0.3):
                    self.file(refused + random.randint(1, 25) * DAY)
            if self.chance(0.15):
                self.ending(start)
            return False
        if not filed:
            # Filed or not, the board's act is a fact.
            filed = max(self.near(due) if self.chance(0.5) else due + random.randint(-60, 45) * DAY, start + DAY)
        day = filed + random.choice((0, 1, 5, 14, 40)) * DAY
        day = max(day, start + DAY)
        if self.chance(0.05):
            refused = day
            self.act(refused, "refused", filing if self.chance(0.5) else None)
            day = refused + random.randint(1, 30) * DAY
        if self.chance(0.05):
            held = self.between(start + DAY, day)
            if start < held < day:
                self.act(held, random.choice(("suspended", "made-inactive", "suspended", "revoked")), None)
                self.grant(day, random.choice(("reinstated", "awarded")), expires=self.printed(day))
                return True
        if self.chance(0.04):
            # Only the printed expiry is known of this one; it must not seem to come before the last.
            expires = oracle_nc.month_end(oracle_nc.plus_months(day, 24 + random.randint(0, 1)))
            if oracle_nc.plus_months(expires, -24) > start and oracle_nc.plus_months(expires, -24) != day:
                self.grant(None, "renewed", expires=expires)
                return True
        self.grant(
            day,
            "renewed" if self.chance(0.93) else random.choice(("reinstated", "awarded")),
            expires=self.printed(day),
            filing=filing if filing and self.chance(0.5) else None,
        )
        return True

    def file(self, day: date, *, step: str = "renewal") -> str:
        method = self.random.choice((None, "online", "mail", "mail"))
        days = {"sent": day} if self.chance(0.7) else {"sent": day, "received": day + self.random.randint(0, 9) * DAY}
        if "received" in self.odd and self.chance(0.6):
            method = self.random.choice((None, "mail", "mail", "mail", "online"))
            days = {"received": day + self.random.choice((0, 0, 1, 1, 2, 3, 9)) * DAY}
            self.hot.append(days["received"])
        record = Filing(id=self.new_id("f"), person=self.who(), credential=NC, step=step, method=method, **days)
        self.add(record)
        self.hot.append(day)
        return str(record.id)

    def again(self, filed: date, due: date) -> None:
        """File once or twice more for the same renewal, sometimes with what was missing."""
        for _ in range(self.random.choice((1, 1, 1, 2))):
            filed = max(filed, self.filing_day(due)) if self.chance(0.5) else filed + self.random.randint(0, 30) * DAY
            self.file(filed)
            between = filed - self.random.choice((0, 1, 5)) * DAY
            if self.chance(0.5):
                self.letter(between, by=self.random.choice(("w-1", "w-2", "w-3", "w-4")))
            if self.chance(0.5):
                self.fee(between, self.random.choice(("20", "40")))
            if self.chance(0.3):
                self.event(between, Fraction(self.random.choice(("1", "3", "17"))), "recovery")

    def act(self, day: date, act: str, filing: str | None) -> None:
        self.add(Certification(id=self.new_id("c"), person=self.who(), credential=NC, act=act, on=day, filing=filing))
        self.hot.append(day)

    def ending(self, start: date) -> None:
        day = start + self.random.randint(1, 900) * DAY
        taken = {record.on for record in self.records if record.record_type == "certification"}
        if day not in taken and day > max(on for on in taken if on) if any(taken) else False:
            self.act(day, self.random.choice(("suspended", "revoked", "surrendered", "made-inactive")), None)

    def learn(self, start: date, due: date, end: date, *, rich: bool) -> None:
        """Hours that hit 20 and 3 exactly, or miss by a hundredth."""
        random = self.random
        ethics = Fraction(random.choice(("0", "1.5", "2.99", "3", "3", "3", "3.01", "5", "20")))
        total = Fraction(random.choice(("0", "12", "19.99", "20", "20", "20.01", "22.99", "23", "23", "30")))
        others = max(Fraction(0), total - ethics)
        if self.chance(0.3):
            others = Fraction(random.choice(("16.99", "17", "17.01")))
        if self.sound:
            ethics = Fraction(random.choice(("3", "3", "3", "3.5", "2.99")))
            total = Fraction(random.choice(("20", "20", "23", "23", "19.99", "22.99", "20.5")))
            others = total - ethics
            if self.chance(0.2):
                others = Fraction(random.choice(("17", "16.99")))
        first = start + DAY
        days = (start, first, due, due + DAY, end, end + DAY, end - DAY, start - DAY)
        for topic, amount in (("ethics", ethics), ("recovery", others)):
            for part in self.split(amount, random.randint(1, 3) if rich else 1):
                day = (
                    random.choice(days[1:3] if self.sound else days)
                    if self.chance(0.25)
                    else self.between(first, min(due, end))
                )
                self.event(day, part, topic)
        if rich:
            for _ in range(random.randint(0, 3)):
                course = random.choice(self.courses)
                own = [Credit(amount=random.choice(("1", "2.99", "4")), topics={random.choice(("ethics", "crisis"))})]
                event = self.add(
                    TrainingEvent(
                        id=self.new_id("e"), person=self.who(), completed=self.between(start, end), course=course.id,
                        credits=own if self.chance(0.3) else None,
                    )
                )  # fmt: skip
                if self.chance(0.1):
                    self.review(event, event.completed)
            if self.chance(0.1):
                self.add(TrainingEvent(id=self.new_id("e"), person=PERSON, completed=first, credits=()))

    def split(self, amount: Fraction, parts: int) -> list[Fraction]:
        hundredths = int(amount * 100)
        if hundredths == 0:
            return []
        cuts = sorted(self.random.randint(0, hundredths) for _ in range(parts - 1))
        return [
            Fraction(high - low, 100) for low, high in zip([0, *cuts], [*cuts, hundredths], strict=True) if high > low
        ]

    def event(self, day: date, amount: Fraction, topic: str) -> None:
        random = self.random
        hundredths = int(amount * 100)
        carried = [Credit(amount=f"{hundredths // 100}.{hundredths % 100:02}", topics={topic})]
        if (amount * 60).denominator == 1 and self.chance(0.2):
            carried = [Credit(amount=str(amount * 60), unit="minute", topics={topic, "boundaries"})]
        if topic == "recovery" and self.chance(0.3):
            topics: Any = random.choice((set(), {"military"}, {"wellness"}))
            topics = None if self.odd and self.chance(0.1) else topics
            carried = [attrs.evolve(credit, topics=topics) for credit in carried]
        if self.chance(0.1):
            carried.append(
                Credit(amount=random.choice(("0.01", "1", "0.99")), topics={random.choice(("ethics", "family"))})
            )
        event = self.add(
            TrainingEvent(
                id=self.new_id("e"), person=self.who(), completed=day, credits=carried,
                role=random.choice(("attended", "attended", "taught")),
                delivery=random.choice((None, "in-person", "self-paced", "live-online")),
            )
        )  # fmt: skip
        if self.chance(0.04 if self.sound else 0.12):
            self.review(event, day)
        if self.chance(0.03 if self.sound else 0.06):
            retraction = self.add(Retraction(id=self.new_id("r"), retracts=event.id, reason="a mistake"))
            if self.chance(0.4):
                self.add(Retraction(id=self.new_id("r") + "~back", retracts=retraction.id, reason="none after all"))

    def review(self, event: Any, day: date) -> None:
        random = self.random
        for offset in random.sample(range(200), random.choice((1, 1, 2))):
            decision = random.choice(("approved", "rejected", "granted"))
            granted = [
                Credit(
                    amount=random.choice(("2.99", "3", "20", "0.01")), topics=random.choice(({"ethics"}, {"crisis"}))
                )
            ]
            self.add(
                Review(
                    id=self.new_id("v"), person=event.person, event=event.id, decision=decision, on=day + offset * DAY,
                    credits=granted if decision == "granted" else None,
                    credential=random.choice((None, NC, NC, "us-xx-other")),
                )
            )  # fmt: skip

    # --------------------------------------------------------------------------------------------------------- oddities

    def oddities(self, start: date, due: date, end: date) -> None:
        """What is odd about this life, beside its filings."""
        first, last = start + DAY, max(start + DAY, min(due, end))
        if "repeats" in self.odd:
            for _ in range(self.random.choice((1, 1, 2))):
                self.repeat(first, last)
        if self.odd & {"twice", DISPUTED}:
            for _ in range(self.random.choice((1, 1, 2))):
                self.twice(first)
        if "steps" in self.odd:
            for _ in range(self.random.choice((1, 2))):
                self.for_another_step(first, end)
            if self.chance(0.3):
                applied = start - self.random.choice((0, 1, 14)) * DAY
                self.file(applied, step="initial")
                self.letter(applied - self.random.choice((-1, 0, 1, 5)) * DAY, by=self.random.choice(("w-1", "w-5")))

    def of_this_cycle(self, first: date) -> list[Any]:
        """The trainings that stand, of one's own and from a day on."""
        withdrawn = {record.retracts for record in self.records if record.record_type == "retraction"}
        withdrawn |= {record.event for record in self.records if record.record_type == "review"}
        return [
            record
            for record in self.records
            if record.record_type == "training-event"
            and record.completed >= first
            and record.credits
            and record.course is None
            and record.title is None
            and record.id not in withdrawn
        ]

    def halves(self, first: date) -> tuple[Any, tuple[Credit, ...]] | None:
        """Take a training out, and say what two of half its hours would carry."""
        found = [one for one in self.of_this_cycle(first) if all(credit.amount * 50 % 1 == 0 for credit in one.credits)]
        if not found:
            return None
        event = self.random.choice(found)
        if self.chance(0.3):
            return event, event.credits
        self.records.remove(event)
        return event, tuple(attrs.evolve(credit, amount=credit.amount / 2) for credit in event.credits)

    def repeat(self, first: date, last: date) -> None:
        """Take a course twice, or two that look alike."""
        random = self.random
        if not (found := self.halves(first)):
            return
        event, carried = found
        number = random.randrange(len(TITLES))
        provider = random.choice((None, "acme"))
        looks: tuple[dict[str, Any], ...] = (
            {},
            {"title": TITLES[number]},
            {"title": TITLES[number], "provider": provider},
            {"title": TITLES[number], "provider": "other"},
            {"title": TITLES[number], "course": f"RB-{number}"},
            {"course": f"RB-{number}"},
            {"course": f"RB-{number}", "provider": provider},
            {"course": f"rb-{number}", "title": TITLES[number], "provider": "other"},
            {"course": f"course-{number % 3}"},
            {"course": f"course-{number % 3}", "title": TITLES[number]},
            {"title": TITLES[(number + 1) % len(TITLES)]},
        )
        shown = random.choice(looks[1:])
        for other in (False, True):
            look = dict(random.choice(looks) if other and self.chance(0.4) else shown)
            if "title" in look:
                look["title"] = self.spelled(look["title"])
            self.add(
                attrs.evolve(
                    event, id=self.new_id("e"), person=self.who(), credits=carried,
                    completed=self.between(first, last) if self.chance(0.9) else event.completed, **look,
                )
            )  # fmt: skip

    def twice(self, first: date) -> None:
        """Enter a training twice, as two lists have it."""
        random = self.random
        if not (found := self.halves(first)):
            return
        event, carried = found
        number = random.randrange(3)
        look: dict[str, Any] = random.choice(
            (
                {},
                {"title": TITLES[number]},
                {"title": TITLES[number], "provider": "acme"},
                {"course": f"course-{number}"},
                {"title": TITLES[number], "course": f"RB-{number}"},
            )
        )
        entries = []
        lists = self.chance(0.5)
        for other in (False, True, True) if self.chance(0.1) else (False, True):
            seen = dict(look)
            if other and self.chance(0.3) and seen:
                seen.pop(random.choice(sorted(seen)))
            if "title" in seen:
                seen["title"] = self.spelled(seen["title"])
            if other and self.chance(0.3 if DISPUTED in self.odd else 0.15) and (DISPUTED in self.odd or not lists):
                topics = random.choice((None, None, {"wellness"}, {"ethics"}))
                carried = tuple(attrs.evolve(credit, topics=topics) for credit in carried)
            if other and self.chance(0.1):
                seen["delivery"] = random.choice((None, "in-person", "self-paced"))
            if lists:
                seen["origin"] = Origin(source=random.choice(("lms", "lms", "tracker")), key=(str(self.count),))
                if other and self.chance(0.4) and DISPUTED in self.odd:
                    carried = tuple(attrs.evolve(credit, amount=credit.amount * 2) for credit in carried)
            entries.append(
                self.add(attrs.evolve(event, id=self.new_id("e"), person=self.who(), credits=carried, **seen))
            )
        if self.chance(0.1):
            self.add(Retraction(id=self.new_id("r"), retracts=entries[-1].id, reason="entered twice"))

    def for_another_step(self, first: date, end: date) -> None:
        """Give a fee or a letter for another step, or for this one."""
        step = self.random.choice((None, "renewal", "initial", "initial", "reinstatement"))
        day = self.between(first, max(first, end))
        if self.chance(0.5):
            self.letter(day, by=self.random.choice(("w-1", "w-2", "w-3")), step=step)
        else:
            self.fee(day, self.random.choice(("20", "40")), step=step)

    def letter(self, on: date, *, by: str | None, step: str | None = None) -> None:
        if "writers" in self.odd and self.chance(0.5):
            by = None
        self.add(Document(id=self.new_id("a"), person=self.who(), kind="reference-letter", on=on, by=by, step=step))

    def fee(self, on: date, dollars: str, *, step: str | None = None) -> None:
        self.add(
            Document(
                id=self.new_id("a"), person=self.who(), kind="fee", on=on, step=step,
                credential=self.random.choice((None, NC)), value=Quantity(amount=dollars, unit="us-dollar"),
            )
        )  # fmt: skip

    def documents(self, start: date, due: date, end: date) -> None:
        random = self.random
        edges = (start, start + DAY, end, end + DAY, due, start - DAY)

        def day() -> date:
            return random.choice(edges) if self.chance(0.4) else self.between(start + DAY, end)

        if self.sound:
            for writer in ("w-1", "w-2"):
                on = random.choice((start + DAY, end)) if self.chance(0.3) else self.between(start + DAY, end)
                self.letter(on, by=writer)
        for _ in range(random.choice((0, 1, 2, 2, 2, 3))):
            if self.sound:
                break
            months = Quantity(amount=str(random.randint(1, 30)), unit="month")
            self.add(
                Document(
                    id=self.new_id("a"), person=self.who(), kind="reference-letter", on=day(),
                    by=random.choice(("w-1", "w-2", "w-3", None) if "writers" in self.odd else ("w-1", "w-2", "w-3")),
                    value=random.choice((None, months)),
                    credential=random.choice((None, NC, NC, NC)) if self.chance(0.95) else "us-xx-other",
                    step=random.choice((None, "renewal")) if self.chance(0.95) else "initial",
                )
            )  # fmt: skip
        usual = (("20",), ("20",), ("20", "20"), ("40",))
        unusual = (("39.99",), ("19.99",), ("10", "10"), ("20", "19.99"), ())
        if self.sound:
            usual, unusual = ((("40",), ("20", "20")) if end > due else (("20",), ("10", "10"))), ()

        for amount in random.choice((*usual, *unusual)):
            self.fee(day(), amount, step=random.choice((None, "renewal")))

    def coverage(self) -> None:
        random = self.random
        if self.full:
            for covers in ("certification", "document"):
                # In two parts that meet, or all but meet, as well as in one.
                first, last = None, None
                if self.chance(0.3):
                    last = self.near(random.choice(self.hot))
                    first = last + random.choice((1, 1, 1, 0, 2)) * DAY
                    self.add(Coverage(id=f"cov-{covers}-2", covers=covers, last_day=last))
                self.add(
                    Coverage(
                        id=f"cov-{covers}", covers=covers, person=random.choice((None, PERSON)),
                        credential=random.choice((None, NC)), first_day=first,
                    )
                )  # fmt: skip
            return
        for number in range(random.choice((0, 1, 2, 3, 4))):
            first = self.near(random.choice(self.hot)) if self.chance(0.6) else None
            last = self.near(random.choice(self.hot)) if self.chance(0.6) else None
            if first and last and last < first:
                first, last = last, first
            covers = random.choice(("certification", "certification", "document", "filing"))
            kind = random.choice((None, "fee", "reference-letter")) if covers == "document" else None
            self.add(
                Coverage(
                    id=f"cov-{number}", covers=covers, document_kind=kind, person=random.choice((None, PERSON, "p-2")),
                    credential=random.choice((None, NC, NC, "us-xx-other")), first_day=first, last_day=last,
                )
            )  # fmt: skip

    def noise(self) -> None:
        random = self.random
        day = random.choice(self.hot)
        if self.chance(0.2):
            self.add(Certification(id="n-1", person="p-2", credential=NC, act="revoked", on=day))
            self.add(TrainingEvent(id="n-2", person="p-2", completed=day, credits=[Credit(amount="20")]))
        if self.chance(0.2):
            self.add(Certification(id="n-3", person=PERSON, credential="us-xx-other", act="revoked", on=day))
            self.add(Filing(id="n-4", person=PERSON, credential="us-xx-other", step="renewal", method="mail", sent=day))
        if self.chance(0.2):
            self.add(
                Verification(
                    id="n-5", person=PERSON, credential=NC, seen=day, status="active", shown_until=day + 30 * DAY
                )
            )

    # ---------------------------------------------------------------------------------------------------------- asking

    def days(self, count: int) -> list[date]:
        random = self.random
        first = min(self.hot)
        days = []
        for _ in range(count):
            kind = random.random()
            if kind < 0.25:
                days.append(self.between(max(first, max(self.hot) - 400 * DAY), max(self.hot) + 60 * DAY))
            elif kind < 0.7:
                days.append(self.near(random.choice(self.hot)))
            elif kind < 0.8:
                days.append(self.near(random.choice(LANDMARKS)))
            else:
                days.append(self.between(first - 5 * DAY, first + 4000 * DAY))
        return days


def random_codes(random: Random, number: int) -> set[str] | None:
    """The codes under which lists have a course of the catalog."""
    return random.choice((None, set(), {f"RB-{number}"}, {f"RB-{number}", f"X-{number}"}))


def told(life: Life) -> Ledger:
    ledger = Ledger()
    ledger.append(life.records)
    return ledger
