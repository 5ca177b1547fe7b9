"""A transcript: what somebody has learned, by topic and year, certified or not."""

from decimal import Decimal
from fractions import Fraction

import pytest

from peer_ledger import Course, Credit, Ledger, Review, TrainingEvent
from peer_ledger.presenting.transcripts import NO_TOPIC, transcript


@pytest.fixture
def ledger():
    """A person without a certificate: two topics in one credit, a course that fills in, minutes, a rejected training."""
    made = Ledger()
    made.append(
        [
            Course(id="c-1", title="QPR <b>", provider=None, credits=[Credit(amount="1.5", topics={"suicide-prevention"})]),
            TrainingEvent(
                id="e-1", person="p-1", completed="2024-12-31", title="Ethics",
                credits=[Credit(amount=2, topics={"ethics", "boundaries"}), Credit(amount="0.25")],
            ),
            TrainingEvent(id="e-2", person="p-1", completed="2025-01-01", course="c-1"),
            TrainingEvent(
                id="e-3", person="p-1", completed="2025-02-01", credits=[Credit(amount=20, unit="minute", topics={"ethics"})]
            ),
            TrainingEvent(id="e-4", person="p-1", completed="2025-03-01", credits=[Credit(amount=9, topics={"ethics"})]),
            Review(id="r-1", person="p-1", event="e-4", decision="rejected", on="2025-04-01", by="board"),
            TrainingEvent(id="e-5", person="p-1", completed="2026-01-01"),
            TrainingEvent(
                id="e-6", person="p-1", completed="2026-02-01", credits=[Credit(amount=1, unit="semester-credit")]
            ),
        ]
    )  # fmt: skip
    return made


def test_hours_are_summed_by_topic_and_year(ledger):
    """2 h count for both their topics and once for the year; 20 minutes are a third of an hour; what was rejected is not in it."""
    assert {
        (2024, "boundaries"): Fraction(2),
        (2024, "ethics"): Fraction(2),
        (2024, NO_TOPIC): Fraction(1, 4),
        (2024, "all topics"): Fraction(9, 4),
        (2025, "ethics"): Fraction(1, 3),
        (2025, "suicide-prevention"): Fraction(3, 2),
        (2025, "all topics"): Fraction(11, 6),
    } == transcript(ledger, "p-1").sums()
    rows = transcript(ledger, "p-1").hours().to_rows()
    assert {"year": 2025, "topic": "all topics", "hours": Decimal("1.833333")} == rows[-1]


def test_every_training_is_listed(ledger):
    """A course's title fills in; hours that are unknown, or in a unit worth nothing known, are none; a rejection is noted."""
    rows = {row["event"]: row for row in transcript(ledger, "p-1").trainings().to_rows()}
    assert ["e-1", "e-2", "e-3", "e-4", "e-5", "e-6"] == list(rows)
    assert ("QPR <b>", "suicide-prevention", Decimal("1.5")) == tuple(
        rows["e-2"][name] for name in ("title", "topics", "hours")
    )
    assert "rejected in review on April 1, 2025" == rows["e-4"]["note"]
    assert (None, None) == (rows["e-5"]["hours"], rows["e-5"]["recorded"])
    assert (None, "1 semester-credit") == (rows["e-6"]["hours"], rows["e-6"]["recorded"])


def test_a_transcript_ends_on_a_day(ledger):
    """The last day is included, later ones are not, and a review decided later is not known."""
    assert ["e-1", "e-1", "e-2"] == [one.event for one in transcript(ledger, "p-1", until="2025-01-01").entries]
    assert transcript(ledger, "p-1", until="2025-03-31").entries[-1].note is None


def test_a_transcript_is_a_page(ledger):
    """The page has both tables with their headings, escapes titles, and says what is not in hours."""
    made = transcript(ledger, "p-1").html()
    assert "<caption>Hours by topic and year</caption>" in made
    assert "QPR &lt;b&gt;" in made
    assert "<b>" not in made
    assert "recorded as 1 semester-credit" in made
    assert '<th scope="row">Suicide prevention</th>' in made
    assert "No training is on file." in transcript(ledger, "p-2").html()
