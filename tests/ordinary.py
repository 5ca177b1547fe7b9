"""
People as most are: certificates that were renewed a few times, trainings of many kinds, a few documents.

One in a few is out of the ordinary in some way: a renewal that came late, an expiry that is not known, a training that is
there twice, a filing.
"""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from peer_ledger import Certification, Course, Coverage, Credit, Document, Filing, TrainingEvent
from peer_ledger.records import Approval
from peer_ledger.testing._lives import OTHER_WORDS
from peer_ledger.testing._mentions import mentions_of
from peer_ledger.values.dates import months_after

DAY = timedelta(days=1)


def people(rules, count, seed):
    """Return the records of some people under a rule set; with an odd seed, many were certified on the same days."""
    random = Random(seed)
    firsts = [date(2018, 1, 1) + random.randrange(2200) * DAY for _ in range(3 if seed % 2 else count)]
    lives = [_Life(rules, random, place, random.choice(firsts), day_for(seed)) for place in range(count)]
    return [*_of_all(random), *(record for life in lives for record in life.records)]


def day_for(seed):
    random = Random(seed + 1)
    return random.choice([date(2025, 6, 30), date(2026, 1, 15), date(2024, 2, 29) + random.randrange(900) * DAY])


def _of_all(random):
    """Yield what is said of everybody: what is on file, and a catalog."""
    yield Course(id="k-1", title="Crisis", credits=[Credit(amount=2, topics={"crisis"})])
    for number, (what, kind) in enumerate(
        [
            ("certification", None),
            ("filing", None),
            ("document", None),
            ("document", "reference-letter"),
            ("training-event", None),
        ]
    ):
        if random.random() < 0.35:
            since = random.choice([None, date(2021, 1, 1) + random.randrange(1800) * DAY])
            yield Coverage(id=f"v-{number}", covers=what, document_kind=kind, first_day=since)


class _Life:
    def __init__(self, rules, random, place, first, on):
        self._rules, self._random, self._person = rules, random, f"p-{place:03}"
        self._mentions, self.records = mentions_of(rules), []
        self._is_odd = random.random() < 0.4
        self._first, self._days = first, [on]
        if random.random() < 0.95:
            self._certify()
        for _ in range(random.choice([0, 3, 6, 12, 20])):
            self._train()
            if self._may(0.15):
                self._again(self.records[-1])
        kinds = sorted({one.document_kind for some in self._mentions.documents.values() for one in some})
        for kind in [*kinds, "reference-letter"] if random.random() < 0.6 else kinds[:1]:
            for _ in range(random.choice([0, 1, 2, 3])):
                self._document(kind)
        if self._may(0.1):
            self._add(
                Filing,
                "f",
                credential=rules.id,
                step="renewal",
                method="online",
                sent=self._first + random.randrange(2500) * DAY,
            )
        if self._may(0.07):
            self._add(Coverage, "w", covers="certification")

    def _add(self, cls, mark, **fields):
        self.records.append(cls(id=f"{mark}-{self._person}-{len(self.records)}", person=self._person, **fields))

    def _may(self, share):
        """Return whether something out of the ordinary happens."""
        return self._is_odd and self._random.random() < share

    def _certify(self):
        random, act = self._random, "awarded" if self._random.random() < 0.95 else "renewed"
        begins = clock = self._first
        months = self._mentions.months
        for _ in range(random.choice([1, 1, 2, 3, 4])):
            clock = months_after(clock if random.random() < 0.7 else begins, months)
            due = clock + random.choice([0, 0, 0, 0, 0, -1, 1, 13]) * DAY
            self._days += [begins, due]
            expires = None if self._may(0.15) else max(due, begins)
            on = None if expires and self._may(0.07) else begins
            credential = "us-zz-other" if self._may(0.07) else self._rules.id
            self._add(Certification, "c", credential=credential, act=act, on=on, expires=expires)
            begins = (
                due - random.choice([0, 1, 7, 30, 80]) * DAY
                if not self._may(0.2)
                else due + random.choice([1, 20, 400]) * DAY
            )
            act = "reinstated" if random.random() < 0.04 else "renewed"
            if self._may(0.07):
                self._add(
                    Certification,
                    "c",
                    credential=self._rules.id,
                    act=random.choice(["suspended", "refused"]),
                    on=begins - DAY,
                )
            if begins > date(2027, 1, 1):
                return

    def _word(self, name):
        return self._random.choice([*self._mentions.words.get(name, ()), *OTHER_WORDS[name]])

    def _day(self):
        """Return any day, or one about those that matter."""
        if self._random.random() < 0.3:
            return self._random.choice(self._days) + self._random.choice([-1, 0, 1]) * DAY
        return self._first + self._random.randrange(-200, 2800) * DAY

    def _train(self):
        random = self._random
        targets = [target for some in self._mentions.targets.values() for target in some]
        target = random.choice(targets) if targets and random.random() < 0.7 else None
        words = {} if target is None else {name: random.choice(some) for name, some in target.words.items()}
        amount = (
            random.choice(target.amounts) if target and random.random() < 0.3 else Decimal(random.randrange(1, 24)) / 4
        )
        topics = {words["topics"]} if "topics" in words else random.choice([set(), None, {self._word("topics")}])
        unit = "ceu" if self._may(0.05) else random.choice(["hour", "hour", random.choice(self._mentions.units)[0]])
        credits_ = [Credit(amount=max(amount, Decimal("0.01")), unit=unit, topics=topics)]
        if random.random() < 0.15:
            credits_.append(Credit(amount="0.75", topics={"ethics"}))
        approved = random.random()
        self._add(
            TrainingEvent, "e",
            completed=self._day(),
            credits=None if self._may(0.05) else credits_,
            title=f"t{len(self.records)}" if not self._may(0.1) else "t",
            course="k-1" if self._may(0.05) else words.get("courses"),
            delivery=words.get("deliveries") or random.choice([None, self._word("deliveries")]),
            provider=words.get("providers") or random.choice([None, self._word("providers")]),
            role=words.get("roles", "attended"),
            approvals=[Approval(by=words.get("approved_by") or "naadac")] if approved < 0.05 and (self._is_odd or "approved_by" in words) else None if approved < 0.4 else [],
        )  # fmt: skip

    def _again(self, event):
        """Add the same training as another list may have it, or the same course on another day."""
        again = {name: getattr(event, name) for name in ("title", "credits", "delivery", "provider", "approvals")}
        day = event.completed if self._random.random() < 0.5 else self._day()
        self._add(TrainingEvent, "e", completed=day, **again)

    def _document(self, kind):
        random = self._random
        self._add(
            Document, "d", kind=kind, on=self._day(),
            by=random.choice([None, "w-1", "w-2", "w-3"]), step=random.choice([None, None, "renewal", "initial"]),
            credential=random.choice([None, None, None, self._rules.id, "us-zz-other"]),
        )  # fmt: skip
