"""
Open questions in words: what is not known, what each answer would mean for the person, and who can tell.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

from peer_ledger.reports._parts import Alternative, OpenQuestion, Provenance
from peer_ledger.reports._terms import DESIGNATION, UNLIMITED
from peer_ledger.values._wording import spoken_day, training_amount, units

_IN_FORCE = {
    "yes": "the person may practice",
    "no": "the person may not practice",
    "undetermined": "whether the person may practice depends on other questions",
}

_OUTCOMES = {
    "met": "everything that is needed is there",
    "short": "something is missing",
    "undetermined": "whether anything is missing depends on other questions",
    "not applicable": "nothing is required",
}

_PARTLY: Mapping[str, str] = {
    "met": "the {what} are complete",
    "short": "the {what} are not complete",
    "undetermined": "whether the {what} are complete depends on other questions",
    "not applicable": "no {what} are required",
}

_STANDINGS = {
    "not certified": "there is no certification",
    "current": "the certification is current",
    "filing closed": "the certification is current, and filing has closed",
    "pending": "the certification has expired, and a decision is pending",
    "late": "the certification has expired, and late filing is open",
    "lapsed": "the certification has lapsed",
    "undetermined": "where the certification stands depends on other questions",
}

_DATES = {
    "due": "recertification is due by {}",
    "expiry": "the certification expires on {}",
    "timely_until": "filing is in time until {}",
    "late_until": "late filing ends on {}",
    "reinstate_until": "reinstatement may be filed until {}",
    "opens": "filing opens on {}",
    "earning_begins": "training counts from {}",
    "earning_ends": "training counts until {}",
}

_UNLIMITED = {
    "due": "there is no known due date",
    "expiry": "there is no known expiration date",
    "timely_until": "there is no known last day of filing in time",
    "late_until": "there is no known last day of filing late",
    "reinstate_until": "there is no known last day of reinstatement",
    "opens": "filing has no first day",
    "earning_begins": "training of any age counts",
    "earning_ends": "there is no known last day for training",
}
"""What is said of a date that no day limits."""

_ABSENT = {
    "timely_until": "filing is in time until the due date",
    "late_until": "there is no late filing",
    "opens": "filing has no first day",
}
"""What is said of a date that there is not, while the certificate can be renewed."""

_RENEWABLE = ("current", "filing closed", "late")
"""The standings in which a certificate can be renewed, or could be until filing closed."""


def question_sentences(question: OpenQuestion, made: Provenance) -> Iterator[str]:
    """
    Yield what each answer to a question would mean for the person, then whom to ask.

    Args:
        question: The question.
        made: The rules that the answer rests on.
    """
    for alternative in question.alternatives:
        means = "; ".join(_meaning(alternative, _others(alternative, question), made.counts_in))
        yield f"{alternative.reading.says.rstrip('.')}: {means or 'no difference by itself'}."
    yield (
        f"Ask the certifying body: {made.body}."
        if question.question.about == "rules"
        else "The records, or the person, can tell."
    )


def question_sentence(question: OpenQuestion, made: Provenance) -> str:
    """
    Return a question with what each answer would mean and whom to ask, in one paragraph.

    Args:
        question: The question.
        made: The rules that the answer rests on.
    """
    return " ".join((question.question.asks, *question_sentences(question, made)))


def _others(alternative: Alternative, question: OpenQuestion) -> list[Alternative]:
    return [other for other in question.alternatives if other is not alternative]


def _meaning(alternative: Alternative, others: list[Alternative], unit: str) -> Iterator[str]:
    """Yield what an answer means, as far as it differs from that of another one, without what follows from it."""
    answer, each = dict(alternative.answer), [dict(other.answer) for other in (alternative, *others)]
    names = dict.fromkeys(name for one in each for name in one if any(other.get(name) != one[name] for other in each))
    gives = {name: answer.get(name) for name in names}
    standing = gives.get("standing")
    if standing is not None:
        yield _STANDINGS.get(standing, f"the certification is {standing}")
    if "in_force" in gives:
        yield _IN_FORCE[answer["in_force"]]
    missing = _missing(alternative, others, unit)
    if missing is not None:
        yield missing
    yield from _outcomes(gives, units(unit), says_hours=missing is None)
    for name, value in gives.items():
        if name.startswith(DESIGNATION):
            outcome = "not applicable" if value is None else value
            yield f"what is required for the designation “{name.removeprefix(DESIGNATION)}” is {outcome}"
        elif name in _DATES and (name != "expiry" or gives.get("due") != value):
            yield from _date(name, value, answer["standing"])
    if set(gives) == {"status"}:
        yield f"the status is “{gives['status']}”"


def _date(name: str, value: str | None, standing: str) -> Iterator[str]:
    """Yield what an answer says of a date, which may be unlimited; `None` where there is none."""
    if value is not None:
        yield _UNLIMITED[name] if value == UNLIMITED else _DATES[name].format(spoken_day(date.fromisoformat(value)))
    elif name in _ABSENT and standing in _RENEWABLE:
        yield _ABSENT[name]


def _missing(alternative: Alternative, others: list[Alternative], unit: str) -> str | None:
    """Return how much training is missing, where another answer gives another amount."""
    short: Fraction | None = alternative.hours_short
    if not short or all(other.hours_short == short for other in others):
        return None
    verb = "is" if training_amount(short, unit).startswith("1 ") else "are"
    return f"{training_amount(short, unit)} of training {verb} missing"


def _outcomes(gives: Mapping[str, str | None], what: str, *, says_hours: bool) -> Iterator[str]:
    """Yield how the requirements stand, all together where they are met, else those of training and of documents."""
    outcome, documents = gives.get("outcome"), gives.get("documents")
    if outcome in ("met", "not applicable"):
        yield _OUTCOMES[outcome]
        return
    hours = gives.get("hours") if says_hours else None
    if hours is not None:
        yield _PARTLY[hours].format(what=what)
    if documents is not None:
        yield _PARTLY[documents].format(what="documents")
    if outcome is not None and hours is None and documents is None and says_hours:
        yield _OUTCOMES[outcome]
