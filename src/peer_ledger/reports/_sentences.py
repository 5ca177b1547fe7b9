"""
The sentence of each kind of remark.

A kind is either a text with the names of its values in braces, or a function of them.  Days are spelled out, amounts
carry their unit, several words are joined; the names of other records stand where they were given.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import attrs

from peer_ledger.reports._remark_kinds import DayReason, LineReason, RemarkKind
from peer_ledger.values._wording import counted, dollars, spoken_day, training_amount, units


@attrs.frozen
class Words:
    """
    The values of a remark as they are put into its sentence.

    Attributes:
        values: The values, by name.
        names: What to call records, by id.
    """

    values: Mapping[str, Any]
    names: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        value = self.values[name]
        if name == "record":
            return self.names.get(value, value)
        if name == "records":
            called = [self.names.get(one, one) for one in value]
            return f"{len(called)} records of “{called[0]}”" if len({*called}) < len(called) else listed(called)
        if isinstance(value, tuple):
            return listed(self._word(one) for one in value)
        return self._word(value)

    def get(self, name: str) -> Any:
        """Return a value as it is; `None` where the remark has none of this name."""
        return self.values.get(name)

    def of(self, name: str) -> Any:
        """Return a value as it is."""
        return self.values[name]

    @property
    def units(self) -> str:
        """The unit of the amounts, in the plural."""
        return units(self._unit)

    @property
    def _unit(self) -> str:
        unit: str = self.values.get("unit", "hour")
        return unit

    def _word(self, value: Any) -> str:
        if isinstance(value, Fraction):
            return training_amount(value, self._unit)
        return spoken_day(value) if isinstance(value, date) else str(value)


def sentence(kind: RemarkKind, values: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """
    Return the sentence of a remark.

    Args:
        kind: Its kind.
        values: What it is about.
        names: What to call records, by id.
    """
    words, template = Words(values, names), SENTENCES[kind]
    return template.format_map(words) if isinstance(template, str) else template(words)


def listed(words: Iterable[str], last: str = "and") -> str:
    """
    Return words in a row.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *others, end = words
    return f"{', '.join(others)} {last} {end}" if others else end


def _collision(words: Words) -> str:
    """Return which requirements need more than can serve them, and what limits that."""
    needing = [_times(*each) for each in zip(words.of("requirements"), words.of("weights"), strict=True)]
    caps = zip(words.of("caps"), words.of("cap_weights"), words.of("cap_amounts"), strict=True)
    held = [f"{_times(name, times)} counts for at most {_amount(words, most)}" for name, times, most in caps]
    together, them = (" together need", "them") if len(needing) > 1 else (" needs", "it")
    because = f", because {listed(held)}" if held else ""
    most = ""
    if words.get("added") is not None:
        most = f"; each that is added makes up for {words['makes_up_for']}, so {words['added']} must be added"
    return (
        f"{listed(needing)}{together} {words['needed']}; at most {words['available']} can count for {them}{because}: "
        f"{words['short']} short{most}"
    )


_STEPS = {"initial": "certification", "renewal": "recertification", "reinstatement": "reinstatement"}


def _quoted(names: Iterable[str]) -> str:
    return listed(f"“{name}”" for name in names)


def _times(name: str, times: int) -> str:
    return name if times == 1 else f"{times} times {name}"


def _amount(words: Words, value: Fraction) -> str:
    return training_amount(value, words.get("unit") or "hour")


def _threshold(words: Words) -> str:
    """Return which figure no source states, and up to which value the requirement is met."""
    bound, beyond = ("at least", "less") if words.of("is_cap") else ("at most", "more")
    otherwise = f", and short if it is {beyond}" if words.of("is_sure") else ""
    amount = dollars(words.of("amount")) if words.get("unit") == "us-dollar" else words["amount"]
    return f"no source states {words.of('figure')}; it is met if that is {bound} {amount}{otherwise}"


def _one_or_several(one: str, several: str) -> Callable[[Words], str]:
    """Return the sentence of a kind with one phrase about one training and another about several."""

    def said(words: Words) -> str:
        number = words.of("trainings")
        return one if number == 1 else several.format(number=number)

    return said


