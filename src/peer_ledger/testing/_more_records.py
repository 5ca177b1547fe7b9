"""
Records that the laws about hours add to a life: training and filings near the days that matter, and missing details.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from peer_ledger.records import Approval, Credit, Filing, TrainingEvent
from peer_ledger.reports import Day, Report
from peer_ledger.testing._hypothesis import SearchStrategy, st
from peer_ledger.testing._lives import ANY_TRAINING, OTHER_WORDS, PERSON
from peer_ledger.testing._mentions import Target, mentions_of
from peer_ledger.testing._situations import Situation
from peer_ledger.values.dates import DAY


def trainings_near_edges(situation: Situation, report: Report) -> SearchStrategy[TrainingEvent]:
    """Return trainings of a kind that the rules mention, on days near the edges of the earning interval."""
    by_edition = mentions_of(situation.ruleset).targets
    everything = [target for some in by_edition.values() for target in some]
    targets = list(by_edition.get(report.provenance.edition or "", ())) or everything or [ANY_TRAINING]
    near = edges_of(situation, report)
    past = [day for day in near if day <= situation.on]

    def made(target: Target, amount: Decimal, day: date, place: int) -> TrainingEvent:
        words = {name: some[place % len(some)] for name, some in target.words.items()}
        return TrainingEvent(
            id="more", person=PERSON, completed=day, delivery=words.get("deliveries", "in-person"),
            role=words.get("roles", "attended"), provider=words.get("providers"), course=words.get("courses"),
            credits=[Credit(amount=amount, topics={words["topics"]} if "topics" in words else {"recovery"})],
            approvals=[Approval(by=words["approved_by"])] if "approved_by" in words else (),
        )  # fmt: skip

    amounts = st.sampled_from([Decimal("0.01"), Decimal(1), Decimal(3), Decimal(20)])
    return st.builds(
        made, st.sampled_from(targets), amounts, st.sampled_from(near) | st.sampled_from(past), st.integers(0, 5)
    )


def filings_near_edges(situation: Situation, report: Report) -> SearchStrategy[Filing]:
    """Return filings for the next step, on days near an edge, up to the day asked about."""
    days = [day for day in edges_of(situation, report) if day <= situation.on]
    step: Any = report.step or "renewal"
    return st.sampled_from(days).map(
        lambda day: Filing(
            id="filed", person=PERSON, credential=situation.ruleset.id, step=step, sent=day, received=day
        )
    )  # fmt: skip


def edges_of(situation: Situation, report: Report) -> list[date]:
    """Return the days near those on which training begins or ceases to count."""
    days = [day for name in ("earning_begins", "earning_ends", "due") for day in candidates_of(report, name)]
    days += [report.pending_since] if report.pending_since is not None else []
    return sorted({day + by * DAY for day in (*days, situation.on) for by in (-1, 0, 1)})


def candidates_of(report: Report, name: str) -> tuple[date, ...]:
    """Return the days that a date of a report may be; none when it has no such date."""
    found: Day | None = getattr(report.dates, name)
    return () if found is None else found.candidates


def known_trainings(words: Mapping[str, Sequence[str]]) -> SearchStrategy[TrainingEvent]:
    """Return trainings whose details are all known, with words that the rules mention and others."""

    def one_of(name: str) -> SearchStrategy[str]:
        return st.sampled_from([*words.get(name, ()), *OTHER_WORDS[name]])

    def made(topics: frozenset[str], amount: Decimal, **known: Any) -> TrainingEvent:
        by = Approval(by=known.pop("by"))
        carried = [Credit(amount=amount, topics=topics)]
        return TrainingEvent(
            id="as-all", person=PERSON, completed=date(2000, 1, 1), approvals=[by], credits=carried, **known
        )

    return st.builds(
        made, st.frozensets(one_of("topics"), min_size=1, max_size=2),
        st.sampled_from([Decimal(1), Decimal(20), Decimal(1000)]),
        delivery=one_of("deliveries"), provider=one_of("providers"), by=one_of("approved_by"),
    )  # fmt: skip


def filled_in(event: TrainingEvent, known: TrainingEvent) -> TrainingEvent:
    """Return a training with its missing details filled in; its hours only when no course can supply them."""
    carried = known.credits if event.credits is None and event.course is None else event.credits
    topics = (known.credits or ())[0].topics
    return attrs.evolve(
        event,
        delivery=event.delivery or known.delivery,
        provider=event.provider or known.provider,
        approvals=known.approvals if event.approvals is None else event.approvals,
        credits=carried
        and [attrs.evolve(credit, topics=topics) if credit.topics is None else credit for credit in carried],
    )
