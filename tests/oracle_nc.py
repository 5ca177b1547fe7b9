"""
North Carolina's renewals, worked out a second time from the specification alone, naively and to be read.

Nothing here is shared with the package: it reads the attributes of records, and computes with the standard library.
Where it and the package disagree, one of them is wrong, or the specification leaves it open.  It answers for the
renewals of a certificate; of a person who was never certified, or whose certificate lapsed, it says the standing only.

It takes records that leave nothing open about trainings and filings; `oracle_worlds` completes others in every way.  What
the records leave open about documents, who wrote a letter and whether there are more of them, is answered here in every
way: `answers` returns an answer for each.
"""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

NC = "us-nc-cpss"
SEEN_ON = date(2026, 11, 21)
GRANTS = ("awarded", "renewed", "reinstated")
ENDS = {
    "suspended": "suspended",
    "revoked": "revoked",
    "surrendered": "surrendered",
    "made-inactive": "inactive",
}
ONE_DAY = timedelta(days=1)
HOURS_OF = {"hour": Fraction(1), "minute": Fraction(1, 60)}


@cache
def month_end(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


@cache
def plus_months(day: date, months: int) -> date:
    """The same day of another month, or the last of it where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@dataclass
class Held:
    """How a requirement stands: `short` is in hours, dollars or letters; `alike` are results that are just as good."""

    result: str
    counted: Fraction | None = None
    short: Fraction = Fraction(0)
    alike: tuple[tuple[str, Fraction], ...] = ()


@dataclass
class Answer:
    """What is to be compared; `None` where the oracle doesn't say."""

    standing: str
    in_force: str
    step: str | None
    pending_since: date | None = None
    due: date | None = None
    late_until: date | None = None
    earning_begins: date | None = None
    earning_ends: date | None = None
    edition: str | None = None
    outcome: str | None = None
    hours_outcome: str | None = None
    documents_outcome: str | None = None
    status: str | None = None
    findings: dict[str, Held] = field(default_factory=dict)
    filing: str | None = None
    """The id of the filing that is pending."""
    as_assumed: bool = True
    """Whether filings were sent when they are assumed to have been."""
    each: list["Answer"] = field(default_factory=list, repr=False, compare=False)
    """With several filings the answer about each, whether or not it is the one that is judged."""


@dataclass
class Grant:
    """A grant that is in effect, and when what it grants is due for renewal."""

    day: date
    due: date
    anchor: date


@dataclass(frozen=True)
class Known:
    """
    What may be so about documents, and about trainings of unknown topics.

    `writers_differ`: letters of unknown writers are by as many; otherwise by a known writer, or by one and the same.
    `more_documents`: there are those that are missing, where no record says that all are on file.
    `given_here`: what names no step, and came before an application for another one, was given for this one.
    `may_be_ethics`: what nobody knows the topics of was on ethics, as far as that helps; otherwise on nothing that is asked.
    """

    writers_differ: bool
    more_documents: bool
    may_be_ethics: bool
    given_here: bool


def outcome_of(results: Iterable[str]) -> str:
    """One short, or all met that are asked."""
    return "short" if "short" in results else "met"


class Oracle:
    """
    One person's records under North Carolina's rules, every question of the rules being answered.

    Args:
        records: All of a ledger's.
        person: Any id of the person's.
        readings: The reading taken of every question.
        like: An oracle under the same readings of whose records only trainings and filings may differ; what does not
            depend on these is not worked out again.
    """

    def __init__(
        self, records: Iterable[Any], person: str, readings: Mapping[str, str], *, like: "Oracle | None" = None
    ) -> None:
        everything = list(records)
        withdrawn = self._withdrawn(everything)
        there = [record for record in everything if record.id not in withdrawn]
        self.readings = readings
        self.liftings: set[str] = set() if like is None else like.liftings
        self.ids = self._ids(there, person)
        self.all = there
        self.found: dict[str, list[Any]] = {}
        self.granted: dict[date, Grant | None] = {} if like is None else like.granted
        self.choices: dict[Any, list[tuple[Fraction, Fraction]]] = {}
        self.amounts: dict[Any, tuple[Fraction, Fraction, Fraction]] = {} if like is None else like.amounts
        self.courses = {record.id: record for record in there if record.record_type == "course"}

    @staticmethod
    def _withdrawn(records: list[Any]) -> set[str]:
        retractions = [record for record in records if record.record_type == "retraction"]

        def stands(retraction: Any) -> bool:
            return not any(other.retracts == retraction.id and stands(other) for other in retractions)

        return {retraction.retracts for retraction in retractions if stands(retraction)}

    @staticmethod
    def _ids(records: list[Any], person: str) -> set[str]:
        ids, before = {person}, 0
        while len(ids) > before:
            before = len(ids)
            for record in records:
                if record.record_type == "same-person" and record.people & ids:
                    ids |= record.people
        return ids

    def mine(self, kind: str) -> list[Any]:
        """The person's records of one type, of this credential or of none."""
        if kind not in self.found:
            self.found[kind] = [
                record
                for record in self.all
                if record.record_type == kind
                and record.person in self.ids
                and getattr(record, "credential", None) in (None, NC)
            ]
        return self.found[kind]

    # ------------------------------------------------------------------------------------------------------- editions

    def is_mail(self, edition: str, method: str | None) -> bool:
        """Whether an application was mailed; of one that does not say, a reading tells for each version of the rules."""
        return method == "mail" or (method == "unsaid" and self.readings[f"{edition}-by-mail"] == "yes")

    def edition(self, day: date, method: str | None) -> str:
        """The version of the rules for an application of that day; its method is None while there is none."""
        if day >= SEEN_ON or (day >= date(2021, 7, 1) and self.readings["renewal-4-begun"] == "begun"):
            return "renewal-4"
        if day >= (date(2020, 6, 30) if self.is_mail("renewal-3", method) else date(2020, 7, 1)):
            return "renewal-3"
        if day >= (date(2018, 6, 30) if self.is_mail("renewal-2", method) else date(2018, 7, 2)):
            return "renewal-2"
        return "renewal-1"

    def late_until(self, edition: str, due: date) -> date | None:
        """The last day on which a renewal may be filed late; `None` where the rules know no late filing."""
        if edition in ("renewal-3", "renewal-4"):
            if self.readings["late-window"] == "thirty-days":
                return month_end(due) + timedelta(days=30)
            return month_end(plus_months(due.replace(day=1), 1))
        spring = edition == "renewal-2" and date(2020, 3, 1) <= due <= date(2020, 4, 30)
        if spring and self.readings["spring-2020"] == "accepted":
            return date(2020, 5, 31)
        return None

    def is_open(self, due: date, day: date, method: str | None) -> bool:
        """Whether a renewal that is due on a day may be filed on another one."""
        return day <= (self.late_until(self.edition(day, method), due) or due)

    # ------------------------------------------------------------------------------------------------------------ life

    def act_day(self, act: Any) -> date:
        """The day of an act; where only the printed expiry is known, the last day before the two years it ends."""
        if act.on is not None:
            return act.on
        before = ONE_DAY if self.readings["last-day"] != "day-before" else ONE_DAY * 0
        return plus_months(act.expires + ONE_DAY, -24) - before

    def end_of(self, day: date, months: int) -> date:
        """The last day of the certificate, by what it is taken to end with, so many months after a day."""
        anniversary = plus_months(day, months)
        return {
            "month-end": month_end(anniversary),
            "anniversary": anniversary,
            "day-before": anniversary - ONE_DAY,
        }[self.readings["last-day"]]

    def acts(self, on: date) -> list[Any]:
        """What the board did until a day."""
        acts = [act for act in self.mine("certification") if self.act_day(act) <= on]
        return sorted(acts, key=self.act_day)

    def filings(self, on: date) -> list[tuple[date, Any]]:
        """The renewals that were filed until a day; of those that were sent on one day, in the order of their receipt."""
        found = [(filing.sent or filing.received, filing) for filing in self.mine("filing") if filing.step == "renewal"]
        return sorted(
            (pair for pair in found if pair[0] <= on),
            key=lambda pair: (pair[0], pair[1].received or pair[0], pair[1].id),
        )

    def decides(self, act: Any, day: date, filing: Any) -> bool:
        """Whether an act grants or refuses what was filed on the day."""
        if act.act not in (*GRANTS, "refused") or (act.id in self.liftings and act.filing is None):
            return False
        return act.filing == filing.id if act.filing is not None else self.act_day(act) >= day

    def grant(self, on: date) -> Grant | None:
        """The last grant until a day."""
        if on not in self.granted:
            self.granted[on] = self._grant(on)
        return self.granted[on]

    def _grant(self, on: date) -> Grant | None:
        held: Grant | None = None
        ended = ""
        for act in self.acts(on):
            ended, before = (act.act if act.act in ENDS else ended), ended
            if act.act not in GRANTS:
                continue
            day, ended = self.act_day(act), ""
            lifts = act.act == "reinstated" and act.expires is None and before in ("suspended", "made-inactive")
            if lifts and held is not None and day <= held.due:
                self.liftings.add(act.id)
                continue  # The suspension is lifted, and the cycle goes on.
            if held is None or act.act != "renewed":
                anchor, due = day, self.end_of(day, 24)
            else:
                anchor = held.anchor
                # A renewal is late when it is granted after the due date, even if it was filed in time: what is granted
                # late is not back-dated.  The specification does not say it in so many words.
                # It closes the cycle whose end is nearest, from the one that is due on: a renewal that comes a year and
                # more after the due date closes a later one, and those before it are not on file.
                # Cycles run from the first award (source V), whatever was printed on a certificate in between: the next
                # one ends with that month of the award's anniversaries that is nearest to two years later.
                counted = [self.end_of(held.anchor, 24 * number) for number in range(1, 40)]
                ends = [held.due]
                for _ in range(14):
                    ends.append(next(end for end in counted if end >= plus_months(ends[-1], 12)))
                closed = min(ends, key=lambda end: abs((day - end).days))
                question = "cycle-after-late" if day > closed else "cycle-after-early"
                if self.readings[question] == "old-due-date":
                    due = ends[ends.index(closed) + 1]
                else:
                    anchor, due = day, self.end_of(day, 24)
            held = Grant(day, act.expires or due, anchor)
        return held

    def pending(self, held: Grant, on: date) -> list[tuple[date, Any]]:
        """The filings within their interval that nobody has decided, in order."""
        decided = self.acts(on)
        return [
            (day, filing)
            for day, filing in self.filings(on)
            if day > held.day
            and not any(self.decides(act, day, filing) for act in decided)
            and self.is_open(held.due, day, filing.method or "unsaid")
        ]

    def covered(self, kind: str, first: date, last: date, kind_of_document: str | None = None) -> bool:
        """
        Whether all records of a kind within some days are said to be there, by one record or by several together.

        On the day of a grant no day has passed since; then what covers the days around it is asked for.
        """
        spans = [
            (coverage.first_day or date.min, coverage.last_day or date.max)
            for coverage in self.all
            if coverage.record_type == "coverage"
            and coverage.covers == kind
            and (coverage.person is None or coverage.person in self.ids)
            and coverage.credential in (None, NC)
            and coverage.document_kind in (None, kind_of_document)
        ]
        if first > last:
            return any(begins <= first and last <= ends for begins, ends in spans)
        day = first
        while day <= last:
            reaches = [ends for begins, ends in spans if begins <= day <= ends]
            if not reaches:
                return False
            if max(reaches) >= last:
                return True
            day = max(reaches) + ONE_DAY
        return True

    def standing(self, on: date) -> str:
        """Where the certificate is in its life; of one that is late, `answers` says what was filed in time for it."""
        changes = [act for act in self.acts(on) if act.act != "refused"]
        if not changes:
            return "not certified" if self.covered("certification", date.min, on) else "undetermined"
        if changes[-1].act in ENDS:
            return ENDS[changes[-1].act]
        held = self.grant(on)
        assert held
        if on <= held.due:
            return "current"
        if self.pending(held, on) or self.is_open(held.due, on, None):
            return "late"
        return "lapsed" if self.covered("certification", held.day + ONE_DAY, on) else "undetermined"

    @staticmethod
    def may_practice(standing: str) -> str:
        """Whether a person with that standing may practice."""
        return {"current": "yes", "undetermined": "undetermined"}.get(standing, "no")

    # ----------------------------------------------------------------------------------------------------------- hours

    def credited(self, event: Any, on: date) -> list[tuple[Fraction, frozenset[str] | None]]:
        """The hours of an event and what they are on, `None` where nobody knows, as a reviewer left them."""
        reviews = [review for review in self.mine("review") if review.event == event.id and review.on <= on]
        carried = event.credits
        if carried is None and event.course in self.courses:
            carried = self.courses[event.course].credits
        if reviews:
            last = max(reviews, key=lambda review: review.on)
            if last.decision == "rejected":
                return []
            if last.decision == "granted":
                carried = last.credits
        return [
            (Fraction(credit.amount) * HOURS_OF[credit.unit], credit.topics)
            for credit in carried or ()
            if credit.unit in HOURS_OF
        ]

    def hours(self, first: date, last: date, on: date, *, may_be_ethics: bool) -> list[tuple[Fraction, Fraction]]:
        """
        The hours of ethics and the others that were done within some days.

        Of a course that was taken twice one time counts, whichever is best: all choices are given.  What is of unknown
        topics may be on ethics as far as ethics is missing.
        """
        asked = (first, last, on, may_be_ethics)
        if asked not in self.choices:
            self.choices[asked] = self._hours(first, last, on, may_be_ethics=may_be_ethics)
        return self.choices[asked]

    def _hours(self, first: date, last: date, on: date, *, may_be_ethics: bool) -> list[tuple[Fraction, Fraction]]:
        always: list[Any] = []
        courses: dict[str, list[Any]] = {}
        for event in self.mine("training-event"):
            if not first <= event.completed <= last:
                continue
            if event.course is not None and self.readings["repeats"] == "once":
                courses.setdefault(event.course, []).append(event)
            else:
                always.append(event)
        always += [taken for taken, *more in courses.values() if not more]
        found = {self.sums(always, on)}
        for repeated in courses.values():
            if len(repeated) > 1:
                amounts = [self.sums([event], on) for event in repeated]
                found = {
                    (one[0] + ethics, one[1] + all_, one[2] + unknown)
                    for one in found
                    for ethics, all_, unknown in amounts
                }
        chosen = set()
        for ethics, total, unknown in found:
            missing = min(unknown, max(Fraction(0), 3 - ethics))
            for taken in {Fraction(0), missing if may_be_ethics else Fraction(0)}:
                chosen.add((ethics + taken, total - ethics - taken))
        return sorted(chosen)

    def sums(self, events: Iterable[Any], on: date) -> tuple[Fraction, Fraction, Fraction]:
        """The hours of ethics, all hours, and those of unknown topics of some events."""
        found = [Fraction(0), Fraction(0), Fraction(0)]
        for event in events:
            key = (event.id, event.credits, on)
            if key not in self.amounts:
                credited = self.credited(event, on)
                self.amounts[key] = (
                    sum((amount for amount, topics in credited if topics and "ethics" in topics), Fraction(0)),
                    sum((amount for amount, _ in credited), Fraction(0)),
                    sum((amount for amount, topics in credited if topics is None), Fraction(0)),
                )
            found = [one + more for one, more in zip(found, self.amounts[key], strict=True)]
        return found[0], found[1], found[2]

    def asked_hours(self, edition: str, ethics: Fraction, others: Fraction) -> dict[str, Held]:
        """How the requirements of hours stand."""
        nothing = Fraction(0)
        if edition != "renewal-4":
            short = max(nothing, 20 - ethics - others)
            return {"training": Held("short" if short else "met", 20 - short, short)}
        ethics_short = max(nothing, 3 - ethics)
        if self.readings["ethics-inside"] == "on-top":
            need = 23
            short = max(ethics_short, 23 - ethics - others)
        elif self.readings["ethics-surplus"] == "counts":
            need = 20
            short = max(ethics_short, 20 - ethics - others)
        else:
            need = 20
            short = ethics_short + max(nothing, 17 - others)
        return {
            "training": Held("short" if short else "met", need - short, short),
            "ethics": Held("short" if ethics_short else "met", 3 - ethics_short, ethics_short),
        }

    # ------------------------------------------------------------------------------------------------------- documents

    def documents_of(self, kind: str, first: date, last: date, known: Known) -> list[Any]:
        """
        What was attested within some days for a renewal or for nothing in particular.

        What names no step belongs to the application that it came with or before.  Where that is one for another step, it
        was given for that or for this one.
        """
        return [
            found
            for found in self.mine("document")
            if found.kind == kind
            and first <= found.on <= last
            and (
                found.step == "renewal"
                or (found.step is None and (known.given_here or not self.for_another(found, last)))
            )
        ]

    def for_another(self, document: Any, last: date) -> bool:
        """Whether the first application that was made from the day of a document on is one for another step."""
        made = [(filing.sent or filing.received, filing.step != "renewal") for filing in self.mine("filing")]
        later = [one for one in made if document.on <= one[0] <= last]
        return bool(later) and min(later)[1]

    def letters(self, first: date, last: date, known: Known) -> Held:
        """
        Two letters, from two writers.

        Letters whose writer nobody knows are by one and the same, or by as many others as there are.
        """
        letters = self.documents_of("reference-letter", first, last, known)
        writers = {letter.by for letter in letters if letter.by is not None}
        unknown = sum(letter.by is None for letter in letters)
        most = len(writers) + unknown
        counted = min(2, most if known.writers_differ else max(len(writers), min(1, unknown)))
        if counted == 2:
            return Held("met", Fraction(2))
        if known.more_documents and not self.covered("document", first, last, "reference-letter"):
            return Held("met", Fraction(counted))
        return Held("short", Fraction(counted), Fraction(2 - counted))

    def fee(self, dollars: int, first: date, last: date, known: Known) -> Held:
        """So many dollars, in one payment or several."""
        paid = sum((Fraction(fee.value.amount) for fee in self.documents_of("fee", first, last, known)), Fraction(0))
        if paid >= dollars or (known.more_documents and not self.covered("document", first, last, "fee")):
            return Held("met", None)
        return Held("short", None, dollars - paid)

    # ---------------------------------------------------------------------------------------------------------- answer

    def answers(self, on: date) -> list[Answer]:
        """Where the person stands on a day: an answer for everything that may be so about documents."""
        standing = self.standing(on)
        held = self.grant(on)
        step: str | None = None
        if standing in ("current", "late"):
            step = "renewal"
        elif standing == "lapsed":
            step = "reinstatement"
        elif standing == "not certified":
            step = "initial"
        if step == "renewal":
            assert held
            unknown = any(letter.by is None for letter in self.mine("document") if letter.kind == "reference-letter")
            vague = any(
                topics is None for event in self.mine("training-event") for _, topics in self.credited(event, on)
            )
            both = (False, True)
            other = any(filing.step != "renewal" for filing in self.mine("filing"))
            flags = (both if unknown else (False,), both, both if vague else (False,), both if other else (True,))
            return [self._renewal(standing, held, on, Known(*known)) for known in product(*flags)]
        answer = Answer(standing, self.may_practice(standing), step)
        if standing in ("revoked", "suspended", "surrendered", "inactive", "undetermined", "lapsed"):
            answer.status = standing
        return [answer]

    def _renewal(self, standing: str, held: Grant, on: date, known: Known) -> Answer:
        """
        The answer about a renewal.

        Of several filings that nobody has decided the first counts that is complete.  Where none is, the last counts:
        it has all that the others have, and the board looks at what came between them.
        """
        answers = [
            self._filed(Answer(standing, self.may_practice(standing), "renewal"), held, on, waiting, known)
            for waiting in self.pending(held, on) or [None]
        ]
        judged = next((answer for answer in answers if answer.outcome == "met"), answers[-1])
        judged.each = answers
        return judged

    def _filed(self, answer: Answer, held: Grant, on: date, waiting: tuple[date, Any] | None, known: Known) -> Answer:
        """The answer about a renewal, with one filing or none."""
        filed, method = (waiting[0], waiting[1].method or "unsaid") if waiting else (on, None)
        edition = self.edition(filed, method)
        answer.edition = edition
        if waiting and on > held.due >= filed:
            answer.standing = "pending"
        answer.pending_since = waiting[0] if waiting else None
        answer.filing = waiting[1].id if waiting else None
        answer.due = held.due
        answer.late_until = self.late_until(edition, held.due)

        first = held.day + ONE_DAY
        last = filed
        early_rules = edition not in ("renewal-3", "renewal-4")
        if early_rules and self.readings["training-before-2020"] == "any-time":
            first = date(1900, 1, 1)
        if not early_rules and self.readings["late-training"] == "does-not":
            last = min(last, held.due)
        answer.earning_begins = first if first.year > 1900 else None
        # While nothing is filed, training counts until the last day on which it could be: in time, or else late.
        ends = held.due if on <= held.due else answer.late_until or held.due
        ends = filed if waiting else ends
        if not early_rules and self.readings["late-training"] == "does-not":
            ends = min(ends, held.due)
        answer.earning_ends = ends
        choices = [
            self.asked_hours(edition, ethics, others)
            for ethics, others in self.hours(first, last, on, may_be_ethics=known.may_be_ethics)
        ]
        least = min(choice["training"].short for choice in choices)
        best = [choice for choice in choices if choice["training"].short == least]
        hours = best[0]
        if "ethics" in hours:
            # Several choices may be equally good, and leave the ethics differently.
            hours["ethics"].alike = tuple({(choice["ethics"].result, choice["ethics"].short) for choice in best})

        after_grant = held.day + ONE_DAY
        since = after_grant if self.readings["letters-age"] == "this-cycle" else date(1900, 1, 1)
        documents = {"letters": self.letters(since, filed, known)}
        late = filed > held.due
        unasked = Held("not asked")
        documents["letters-known"] = unasked
        if edition == "renewal-1":
            is_asked = self.readings["fee-before-july-2018"] == "fifteen" and not late
            documents["fee"] = self.fee(15, after_grant, filed, known) if is_asked else unasked
        else:
            documents["fee"] = unasked if late else self.fee(20, after_grant, filed, known)
        if not early_rules:
            documents["late-fee"] = self.fee(40, after_grant, filed, known) if late else unasked
            hours["military-hours"] = unasked

        answer.findings = {**hours, **documents}
        answer.hours_outcome = outcome_of([held.result for held in hours.values()])
        answer.documents_outcome = outcome_of([held.result for held in documents.values()])
        answer.outcome = outcome_of([held.result for held in answer.findings.values()])
        if answer.standing in ("pending", "late"):
            answer.status = answer.standing
        elif answer.outcome == "met":
            answer.status = "compliant"
        else:
            answer.status = "due soon" if on >= held.due - timedelta(days=90) else "in progress"
        return answer

    def periods(self, until: date) -> list[tuple[date, date, str, str]]:
        """Every day from the first act on, and the days that are alike put together."""
        acts = self.acts(date.max)
        found: list[tuple[date, date, str, str]] = []
        if not acts:
            return found
        day = self.act_day(acts[0])
        while day < until:
            standings = {answer.standing for answer in self.answers(day)}
            standing = standings.pop() if len(standings) == 1 else "undetermined"
            if found and found[-1][2] == standing:
                found[-1] = (found[-1][0], day + ONE_DAY, standing, found[-1][3])
            else:
                found.append((day, day + ONE_DAY, standing, self.may_practice(standing)))
            day += ONE_DAY
        return found