def _assumed(words: Words) -> str:
    """Return a question with the reading that is assumed and, under the other readings, other amounts."""
    others = "".join(
        f" If it were “{reading.rstrip('.')}”, {_shortages(words, place)} would be missing."
        for place, reading in enumerate(words.get("readings") or ())
    )
    return f"{words.of('asks')} Assumed: {words.of('reading')}{others}"


def _shortages(words: Words, place: int) -> str:
    rows = zip(words.of("of_reading"), words.of("requirements"), words.of("amounts"), strict=True)
    return listed(f"{_amount(words, most)} of {name}" for reading, name, most in rows if reading == place)


def _unknown_approver(words: Words) -> str:
    near = words.get("near")
    hint = f" (did you mean {near}?)" if near else ""
    records = words.of("records")
    trainings = f"{words['records']} is" if len(records) == 1 else f"{counted(len(records), 'training')} are"
    return (
        f"{trainings} approved by {words.of('body')}, which these rules do not know{hint}; known: {words.of('known')}."
    )


def _unknown_topic(words: Words) -> str:
    near = words.get("near")
    hint = f"; did you mean {near!r}?" if near else "; no requirement asks for it."
    records = words.of("records")
    trainings = words["records"] if len(records) == 1 else counted(len(records), "training")
    return f"{words.of('topic')!r}, on file for {trainings}, is not a topic of these rules{hint}"


def _alike(alike: str) -> Callable[[Words], str]:
    """Return the sentence of a kind about trainings that look alike."""

    def said(words: Words) -> str:
        number, among = words.of("counted"), len(words.of("records"))
        if number == among:
            what = "both count" if number == 2 else "all of them count"
        elif words.of("is_open"):
            what = "whether they are is an open question"
        else:
            what = {0: "none of them counts", 1: "one of them counts"}.get(number, f"{number} of them count")
        differing = words.get("differing")
        other = f", with different {listed(differing)}" if differing else ""
        if words.get("is_disputed"):
            what = "whether they are, and which record is right, is an open question"
        return f"{words['records']} {alike}{other}; {what}."

    return said


def _counted_before(words: Words) -> str:
    number = words.of("trainings")
    fall = "falls" if number == 1 else "fall"
    return (
        f"{counted(number, 'training')} counted for {words.of('requirement')} also {fall} in the certification period "
        f"renewed on {words['day']}; no source says whether {words.units} may count for both."
    )


def _incomplete(words: Words) -> str:
    gaps, ask = "; ".join(words.of("gaps")), words.of("ask")
    what = f": {gaps}" if gaps else ""
    return f"What is known of these rules is incomplete{what}. Ask {words['body']}{f': {ask}' if ask else ''}."


def _what_decides(words: Words) -> str:
    """Return which open question about what is the same decides."""
    parts = []
    if {*words.of("questions")} - {"records-disagree"}:
        parts.append("whether trainings that look alike are the same")
    if "records-disagree" in words.of("questions"):
        parts.append("which record of a training is right")
    return f"it depends on {listed(parts)}"


def _no_rule_set(words: Words) -> str:
    near = words.get("near")
    hint = f" (did you mean {near}?)" if near else ""
    records = counted(len(words.of("records")), "record")
    return f"No rule set covers {words.of('credential')}, which is on file in {records}{hint}."


