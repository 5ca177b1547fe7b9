"""
Verdicts without findings: from sums of training and counts of documents, for every reading that they are needed under.

A finding names each credit and says why it counts or not. Most verdicts are only compared with each other, so that it
is enough to know how they stand; where sums do not say that, a requirement is checked credit by credit.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Final, NamedTuple, get_args

from peer_ledger.evaluation._budget import work_of
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._days import days_between
from peer_ledger.evaluation._decision_tree import Find
from peer_ledger.evaluation._documents import DocumentsTally, writers_of
from peer_ledger.evaluation._given_for import may_have_come_with_another
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._hours_program import HoursProgram, HoursPrograms, QuickHours, Verdicts, as_read
from peer_ledger.evaluation._life import Life
from peer_ledger.evaluation._paid_for import may_be_paid_for_another
from peer_ledger.evaluation._parts import Part, Taken, merged
from peer_ledger.evaluation._plans import Plan
from peer_ledger.evaluation._position import Position
from peer_ledger.evaluation._requirements import Verdict
from peer_ledger.evaluation._training_sums import TrainingSums, Window
from peer_ledger.records import Document, Quantity
from peer_ledger.reports import Result, Step, Subject
from peer_ledger.rules import DOCUMENTS_ON_FILE, UNKNOWN_WRITERS, UNRECORDED_TRAINING, ByQuestion, Documents
from peer_ledger.rules._completions import is_from_completion

NOT_ASKED = QuickHours("", "not asked", int, 1)


def hours_plan(
    position: Position,
    programs: HoursPrograms,
    life: Life,
    *,
    begun: Mapping[str, str],
    context: Callable[[Mapping[str, str]], Context],
) -> Plan:
    """
    Return how an hours requirement is decided from sums of training, under all open readings.

    What is asked, and which days relative dates name, is spread over readings once for everybody. So a person only adds
    the sums within the days that come of it.

    Args:
        position: The rule set, and what the caller says about its questions.
        programs: What the requirement asks, by readings.
        life: The state of the certificate.
        begun: The readings that are taken for the certificate.
        context: Returns the context under some readings.
    """
    assert life.edition is not None, "a requirement is that of an edition"
    shared, era = position.shared, programs.era(life.deciding, is_late=life.is_late)
    find = programs.under(life.deciding, is_late=life.is_late, context=context)
    work = work_of([programs.hours])
    asked = shared.part((programs, era), begun, lambda: find, work=work)
    bare = shared.part((programs, era, "bare"), begun, lambda: partial(_bare, find), work=work)
    days = position.interval(programs.hours.earning or life.edition.earning, life.deciding, begun)
    return position.plan(programs.hours, asked, days, bare)


def hours_part(position: Position, plan: Plan, life: Life, sums: TrainingSums) -> Part | None:
    """
    Return the verdict on an hours requirement under all open readings, from sums of training.

    Args:
        position: The rule set, and what the caller says about its questions.
        plan: How the requirement is decided.
        life: The state of the certificate.
        sums: The sums of the person's training.

    Returns:
        The part; `None` where sums do not say how it stands under every reading.
    """
    found: dict[Taken, Verdict] = {}
    assert plan.bare is not None, "a plan for hours has programs"
    if sums.training.is_unclear:
        return None
    for on, (begins, ends) in plan.days.found:
        window = (*days_between(begins, ends, life.grant, life.as_of, life.lapsed_on), life.as_of)
        is_empty = sums.training.between(*window).is_empty
        for what, program in (plan.bare if is_empty else plan.asked).found:
            taken = merged(on, what)
            if taken is None:
                continue
            if not program.is_asked:
                found[taken] = NOT_ASKED
                continue
            each = _each_way(position, program, window, sums)
            if each is None:
                return None
            for more, (met, unmet) in each:
                if met is unmet:
                    found[*taken, *more] = met
                else:
                    by_reading = {"counts": met, "does-not": unmet}
                    _add_open(position, found, (*taken, *more), by_reading, UNRECORDED_TRAINING.id)
    return Part(list(found.items()))


def _each_way(
    position: Position, program: HoursProgram, window: Window, sums: TrainingSums
) -> list[tuple[Taken, Verdicts]] | None:
    """Return the verdicts under all open readings of what is the same; `None` where sums do not say them."""
    found: list[tuple[Taken, Verdicts]] = []
    waiting: list[Taken] = [()]
    while waiting:
        taken = waiting.pop()
        one = sums.verdicts(program, window, {**position.base, **dict(taken)} if taken else position.base)
        if one is None:
            return None
        following = next(position.shared.open(one.asked, dict(taken)), None)
        if following is None or (not taken and sums.is_short(program, window)):
            found.append((taken, one.verdicts))
        else:
            readings = position.known.questions[following].readings
            waiting += [(*taken, (following, reading.id)) for reading in readings]
    return found


def _add_open(
    position: Position, found: dict[Taken, Verdict], taken: Taken, by_reading: Mapping[str, Verdict], question: str
) -> None:
    """Add the verdicts under each reading of a question or, where it leaves nothing undetermined, under one."""
    if question in position.weighing:
        for reading, verdict in by_reading.items():
            found[*taken, (question, reading)] = verdict
    else:
        found[taken] = by_reading[position.base[question]]


def documents_plan(
    position: Position, requirement: Documents, life: Life, *, begun: Mapping[str, str], asked: Part
) -> Plan | None:
    """
    Return how a requirement of documents is decided from what is on file, under all open readings.

    Args:
        position: The rule set, and what the caller says about its questions.
        requirement: The requirement.
        life: The state of the certificate.
        begun: The readings that are taken for the certificate.
        asked: Whether the requirement is asked, under all open readings.

    Returns:
        The plan; `None` where what is needed depends on a question, or the days that count depend on a completion.
    """
    if not are_counted(requirement):
        return None
    return position.plan(requirement, asked, position.interval(requirement.within, life.deciding, begun))


def are_counted(requirement: Documents) -> bool:
    """Return whether a count may decide: neither what is needed depends on a question, nor the days on a completion."""
    least = requirement.at_least
    if isinstance(least, ByQuestion) or (isinstance(least, Quantity) and not least.amount):
        return False
    return not is_from_completion(requirement.within)


def documents_part(position: Position, plan: Plan, life: Life, history: History) -> Part | None:
    """
    Return the verdict on a requirement of documents under all open readings, from a count of those on file.

    Args:
        position: The rule set, and what the caller says about its questions.
        plan: How the requirement is decided.
        life: The state of the certificate.
        history: The records, without a ruling.

    Returns:
        The part; `None` where a count does not say how it stands.
    """
    requirement = plan.requirement
    assert isinstance(requirement, Documents), "the plan is one for documents"
    kind = requirement.document_kind
    documents = [document for document in history.documents if document.kind == kind]
    if documents and (
        not requirement.is_decided_by_number
        or may_have_come_with_another(kind, life, history)
        or may_be_paid_for_another(kind, history, position.rulesets)
    ):
        return None
    found: dict[Taken, Verdict] = {}
    for what, is_asked in plan.asked.found:
        if not is_asked:
            found[what] = DOCUMENTS["not asked"]
            continue
        for on, (begins, ends) in plan.days.found:
            taken = merged(what, on)
            if taken is None:
                continue
            first, last = days_between(begins, ends, life.grant, life.as_of, life.lapsed_on)
            is_by_writer = requirement.from_different
            counts = count_of(documents, life.step, (first, last), life.as_of, from_different=is_by_writer)
            for under, count in _by_writers(position, requirement.fewest, counts, taken):
                if count >= requirement.fewest:
                    found[under] = DOCUMENTS["met"]
                elif history.covers("document", first, life.as_of, document_kind=kind):
                    found[under] = DOCUMENTS["short"]
                else:
                    _add_open(position, found, under, _IF_ON_FILE, DOCUMENTS_ON_FILE.id)
    return Part(list(found.items()))


def _by_writers(position: Position, need: int, counts: tuple[int, int], taken: Taken) -> Iterator[tuple[Taken, int]]:
    """Yield how many documents count: under each reading of how many people wrote them, where that decides."""
    least, most = counts
    question, by_reading = UNKNOWN_WRITERS.id, {"same": least, "different": most}
    if not least < need <= most:
        yield taken, least
    elif question in position.weighing:
        yield from (((*taken, (question, reading)), count) for reading, count in by_reading.items())
    else:
        yield taken, by_reading[position.base[question]]


def count_of(
    documents: Iterable[Document],
    step: Step | None,
    days: tuple[date | None, date | None],
    as_of: date,
    *,
    from_different: bool,
) -> tuple[int, int]:
    """
    Return how many documents of the kind count, at least and at most, where different writers are asked for.

    Args:
        documents: The documents of the kind.
        step: The step that they are given for.
        days: The first day that counts, `None` for the beginning of the calendar, and the last, `None` for the day of
            filing.
        as_of: The day of filing, after which nothing counts.
        from_different: Whether different writers are asked for.
    """
    first, last = days
    counted = [
        document
        for document in documents
        if (first is None or first <= document.on)
        and (last is None or document.on <= last)
        and document.on <= as_of
        and document.step in (None, step)
    ]
    return writers_of(counted) if from_different else (len(counted), len(counted))


def _bare(find: Find[HoursProgram], full: Mapping[str, str]) -> tuple[tuple[str, ...], HoursProgram]:
    """Return a program with only the questions that decide what is asked, for a person without training."""
    asked, program = find(full)
    return asked[: program.depth], program


class HoursFinder:
    """
    Finds the verdict on an hours requirement from sums of training, or else credit by credit.

    Args:
        program: Finds what the requirement asks.
        days: Finds the days that count.
        sums: The sums of the person's training.
        as_of: The day of filing.
        otherwise: Finds the verdict credit by credit.
    """

    def __init__(
        self,
        program: Find[HoursProgram],
        days: Find[tuple[date | None, date | None]],
        sums: TrainingSums,
        as_of: date,
        otherwise: Find[Verdict],
    ) -> None:
        self._program, self._days, self._sums = program, days, sums
        self._as_of, self._otherwise = as_of, otherwise

    def __call__(self, full: Mapping[str, str]) -> tuple[tuple[str, ...], Verdict]:
        """Return the verdict under some readings, with the questions that it depended on."""
        asked, program = self._program(full)
        if not program.is_asked:
            return asked, NOT_ASKED
        days, (first, last) = self._days(full)
        # Results are found again by the questions in the order in which they were asked, and what is asked next must
        # depend on the answers before it alone: first what is asked and on which days, then, if there is any training
        # on these days, what of it counts.
        asked, filters = (*asked[: program.depth], *days), asked[program.depth :]
        window = first, last, self._as_of
        if not self._sums.training.between(*window).is_empty:
            asked = asked + filters
        found = self._sums.verdicts(program, window, full)
        if found is None:
            more, verdict = self._otherwise(full)
            return tuple(dict.fromkeys(asked + more)), verdict
        asked, (met, unmet) = asked + found.asked, found.verdicts
        if met is unmet:
            return asked, met
        return (*asked, UNRECORDED_TRAINING.id), as_read(found.verdicts, full)


class DocumentsFinder:
    """
    Finds the verdict on a requirement of documents from what is on file, which is counted once for both readings.

    Args:
        tally: Finds how much is on file.
    """

    def __init__(self, tally: Find[DocumentsTally | None]) -> None:
        self._tally = tally

    def __call__(self, full: Mapping[str, str]) -> tuple[tuple[str, ...], Verdict]:
        """Return the verdict under some readings, with the questions that it depended on."""
        asked, tally = self._tally(full)
        if tally is None:
            return asked, DOCUMENTS["not asked"]
        if tally.is_met or tally.is_covered:
            return asked, DOCUMENTS[tally.if_all_are_on_file]
        is_elsewhere = full[DOCUMENTS_ON_FILE.id] == "not-all"
        return (*asked, DOCUMENTS_ON_FILE.id), DOCUMENTS["met" if is_elsewhere else tally.if_all_are_on_file]


class QuickDocuments(NamedTuple):
    """How a requirement of documents stands."""

    result: Result
    subject: Subject = "documents"


DOCUMENTS: Final = {result: QuickDocuments(result) for result in get_args(Result)}

_IF_ON_FILE: Final = {"not-all": DOCUMENTS["met"], "all": DOCUMENTS["short"]}
