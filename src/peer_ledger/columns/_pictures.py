"""
Pictures of answers that come as frames.
"""

from collections.abc import Iterable
from datetime import date

from peer_ledger.columns._evaluate import FrameAnswers
from peer_ledger.columns._libraries import arrow
from peer_ledger.columns._sources import Source
from peer_ledger.errors import InvalidValue
from peer_ledger.presenting.pictures import Picture, drawn_due
from peer_ledger.values._arguments import A_DAY, arguments
from peer_ledger.values.dates import as_day

_NEEDED = ["step", "outcome", "due"]


@arguments(on=A_DAY)
def due_picture(answers: FrameAnswers | Iterable[FrameAnswers], *, on: date | str) -> Picture:
    """
    Draw how many people are due in each month, by outcome, as `peer_ledger.due_picture` does of a roster.

    People with nothing to renew, or with an undetermined due date, are counted in the title.

    Args:
        answers: The answers of `evaluate_frame`, or those of `evaluate_batches`, which are read one after the other.
        on: The day asked about, for the title.

    Raises:
        InvalidValue: `on` is not a valid date, or something given is none of these answers.

    >>> import pyarrow
    >>> from peer_ledger import evaluate_frame
    >>> acts = pyarrow.table({"person": ["p-1"], "credential": ["us-nc-cpss"], "act": ["awarded"],
    ...                       "on": ["2024-03-14"], "expires": ["2026-03-31"]})
    >>> due_picture(evaluate_frame(certifications=acts, on="2026-01-15"), on="2026-01-15").title
    'Who is due when, as of January 15, 2026 (due: 1; without a settled due date: 0)'
    """
    counts: dict[tuple[date, str], int] = {}
    everybody = 0
    for part in (answers,) if isinstance(answers, FrameAnswers) else answers:
        if not isinstance(part, FrameAnswers):
            raise InvalidValue("answers must be those of evaluate_frame or evaluate_batches")
        for batch in Source("people", part.people).batches(_NEEDED):
            everybody += batch.num_rows
            steps, outcomes = batch.column("step").to_pylist(), batch.column("outcome").to_pylist()
            days = batch.column("due").cast(arrow().date32()).to_pylist()
            for step, outcome, due in zip(steps, outcomes, days, strict=True):
                if due is not None and step == "renewal":
                    month = due.replace(day=1)
                    counts[month, outcome] = counts.get((month, outcome), 0) + 1
    return drawn_due(counts, everybody - sum(counts.values()), as_day(on))