_LINES: Mapping[RemarkKind, str | Callable[[Words], str]] = {
    "after-day-asked": "after the day asked about",
    "rejected-in-review": "rejected in review on {day}",
    "not-granted": "not granted in review",
    "before-first-day": "before {day}, the first day on which training counts",
    "after-last-day": "after {day}, the last day on which training counts",
    "days-not-known": "it is not on file from which day it would count",
    "after-filing": "after the filing",
    "not-of-kind": "not of the kind that counts",
    "not-of-kind-here": "not of the kind that counts here",
    "kind-not-recorded": "the records do not say whether it is of the kind that counts",
    "kind-not-recorded-here": "the records do not say whether it is of the kind that counts here",
    "approver-not-known": "approved by {bodies}, which these rules do not know",
    "amount-not-recorded": lambda words: f"its {words.units} are not recorded",
    "unit-without-worth": "no source says what one {recorded_unit} is worth",
    "same-course": "the same course as on {day}",
    "same-title": "has the same title as a training of {day}, and is taken to be the same course again",
    "recorded-twice": "looks like another record of that day, and is taken to be the same training recorded twice",
    "recorded-otherwise": "another list records this training otherwise, and is taken to be right",
    "course-counted-before": "this course was already counted on {day}, and counts only once",
    "likely-counted-before": "looks like the training that was already counted on {day}, and is taken to be the same",
    "same-months": "another training counts for the same months",
    "counted-elsewhere": "already used by an earlier certification period or another credential",
    "left-to-period-before": (
        "earned in the certification period before, which needed the rest; or over the carry-over limit"
    ),
    "over-cap": lambda words: f"more than the cap {_quoted(words.of('caps'))} allows",
    "not-needed": "not needed",
    "not-needed-here": "not needed here",
    "cannot-replace": lambda words: f"extra; the {words.units} still missing must be of another kind",
    "document-before": "before {day}",
    "document-after": "after {day}",
    "for-other-step": lambda words: f"it was given for {_STEPS[words.of('step')]}",
    "perhaps-for-other-step": "it may have been given for another step",
    "perhaps-paid-for-other": "it may have been paid for another certificate",
    "value-not-stated": lambda words: f"it does not say how many {words.units}",
    "value-stated-earlier": "it says how it was on {day}, not on the day that counts",
    "value-too-small": "it shows less than is required",
    "value-too-large": "it shows more than is allowed",
    "value-replaced": "a later document shows otherwise",
    "amount-not-stated": "no source states how much is required",
    "same-writer": "a second document from the same person",
    "writer-not-recorded": "its writer is not on file, and may be the same person",
    "not-of-what-counts": "not of what counts here, or not needed",
    "own-words": "{text}",
    "own-words-not-recorded": "{text}",
}
"""Why a training or a document, or some of it, did not count."""

NOT_RECORDED: frozenset[LineReason] = frozenset(
    {"kind-not-recorded", "kind-not-recorded-here", "amount-not-recorded", "value-not-stated", "own-words-not-recorded"}
)
"""The reasons that are about a detail that is not on file."""

_FINDINGS: Mapping[RemarkKind, str | Callable[[Words], str]] = {
    "perhaps-not-recorded": lambda words: (
        f"{'the rest' if words.of('counted') else 'it'} may exist and not be recorded yet"
    ),
    "writers-not-recorded": "who wrote some of them is not on file",
    "perhaps-given-for-other-step": "some of them may have been given for another step",
    "perhaps-paid-for-other-certificate": "a fee may have been paid for another certificate",
    "values-not-stated": "some do not say enough",
    "values-stated-earlier": "some say how it was on an earlier day than the one that counts",
    "details-not-recorded": "it depends on details that the records leave out",
    "option-met": lambda words: f"met by this option: “{words.of('option').rstrip('.')}”",
    "no-option-met": lambda words: (
        "none of the options is certainly met: "
        + " or ".join(f"“{option.rstrip('.')}”" for option in words.of("options"))
    ),
    "waived": "waived on {day} (ruling {record})",
    "asked-first": "first required for what is due on {day} or later",
    "too-little-together": _collision,
    "other-served-first": ("{name} is itself {amount} short, and training that counts for both serves it first"),
    "at-least-short": "at least {amount} short; how much more depends on {figures}, which no source states",
    "at-least-by-records": "at least {amount} short; how much more depends on what the records do not say",
    "figure-not-stated": lambda words: f"no source states {listed(words.of('figures'), 'or')}",
    "figure-decides": _threshold,
    "ask-for-figure": "ask the certifying body, {body}, and record its answer as a ruling",
    "hours-not-known": lambda words: f"the {words.units} of {counted(words.of('trainings'), 'training')} are not known",
    "too-many-ways": "there are too many ways to place credits that cannot be split; not all were tried",
    "approvers-not-known": "these rules do not know a body that approved some of the training",
    "kinds-not-recorded": "the records do not say what kind some of the training was",
    "completion-not-on-file": "it is not on file when the training was complete from which days count",
    "alike-decides": _what_decides,
    "alike-too-many": "too many trainings look alike; not all ways in which they may be one were tried",
    "own-finding": "{text}",
}
"""What keeps a requirement from being met, or why it was not asked."""

