"""Filings, letters and fees of random lives, worked out a second time by rules of a few lines for two boards."""

from datetime import date, timedelta
from random import Random

import attrs
import pytest

from boards import COVERED
from effort import sized
from peer_ledger import Ledger, evaluate
from peer_ledger.evaluation import _documents, _filings, _lifecycle, _quick
from peer_ledger.records import Certification, Coverage, Credit, Document, Filing, Quantity, TrainingEvent

DAY = timedelta(days=1)
LIVES = sized(4000, 500)
AT_ONCE = ("online", "email", "fax", "in-person")


class Board:
    """What the two boards have in common, each with its own days and papers."""

    name: str
    due: date
    last: date
    counts: str
    question: str

    def counted(self, filing, on, reading):
        """The day on which a filing counts as made; the day beyond all others while it has not arrived."""
        known = filing.sent if self.counts == "sent" else filing.received
        other = filing.received if self.counts == "sent" else filing.sent
        if known or filing.method in AT_ONCE:
            return known or other
        if self.counts == "sent":  # it was sent on the day of receipt or before
            if other <= self.due:
                return other
            return {"in-time": self.due, "late": min(other, self.last), "same-day": other}[reading]
        if on <= self.due or reading == "in-time":  # it was received on the day of sending or later
            return other
        late = max(other, self.due + DAY)
        return late if reading == "late" or on <= self.last else max(other, self.last + DAY)

    def answer(self, records, on, readings):
        """The standing, the status, the outcome of a renewal, and since when one is pending."""
        reading = readings.get(self.question)
        refused = [act for act in records if isinstance(act, Certification) and act.act == "refused" and act.on <= on]
        open_filings = []
        for filing in (one for one in records if isinstance(one, Filing)):
            day = self.counted(filing, on, reading)
            is_refused = any(act.filing == filing.id or (act.filing is None and act.on >= day) for act in refused)
            is_known = (filing.sent or filing.received) <= on
            if is_known and day <= min(on, self.last) and not is_refused:
                shown = (filing.sent if self.counts == "sent" else filing.received) or filing.sent or filing.received
                open_filings.append((day, shown, filing.id))
        open_filings.sort(key=lambda one: one[0])
        complete = [one for one in open_filings if self.has_papers(records, one[0], on, readings)]
        chosen = (complete[:1] or open_filings[-1:] or [None])[0]
        as_of, since = (chosen[0], chosen[1]) if chosen else (on, None)
        outcome = "met" if self.has_papers(records, as_of, on, readings) else "short"
        if on <= self.due:
            short = "due soon" if on >= self.due - 90 * DAY else "in progress"
            return "current", "compliant" if outcome == "met" else short, outcome, since
        if chosen:
            standing = "pending" if as_of <= self.due else "late"
            return standing, standing, outcome, since
        if on <= self.last:
            return "late", "late", outcome, None
        return "lapsed", "lapsed", None, None

    def draw_filings(self, random):
        for number in range(random.choice((0, 1, 1, 2, 3))):
            day = self.near(random)
            arrived = day + random.choice((0, 1, 3, 10)) * DAY
            days = random.choice(({"sent": day}, {"received": day}, {"sent": day, "received": arrived}))
            method = random.choice(("mail", "mail", None, "online"))
            yield Filing(id=f"f-{number}", person="p", credential=self.name, step="renewal", method=method, **days)
        if random.random() < 0.3:
            named = random.choice(("f-0", None))
            on = self.near(random)
            yield Certification(id="x", person="p", credential=self.name, act="refused", on=on, filing=named)

    def near(self, random):
        return random.choice((self.due, self.last)) + random.choice((-100, -20, -10, -1, 0, 1, 2, 10, 29, 40)) * DAY


def dollars(records, until):
    return sum(
        one.value.amount for one in records if isinstance(one, Document) and one.kind == "fee" and one.on <= until
    )


def fee(number, on, amount):
    value = Quantity(amount=amount, unit="us-dollar")
    return Document(id=f"fee-{number}", person="p", kind="fee", on=on, value=value)


class NorthCarolina(Board):
    """Sent by March 31, 2026, or late by April 30 with 20 dollars more; letters by two people, and all hours are there."""

    name, due, last, counts, question = "us-nc-cpss", date(2026, 3, 31), date(2026, 4, 30), "sent", "filing-sent"

    def draw(self, random):
        yield Certification(
            id="c", person="p", credential=self.name, act="awarded", on="2024-03-14", expires="2026-03-31"
        )
        for topic, amount in (("ethics", 3), ("recovery", 17)):
            carried = [Credit(amount=amount, topics={topic})]
            yield TrainingEvent(id=f"e-{topic}", person="p", completed="2025-06-01", credits=carried)
        for number in range(random.choice((1, 2, 2, 3))):
            by = random.choice(("w-1", "w-2", "w-3", None))
            yield Document(id=f"l-{number}", person="p", kind="reference-letter", on=self.near(random), by=by)
        for number in range(random.choice((1, 1, 2))):
            yield fee(number, self.near(random), random.choice((20, 20, 40)))
        yield from self.draw_filings(random)

    def has_papers(self, records, as_of, on, readings):
        until = min(as_of, on)
        letters = [one for one in records if getattr(one, "kind", None) == "reference-letter" and one.on <= until]
        named, nameless = {one.by for one in letters} - {None}, [one for one in letters if one.by is None]
        if readings["unknown-writers"] == "different":
            writers = len(named) + len(nameless)
        else:
            writers = max(len(named), 1 if nameless else 0)
        return writers >= 2 and dollars(records, until) >= (20 if as_of <= self.due else 40)

    def draw_readings(self, random):
        return {
            self.question: random.choice(("in-time", "late", "same-day")),
            "unknown-writers": random.choice(("same", "different")),
            "late-window": "thirty-days",
        }


