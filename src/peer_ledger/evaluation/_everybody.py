"""
Reports on many people, one after another, from this process or from several.

Other processes return headlines, and those other parts of reports that the caller has been reading.  What they do not
return is made here when it is read, as always, from the records on which the headline rests; they come with it, so that
a report stays what it was whatever happens to the ledger.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import islice
from typing import Any, NamedTuple
from weakref import ref

import attrs

from peer_ledger.evaluation._asking import Asking
from peer_ledger.evaluation._dossiers import Dossier, Dossiers, Shared
from peer_ledger.evaluation._processes import OtherProcesses
from peer_ledger.ledger import Basis, Ledger, LedgerView
from peer_ledger.ledger._about import About, RowsAbout, about_rows, rows_about_each
from peer_ledger.ledger._places import Place, place_of, view_at
from peer_ledger.records import Course, Coverage, TrainingEvent
from peer_ledger.records.interchange import record_from_json, record_to_json
from peer_ledger.reports import Report
from peer_ledger.values._cached import cached_property
from peer_ledger.values._collector import collector_paused

BATCH = 25
"""How many people one request is about."""

AT_ONCE = 8
"""
How many reports are made ahead where the caller keeps them, with the collector paused.

It would pass through all that are kept again and again.  Where each is dropped once it was read, it has little to do.
"""

PARTS = ("findings", "questions", "caveats", "designations", "ahead", "provenance", "under_assumed", "asked")
"""The parts of a report that take time."""

_BETWEEN = "\x1e"
"""What separates records that are sent; no JSON has it."""

HEADLINE = tuple(field.name for field in attrs.fields(Report) if field.name not in PARTS)


class Papers(NamedTuple):
    """
    What a ledger says about one person, as it is sent to another process.

    Attributes:
        person: The id asked for.
        people: Every id of the person.
        entries: The number of entries.
        records: The records in effect, as JSON, in one text, which is sent faster than many; it is empty without any.
    """

    person: str
    people: tuple[str, ...]
    entries: int
    records: str

    @classmethod
    def of(cls, found: RowsAbout) -> "Papers":
        """Return the papers of a person, given the entries in a ledger."""
        records = _BETWEEN.join([row.record or "" for row in found.rows])
        return cls(found.person, tuple(found.people), found.entries, records)

    def about(self) -> About:
        """Return what the ledger said about the person."""
        texts = self.records.split(_BETWEEN) if self.records else []
        return About(people=frozenset(self.people), entries=self.entries, records=tuple(map(record_from_json, texts)))


class SharedPapers(Shared):
    """
    The records that belong to no person, as far as the people sent so far need them.

    Args:
        coverages: The statements about what is on file for everyone, as JSON.
    """

    def __init__(self, coverages: Iterable[str]) -> None:
        found = map(record_from_json, coverages)
        self.coverages = tuple(record for record in found if isinstance(record, Coverage))
        self._courses = {}

    def take(self, courses: dict[str, str | None]) -> None:
        """Keep some courses, sent as JSON, by id; `None` for ids that are not those of a course."""
        for course_id in courses.keys() - self._courses.keys():
            text = courses[course_id]
            record = None if text is None else record_from_json(text)
            self._courses[course_id] = record if isinstance(record, Course) else None


class Request(NamedTuple):
    """
    What is asked of another process.

    Attributes:
        people: The people to report on.
        parts: The parts to return beside the headlines.
        papers: The papers of the people; `None` where the other process reads the ledger.
    """

    people: Sequence[str]
    parts: tuple[str, ...]
    papers: "Bundle | None"


class Bundle(NamedTuple):
    """
    The papers of some people, and their courses.
    """

    papers: list[Papers]
    courses: dict[str, str | None]


class Answer(NamedTuple):
    """
    What another process returns.

    Attributes:
        headlines: The fields of each report that are named in `HEADLINE`.
        parts: The parts of each report that were asked for.
        papers: The papers of the people, where the other process read them.
    """

    headlines: list[tuple[Any, ...]]
    parts: list[tuple[Any, ...]]
    papers: Bundle | None


def reports_on(
    view: LedgerView, people: Sequence[str], asking: Callable[[], Asking], day: date, *, processes: int
) -> Iterator[Report]:
    """
    Yield the reports on some people, in their order.

    Args:
        view: The ledger.
        people: The people.
        asking: Returns what reports on them here; it is made while other processes start.
        day: The day.
        processes: How many processes work on it; few people need no other process than this.
    """
    if processes == 1 or len(people) <= BATCH:
        return _reports_from_here(view, people, asking(), day)
    return _reports_from_processes(view, people, asking, day, processes=processes)


def _reports_from_here(view: LedgerView, people: Sequence[str], asking: Asking, day: date) -> Iterator[Report]:
    basis, dossiers = view.basis, Dossiers(view).of_each(people)
    last_two: deque[ref[Report]] = deque(maxlen=2)
    for dossier in dossiers:
        report = asking.report(dossier, day, basis=basis)
        last_two.append(ref(report))
        yield report
        del report
        if len(last_two) == 2 and last_two[0]() is not None:  # the last one is read, and this one was kept
            yield from _Made(asking, islice(dossiers, AT_ONCE), day, basis)


class _Made:
    """
    Reports made at once; the first that cannot be made ends them with its error.

    Args:
        asking: What reports on people.
        dossiers: What is on file about each.
        day: The day.
        basis: What the ledger shows.
        parts: The parts to be made at once, too.
    """

    def __init__(
        self, asking: Asking, dossiers: Iterable[Dossier], day: date, basis: Basis, parts: Iterable[str] = ()
    ) -> None:
        self._reports: deque[Report] = deque()
        self._failed: Exception | None = None
        with collector_paused():
            try:
                for dossier in dossiers:
                    self._reports.append(report := asking.report(dossier, day, basis=basis))
                    for name in parts:
                        getattr(report, name)
            except Exception as error:  # noqa: BLE001  # it is raised once those before it were yielded
                self._failed = error

    def __iter__(self) -> Iterator[Report]:
        while self._reports:
            yield self._reports.popleft()  # nothing else holds on to it
        if self._failed is not None:
            raise self._failed


def _reports_from_processes(
    view: LedgerView, people: Sequence[str], asking: Callable[[], Asking], day: date, *, processes: int
) -> Iterator[Report]:
    batches = [people[begin : begin + BATCH] for begin in range(0, len(people), BATCH)]
    with OtherProcesses(min(processes, len(batches)) - 1) as others:
        asked, place, reader, dossiers, interest = asking(), place_of(view), _Reader(view), Dossiers(view), _Interest()
        coverages = [record_to_json(coverage) for coverage in reader.shared.coverages]
        sent = _Here(asked, SharedPapers(coverages), day, view.basis)

        def there(some: Sequence[str]) -> Request:
            return Request(some, interest.parts(), reader.read(some)[1] if place is None else None)

        def here(some: Sequence[str]) -> Iterable[Report]:
            return _Made(asked, dossiers.of_each(some), day, view.basis)

        def ahead(some: Sequence[str]) -> Iterable[Report]:
            return _Made(asked, dossiers.of_each(some), day, view.basis, interest.parts())

        begin = asked, place, coverages, day, view.basis
        for request, answer in others.answers(_Answering, begin, batches, there=there, here=here, ahead=ahead):
            for report in answer if request is None else _received(request, answer, sent):
                yield report
                interest.watch(report)
                del report


def _received(request: Request, answer: Answer, sent: "_Here") -> Iterator[Report]:
    """Yield the reports that another process made."""
    bundle = answer.papers or request.papers
    assert bundle is not None, "papers are sent, or read and returned"
    sent.shared.take(bundle.courses)
    for papers, headline, parts in zip(bundle.papers, answer.headlines, answer.parts, strict=True):
        rest = _Rest(sent, papers, dict(zip(request.parts, parts, strict=True)))
        makers: dict[str, Callable[[Any], Any]] = {name: partial(rest.part, name) for name in PARTS}
        yield Report.partly_made(makers, **dict(zip(HEADLINE, headline, strict=True)))


class _Reader:
    """What a ledger says about people, ready to be sent; each course is read once."""

    def __init__(self, view: LedgerView) -> None:
        self._view, self.shared = view, Shared(view)
        self._courses: dict[str, str | None] = {}

    def read(self, people: Sequence[str]) -> tuple[list[About], Bundle]:
        """Return what there is about some people: the records, and the same to be sent."""
        abouts, papers, courses = list[About](), list[Papers](), dict[str, str | None]()
        for found in rows_about_each(self._view, people):
            about = about_rows(self._view, found)
            abouts.append(about)
            papers.append(Papers.of(found))
            for record in about.records:
                if isinstance(record, TrainingEvent) and record.course is not None:
                    courses[record.course] = self._course(record.course)
        return abouts, Bundle(papers, courses)

    def _course(self, course_id: str) -> str | None:
        if course_id not in self._courses:
            course = self.shared.course(course_id)
            self._courses[course_id] = None if course is None else record_to_json(course)
        return self._courses[course_id]


class _Answering:
    """
    The headlines of batches, in another process.

    Args:
        asking: What reports on people.
        place: Where the ledger is; `None` when papers come with the requests.
        coverages: The statements about what is on file for everyone, as JSON.
        day: The day.
        basis: What the ledger shows: up to which entry, and what of it is supposed.
    """

    def __init__(self, asking: Asking, place: Place | None, coverages: list[str], day: date, basis: Basis) -> None:
        self._here = _Here(asking, SharedPapers(coverages), day, basis)
        self._reader = _Reader(Ledger() if place is None else view_at(place))

    def __call__(self, request: Request) -> Answer:
        """Return the headlines of some people, and the parts asked for."""
        if request.papers is not None:
            read, bundle = None, request.papers
            abouts = [papers.about() for papers in bundle.papers]
        else:
            abouts, bundle = self._reader.read(request.people)
            read = bundle
        self._here.shared.take(bundle.courses)
        reports = map(self._here.report, request.people, abouts)
        asked = [
            [tuple([getattr(report, name) for name in names]) for names in (HEADLINE, request.parts)]
            for report in reports
        ]
        headlines, parts = (list(each) for each in zip(*asked, strict=True))
        return Answer(headlines, parts, read)


class _Here:
    """What reports on people of whom everything on file is at hand."""

    def __init__(self, asking: Asking, shared: SharedPapers, day: date, basis: Basis) -> None:
        self._asking, self.shared, self._day, self._basis = asking, shared, day, basis

    def report(self, person: str, about: About) -> Report:
        """Return the report on a person."""
        return self._asking.report(Dossier(person, about, self.shared), self._day, basis=self._basis)


class _Rest:
    """
    The parts of one report that take time: those that came with it, and others that are made when they are read.
    """

    def __init__(self, here: _Here, papers: Papers, made: dict[str, Any]) -> None:
        self._here, self._papers, self._made = here, papers, made

    @cached_property
    def _report(self) -> Report:
        return self._here.report(self._papers.person, self._papers.about())

    def part(self, name: str, _: Report) -> Any:
        """Return a part by its name."""
        return self._made[name] if name in self._made else getattr(self._report, name)


class _Interest:
    """Which parts of reports the caller reads before the next report, by those that came last."""

    def __init__(self) -> None:
        self._last: deque[Collection[str]] = deque(maxlen=BATCH)

    def watch(self, report: Report) -> None:
        """Take note of what was read of one more report."""
        self._last.append(report.made_of(PARTS))

    def parts(self) -> tuple[str, ...]:
        """Return the parts that were read of most reports."""
        return tuple(name for name in PARTS if 2 * sum(name in read for read in self._last) > len(self._last))