_DAYS: Mapping[RemarkKind, str | Callable[[Words], str]] = {
    "computed": "calculated",
    "printed": "printed on the certificate",
    "day-before-printed": "the day before the date printed on the certificate, {day}",
    "moved-by-board": "moved by the board; {day} is printed on the certificate",
    "timely-filing-ends": "the last day of filing in time",
    "late-filing-ends": "the last day of filing late",
    "reinstatement-ends": "the last day on which a reinstatement may be filed",
    "filing-opens": "the first day of filing",
    "training-begins": "the first day of training that counts",
    "training-ends": "the last day of training that counts",
}
"""Where a date comes from."""

SAID_BY_NAME: frozenset[DayReason] = frozenset(
    {"timely-filing-ends", "late-filing-ends", "reinstatement-ends", "filing-opens", "training-begins", "training-ends"}
)
"""The origins of dates that the names of the dates already state."""

_CAVEATS: Mapping[RemarkKind, str | Callable[[Words], str]] = {
    "other-credentials": (
        "Nothing on file is about {credential}, whose rules were used; on file: {others}. "
        "evaluate_credentials answers for every credential on file."
    ),
    "no-rule-set": _no_rule_set,
    "not-asked-about": "The rules of {credential}, which is on file, too, were not asked.",
    "renewed-though-short": lambda words: (
        f"The board renewed on {words['day']}, although the {words.units} on file were short; the renewal counts."
    ),
    "assumed-reading": _assumed,
    "not-all-readings": (
        "Too many questions are open: not all combinations of their answers were tried. Answer some of them."
    ),
    "unknown-approver": _unknown_approver,
    "unknown-topic": _unknown_topic,
    "more-unknown-topics": "{number} more topics on file are not topics of these rules.",
    "several-acts": "Several acts of the board are on file for {day}; acts of the same kind count as one.",
    "early-renewal": ("The renewal of {day} is early; if it was recorded twice, the due date {due} is too late."),
    "early-expiry": (
        "The expiration date on file with the renewal of {day} is {number} days after it; if it belongs to the "
        "certificate before, it is not the due date."
    ),
    "ruling-unknown-requirement": "Ruling {record} refers to an unknown requirement and was ignored.",
    "ruling-other-unit": lambda words: (
        f"Ruling {words['record']} is in {units(words.of('ruling_unit'))}, not in "
        f"{listed(map(units, words.of('units')), 'or')}, and was ignored."
    ),
    "other-rules-assumed": "For {credential}, the questions that its rules leave open have their assumed answers.",
    "no-other-rules": (
        "No rules for {credential} are available; it is assumed to need no hours and to end as printed."
    ),
    "level-not-used": (
        "The level on file ({levels}) was not used: the rules of {ruleset} know no levels of a certificate."
    ),
    "designation-not-used": "The designation on file ({designations}) was not used: {ruleset} does not name it.",
    "begin-assumed": (
        "Only the printed expiration date is on file; the certification period is assumed to begin on {day}."
    ),
    "renewal-missing": "The renewal of {day} came so late that an earlier one seems not to be on file.",
    "length-not-known": (
        "The length of the period depends on a fact that is not on file, and no expiration date is recorded."
    ),
    "end-not-known": "No source says when a certificate ends, and no expiration date is on file.",
    "due-computed": "No printed expiration date is on file; the due date, {day}, is calculated.",
    "filed-after-close": (
        "The application of {day} came after filing had closed, on {last_day}, and does not renew the certificate."
    ),
    "earlier-filing-lacks": "An earlier application lacks something; that of {day} is looked at instead.",
    "filed-too-early": (
        "The application of {day} came before filing opens, on {first_day}; whether it is accepted is not known."
    ),
    "filed-late": "The application of {day} is late: it was to be filed by {last_day}.",
    "filing-lacks": "The application of {day} lacks something; a complete one may be filed until {last_day}.",
    "note": "{text}",
    "rules-incomplete": _incomplete,
    "rules-seen": "The rules were last checked on {day}, and may have changed since.",
    "looks-recorded-twice": _alike("look like the same training recorded twice"),
    "may-be-same-course": _alike("have the same title and may be the same course"),
    "counted-before": _counted_before,
}
"""What a reader should know beside the findings; each is a sentence."""

SENTENCES: Mapping[RemarkKind, str | Callable[[Words], str]] = {**_LINES, **_FINDINGS, **_DAYS, **_CAVEATS}
"""The sentence of every kind."""