class Mississippi(Board):
    """Received by September 29, 2023, with 40 dollars; there is no filing late, and everything else is there."""

    name, due, last, counts = "us-ms-cpssp", date(2023, 9, 29), date(2023, 9, 29), "received"
    question = "filing-received"

    def draw(self, random):
        for name, act, on in (("c-1", "awarded", "2016-05-10"), ("c-2", "renewed", "2019-09-20")):
            yield Certification(id=name, person="p", credential=self.name, act=act, on=on)
        carried = [Credit(amount=20, topics={"recovery"})]
        yield TrainingEvent(id="e", person="p", completed="2022-04-05", provider="nami", credits=carried)
        for kind in ("in-service-training", "employment"):
            yield Document(id=kind, person="p", kind=kind, on="2022-08-01")
        for number in range(random.choice((1, 1, 2))):
            yield fee(number, self.near(random), random.choice((20, 40, 40)))
        yield from self.draw_filings(random)

    def has_papers(self, records, as_of, on, readings):
        return dollars(records, min(as_of, on)) >= 40

    def draw_readings(self, random):
        return {self.question: random.choice(("in-time", "late", "too-late"))}


BOARDS = (NorthCarolina(), Mississippi())


def differences(board, lives, start=0):
    """Yield the lives in which the package and the few lines differ."""
    for seed in range(start, start + lives):
        random = Random(seed)
        records, readings = tuple(board.draw(random)), board.draw_readings(random)
        ledger = Ledger()
        ledger.append([*COVERED, *records])
        on = board.near(random) + random.choice((0, 5, 15)) * DAY
        report = evaluate(ledger, "p", on=on, ruleset=board.name, readings=readings)
        outcome = report.outcome if report.step == "renewal" else None
        found = report.standing, report.status, outcome, report.pending_since
        expected = board.answer(records, on, readings)
        if found != expected:
            yield f"life {seed} on {on}: found {found}, expected {expected}; {readings} {records}"


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_filings_are_answered_as_a_few_lines_answer_them(board):
    found = list(differences(board, LIVES))
    assert not found, f"{len(found)} differ\n" + "\n".join(found[:3])


def look_at_the_first_filing_alone(patch):
    real = _lifecycle.undecided

    def fault(*given):
        found = real(*given)
        return attrs.evolve(found, candidates=found.candidates[:1])

    patch.setattr(_lifecycle, "undecided", fault)


def take_one_day_for_the_other(patch):
    patch.setattr(_filings, "AT_ONCE", frozenset({"online", "email", "fax", "in-person", "mail", None}))


def take_every_letter_for_another_writer(patch):
    def fault(documents):
        writers = {one.by for one in documents} - {None}
        return (len(writers) + [one.by for one in documents].count(None),) * 2

    patch.setattr(_documents, "writers_of", fault)
    patch.setattr(_quick, "writers_of", fault)


def forget_that_it_has_not_arrived(patch):
    patch.setattr(_filings, "_received_by", lambda _readings, _window, sent, _history: sent)


@pytest.mark.parametrize(
    ("plant", "boards"),
    [
        (look_at_the_first_filing_alone, BOARDS),
        (take_one_day_for_the_other, BOARDS),
        (take_every_letter_for_another_writer, BOARDS[:1]),
        (forget_that_it_has_not_arrived, BOARDS[1:]),
    ],
)
def test_planted_faults_are_found(monkeypatch, plant, boards):
    plant(monkeypatch)
    assert all(next(differences(board, 2000), None) for board in boards)


@pytest.mark.parametrize(
    ("credential", "received", "standings"),
    [
        # Indiana: due on March 9, 2026, and nothing is said of filing late.
        ("us-in-caprc-ii", "2026-03-12", {"in-time": "pending", "late": "lapsed", "same-day": "lapsed"}),
        # Pennsylvania: late until November 9, 2026.
        ("us-pa-cps", "2026-11-12", {"in-time": "pending", "late": "late", "same-day": "lapsed"}),
    ],
)
def test_what_was_sent_late_was_sent_in_time_nowhere(credential, received, standings):
    """Certified on March 10 or May 10, 2024; only the day on which the letter came is on file, after all filing ended."""
    awarded = "2024-03-10" if credential == "us-in-caprc-ii" else "2024-05-10"
    ledger = Ledger()
    ledger.append(
        [
            Certification(id="c", person="p", credential=credential, act="awarded", on=awarded),
            Filing(id="f", person="p", credential=credential, step="renewal", method="mail", received=received),
            Coverage(id="k", covers="certification", person="p"),
            Coverage(id="l", covers="filing", person="p"),
        ]
    )
    report = evaluate(ledger, "p", on=received, ruleset=credential)
    [found] = [one for one in report.questions if one.question.id == "filing-sent"]
    assert {one.reading.id: dict(one.answer)["standing"] for one in found.alternatives} == standings
