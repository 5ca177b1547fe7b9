"""
Exhibits: the trainings and documents that counted in an answer, each with what there is to prove it.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction

import attrs

from peer_ledger.evaluation._dossiers import Shared
from peer_ledger.ledger import Entry, LedgerView
from peer_ledger.records import Document, Review, TrainingEvent
from peer_ledger.records._record import first_id
from peer_ledger.reports import Report
from peer_ledger.values._wording import spoken_day


@attrs.frozen(kw_only=True)
class CountedFor:
    """
    How much of one record counted for one requirement.

    Attributes:
        requirement: The id of the requirement.
        part_of: The id of the requirement that it is a part of; `None` when it is not a part.
        counted: How much counted.
        unit: The unit.
    """

    requirement: str
    part_of: str | None
    counted: Fraction
    unit: str


@attrs.frozen(kw_only=True)
class Exhibit:
    """
    A training or a document that counted, with what there is to prove it.

    Attributes:
        record: Its id.
        kind: `training`, or the kind of the document.
        day: Its day.
        title: The title of a training, or of its course; `None` for a document, or when unknown.
        provider: Who gave the training; `None` for a document, or when unknown.
        delivery: How the training was given; `None` for a document, or when unknown.
        by: Who attested the document, as an opaque id; `None` for a training, or when unknown.
        counted: What it counted for.
        evidence: Where its certificate is kept; `None` when that is not on file.
        review: The newest review of the training; `None` when there is none.
        entry: The number of the ledger's entry that holds it.
        recorded_at: When it was recorded.
        digest: The chained digest of the ledger up to that entry.
    """

    record: str
    kind: str
    day: date
    title: str | None
    provider: str | None
    delivery: str | None
    by: str | None
    counted: tuple[CountedFor, ...]
    evidence: str | None
    review: Review | None = attrs.field(repr=False)
    entry: int
    recorded_at: datetime
    digest: str

    @property
    def wanted(self) -> str:
        """What an auditor asks for to see it proved."""
        if self.kind != "training":
            return f"the document: {self.kind.replace('-', ' ')} of {spoken_day(self.day)}"
        return f"the certificate of completion of {spoken_day(self.day)}"


def exhibits_of(view: LedgerView, report: Report) -> Iterator[Exhibit]:
    """
    Yield what counted for something in a report, with its entry in the ledger.

    Args:
        view: The ledger that the report was made from.
        report: The report.
    """
    days: dict[str, date] = {}
    counted: dict[str, dict[str, CountedFor]] = {}
    for finding in report.findings:
        for line in finding.lines if finding.result != "not asked" else ():
            if line.counted:
                days[line.record] = line.day
                some = counted.setdefault(line.record, {})
                before = some[finding.requirement].counted if finding.requirement in some else Fraction(0)
                some[finding.requirement] = CountedFor(
                    requirement=finding.requirement,
                    part_of=finding.part_of,
                    counted=before + line.counted,
                    unit=finding.unit,
                )
    entries = view.entries_of(report.person)
    reviews = _reviews(view, report)
    shared = Shared(view)
    for entry in entries:
        if entry.record is not None and entry.record.id in counted:
            yield _exhibit(entry, days[entry.record.id], tuple(counted[entry.record.id].values()), shared, reviews)


def _reviews(view: LedgerView, report: Report) -> dict[str, Review]:
    """Return the newest review of each training that applies, by the training's first id."""
    found = [
        record
        for record in view.records_of(report.person)
        if isinstance(record, Review)
        and record.on <= report.on
        and record.credential in (None, report.provenance.ruleset)
    ]
    return {first_id(review.event): review for review in sorted(found, key=lambda review: (review.on, review.id))}


def _exhibit(
    entry: Entry, day: date, counted: tuple[CountedFor, ...], shared: Shared, reviews: Mapping[str, Review]
) -> Exhibit:
    record = entry.record
    training = record if isinstance(record, TrainingEvent) else None
    document = record if isinstance(record, Document) else None
    course = None if training is None or training.course is None else shared.course(training.course)
    title, provider, delivery = (
        (None if training is None else getattr(training, name)) or (None if course is None else getattr(course, name))
        for name in ("title", "provider", "delivery")
    )
    assert record is not None, "what counted is on file"
    return Exhibit(
        record=record.id,
        kind="training" if training is not None else document.kind if document is not None else record.record_type,
        day=day,
        title=title,
        provider=provider,
        delivery=delivery,
        by=None if document is None else document.by,
        counted=counted,
        evidence=None if training is None else training.evidence,
        review=reviews.get(first_id(record.id)),
        entry=entry.seq,
        recorded_at=entry.recorded_at,
        digest=entry.digest,
    )
