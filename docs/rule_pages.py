"""
A page for each rule set, made from its file whenever the documentation is built: nothing in it is written by hand.
"""

from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from peer_ledger.presenting._rule_phrases import STEPS, beginning, in_words
from peer_ledger.rules import (
    AnyOf,
    Birthday,
    ByQuestion,
    Chosen,
    Cohorts,
    Custom,
    CycleRule,
    Documents,
    Edition,
    FixedDate,
    Hours,
    Option,
    Part,
    Procedure,
    Question,
    RuleSet,
    SessionCount,
    TrainingFilter,
    Unstated,
)
from peer_ledger.rules._cycles import months_of
from peer_ledger.rulesets import ruleset, ruleset_ids
from peer_ledger.testing import read_cases
from peer_ledger.testing.cases import WorkedCase

FOLDER = Path(__file__).parent / "reference" / "rule-sets"
BASES = {
    "DECIDED": "a source settles it",
    "DERIVED": "it follows from a source",
    "AMBIGUOUS": "the sources do not decide; the answer under the assumed reading",
    "FURTHER": "it tests the arithmetic",
}


def write_pages(*_: Any) -> None:
    """Write the page of each rule set, and the list of them; what has not changed is left alone."""
    FOLDER.mkdir(exist_ok=True)
    sets = [ruleset(one) for one in ruleset_ids()]
    pages = {f"{rules.id}.md": rule_page(rules) for rules in sets}
    listed = "\n".join(rules.id for rules in sets)
    pages["index.md"] = (
        "# The rule sets\n\nEach page is made from the rule set's file when this documentation is built.\n\n"
        f"{comparison(sets)}\n\n```{{toctree}}\n:maxdepth: 1\n:hidden:\n\n{listed}\n```\n"
    )
    for name, text in pages.items():
        path = FOLDER / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


def comparison(sets: list[RuleSet]) -> str:
    """Make the table that lays all rule sets side by side, by the newest edition of each one's renewal."""
    rows = [
        "Side by side, by the newest edition of each renewal; an open question shows all its answers.\n",
        "| credential | cycle | counted from | hours | of which ethics | late | facts known |",
        "|---|---|---|---|---|---|---|",
    ]
    for rules in sets:
        renewal = rules.procedure("renewal")
        newest = renewal.editions[-1] if renewal is not None else None
        late = None if newest is None else newest.late_until
        rows.append(
            _row(
                f"[{_plain(rules.name)}]({rules.id}.md)",
                _plain(" or ".join(dict.fromkeys(map(_length, _values(rules.cycle))))),
                _plain(" or ".join(dict.fromkeys(_anchor(rules, one) for one in _values(rules.cycle)))),
                _plain(_total(rules, newest)),
                _plain(_ethics(rules, newest)),
                "not known, or not at all" if late is None else f"until {_plain(in_words(rules, late))}",
                rules.confidence or "not graded",
            )
        )
    return "\n".join(rows)


def _length(rule: CycleRule) -> str:
    """Say how long a usual cycle is."""
    months = rule.months if isinstance(rule, Chosen) else (months_of(rule),)
    return f"{' or '.join(map(str, months))} months"


def _anchor(rules: RuleSet, rule: CycleRule) -> str:
    """Say what a cycle is counted from."""
    if isinstance(rule, FixedDate):
        return f"{in_words(rules, rule.begins)}, for everybody"
    if isinstance(rule, Cohorts):
        days = dict.fromkeys(in_words(rules, one.begins) for one in rule.cohorts)
        return f"{' or '.join(days)}, by cohort"
    if isinstance(rule, Birthday):
        return "the birthday"
    ends = {"next-year": ", to the end of a year", "next-month": ", to the end of a month"}.get(rule.begins, "")
    return f"the certification{', from the first of its month' if rule.begins == 'month' else ends}"


def _total(rules: RuleSet, edition: Edition | None) -> str:
    """Say how many hours a renewal asks: those of every requirement that has no period of its own and no condition."""
    asked = [one for one in (edition.requirements if edition else ()) if isinstance(one, Hours) and one.recurs is None]
    usual = [one for one in asked if one.only_if is None] or asked
    return "; ".join(in_words(rules, one.need) for one in usual[:1]) or "none"


def _ethics(rules: RuleSet, edition: Edition | None) -> str:
    found = [
        f"{in_words(rules, one.need)}{_number(one)}"
        for one in _everything(edition.requirements if edition else ())
        if isinstance(one, Hours | Part | SessionCount)
        if "ethics" in one.id.split("-") or any(map(_is_on_ethics, _values(one.counts)))
    ]
    return "; ".join(dict.fromkeys(found)) or "none"


def _values(value: Any) -> Iterator[Any]:
    """Yield a value, or those that it has under the readings of a question."""
    if isinstance(value, ByQuestion):
        for _, one in value.values:
            yield from _values(one)
    else:
        yield value


def _is_on_ethics(training: TrainingFilter | None) -> bool:
    return (
        training is not None
        and training.topics is not None
        and "ethics" in training.topics
        and len(training.topics) < 3
    )


def _number(one: Any) -> str:
    return "" if not isinstance(one, SessionCount) else " training" if one.need == 1 else " trainings"


def _everything(requirements: tuple[Any, ...]) -> Iterator[Any]:
    """Yield requirements and all that they are made of."""
    for one in requirements:
        yield one
        for name in ("parts", "options", "requirements"):
            yield from _everything(getattr(one, name, ()))


def rule_page(rules: RuleSet) -> str:
    """Make the page of a rule set."""
    return "\n".join(_page(rules)) + "\n"


def _page(rules: RuleSet) -> Iterator[str]:
    yield f"# {_plain(rules.name)}\n"
    yield f"`{rules.id}`, awarded by {_plain(rules.body)}.\n"
    yield (
        f"Version {rules.version}; the sources were last seen on {rules.seen_on}. Days are meant in the time zone "
        f"{rules.time_zone}. {_confidence(rules)}This is not legal advice, and no board has endorsed it.\n"
    )
    if rules.extends is not None:
        yield f"It refines [{rules.extends}]({rules.extends}.md): what is not said otherwise is taken from there.\n"
    yield f"**Cycles**: {_plain(in_words(rules, rules.cycle))} {_cited(rules, rules.cycle_cites)}.\n"
    for procedure in rules.procedures:
        yield from _procedure(rules, procedure)
    if rules.units:
        yield "## What units are worth\n"
        yield from (f"* 1 {one.unit} is {_plain(one.hours)} hours {_cited(rules, one.cites)}" for one in rules.units)
        yield ""
    yield from _questions(rules)
    yield from _unknown(rules)
    yield from _cases(rules)
    yield "## Sources\n"
    for one in rules.sources:
        dated = f"; {_plain(one.dated)}" if one.dated else ""
        address = f"<{one.address}>" if one.address.startswith(("https://", "http://")) else _plain(one.address)
        yield f"(source-{rules.id}-{one.id.lower()})="
        yield f"**{one.id}** ({one.kind}): {_plain(one.title)}{dated}. {address}, seen on {one.seen}.\n"


def _confidence(rules: RuleSet) -> str:
    return "" if rules.confidence is None else f"How well the facts are known: {rules.confidence}. "


def _procedure(rules: RuleSet, procedure: Procedure) -> Iterator[str]:
    yield f"## {STEPS[procedure.step]}\n"
    by = {"filing": "the filing", "due": "the due date", "cycle-start": "the start of the cycle"}[procedure.decided_by]
    yield f"Which of these editions governs goes by the day of {by}.\n"
    for place, edition in enumerate(procedure.editions):
        following = procedure.editions[place + 1] if place + 1 < len(procedure.editions) else None
        yield from _edition(rules, edition, following)


def _edition(rules: RuleSet, edition: Edition, following: Edition | None) -> Iterator[str]:
    yield f"### {edition.id}\n"
    cites = "" if edition.begins is None else f" {_cited(rules, edition.begins.cites)}"
    until = "" if following is None else f", until {following.id} begins"
    yield f"**In force** {_plain(beginning(edition))}{until}{cites}. {_plain(edition.says)}\n"
    for name, words in (("earning", "Training counts"), ("opens", "Filing opens"), *_UNTIL):
        value = getattr(edition, name)
        if value is not None:
            cites = _cited(rules, getattr(value, "cites", ()))
            yield f"**{words}**: {_plain(in_words(rules, value))}{cites and f' {cites}'}.\n"
    yield "| requirement | what it asks | figure | sources |\n|---|---|---|---|"
    for one in edition.requirements:
        yield from _requirement(rules, one, "")
    yield ""


_UNTIL = (("timely_until", "In time until"), ("late_until", "Late until"), ("in_force_until", "In force until"))


def _requirement(rules: RuleSet, one: Any, depth: str) -> Iterator[str]:
    cites = _cited(rules, getattr(one, "cites", ()))
    yield _row(f"{depth}`{one.id}`", _asks(rules, one), _figure(rules, one), cites)
    within = (getattr(one, name, ()) for name in ("parts", "caps", "options", "requirements"))
    for inner in (inner for some in within for inner in some):
        yield from _requirement(rules, inner, f"{depth}of `{one.id}`: ")


def _asks(rules: RuleSet, one: Any) -> str:
    asked = [_plain(one.says)]
    named = (
        ("counts", "What counts:"), ("earning", "Days that count:"), ("within", "Within:"), ("only_if", "Asked"),
        ("first_day", "Asked from"), ("last_day", "Asked until"), ("recurs", "Asked"), ("carry_over", "Carried over:"),
        ("spread", "One in each so many months:"),
    )  # fmt: skip
    for name, words in named:
        value = getattr(one, name, None)
        if value is not None:
            asked.append(f"{words} {_plain(in_words(rules, value))}.")
    repeats = getattr(one, "repeats", "count")
    if repeats != "count":
        asked.append(f"The same course counts {_plain(in_words(rules, repeats))}.")
    asked += [
        f"Shares no hours with {_plain(in_words(rules, other))}." for other in getattr(one, "not_shared_with", ())
    ]
    return " ".join(asked)


def _figure(rules: RuleSet, one: Any) -> str:
    if isinstance(one, AnyOf):
        return "one of these ways"
    if isinstance(one, Option):
        return "all of this"
    if hasattr(one, "at_most"):
        return f"at most {_amount(rules, one.at_most)}"
    if isinstance(one, Documents):
        if one.at_least is None:
            return f"{one.need} on file"
        least = f"at least {_plain(in_words(rules, one.at_least))}"
        return f"{least} in all" if one.adds_up else f"{one.need} on file, {'each ' if one.need > 1 else ''}of {least}"
    if isinstance(one, SessionCount):
        return f"{one.need}{_number(one)}"
    if isinstance(one, Custom):
        return f"{_amount(rules, one.need, f'{one.unit}s')}, checked by {one.check}"
    return _amount(rules, one.need)


def _amount(rules: RuleSet, figure: Any, unit: str = "hours") -> str:
    if isinstance(figure, Unstated):
        return f"no source states it: {_plain(figure.says)}"
    return f"{_plain(in_words(rules, figure))} {unit}"


def _questions(rules: RuleSet) -> Iterator[str]:
    if not rules.questions:
        return
    yield "## What the sources leave open\n"
    yield "Pass `readings={...}` with a question and a reading to close it.\n"
    for one in rules.questions:
        yield from _question(rules, one)


def _question(rules: RuleSet, one: Question) -> Iterator[str]:
    yield f"**{_plain(one.asks)}** (`{one.id}`, about {'the rules' if one.about == 'rules' else 'the facts'}; "
    open_ = "while it is open, what depends on it is undetermined" if one.weight == "blocking" else "noted as a caveat"
    when = [f"for days from {one.first_day}"] if one.first_day else []
    when += [f"for days until {one.last_day}"] if one.last_day else []
    when += [f"only if `{one.under.question}` is `{one.under.reading}`"] if one.under else []
    yield f"{'; '.join([open_, *when])})\n"
    for reading in one.readings:
        assumed = " *Assumed.*" if reading.id == one.assumed else ""
        cites = _cited(rules, reading.cites) or "(no source says so)"
        yield f"* `{reading.id}`: {_plain(reading.says)}{assumed} {cites}"
    yield ""


def _unknown(rules: RuleSet) -> Iterator[str]:
    unknown = [_plain(note) for note in rules.notes]
    for procedure in rules.procedures:
        for edition in procedure.editions:
            if edition.begins is not None and edition.begins.day is None:
                unknown.append(f"On which day `{edition.id}` began: {_plain(beginning(edition))}.")
            unknown += [
                f"`{edition.id}`, `{one.id}`: {_plain(one.need.says)}."
                for one in edition.requirements
                if isinstance(one, Hours) and isinstance(one.need, Unstated)
            ]
    if unknown:
        yield "## What is not known, and what else is to be said\n"
        yield from (f"* {one}" for one in unknown)
        yield ""


def _cases(rules: RuleSet) -> Iterator[str]:
    cases = list(_cases_of(rules))
    if not cases:
        return
    yield "## Worked cases\n"
    yield "Reckoned by hand from the sources, and run by the tests.\n"
    for basis, words in BASES.items():
        some = [one for one in cases if one.basis == basis]
        if some:
            yield f"### {basis.capitalize()}: {words}\n"
            yield "| case | on | what comes of it | derivation |\n|---|---|---|---|"
            for one in some:
                yield _row(f"`{one.id}` {_plain(one.says)}", str(one.on), _expected(one), _plain(one.derivation or ""))
            yield ""


def _cases_of(rules: RuleSet) -> Iterator[WorkedCase]:
    beside = files("peer_ledger.rulesets").joinpath(f"{rules.jurisdiction}.cases.toml")
    if beside.is_file():
        with as_file(beside) as path:
            yield from (one for one in read_cases(path) if one.ruleset == rules.id)


def _expected(case: WorkedCase) -> str:
    names = ("standing", "in_force", "status", "outcome", "hours_outcome", "documents_outcome")
    told = [
        f"{name.removesuffix('_outcome').replace('_', ' ')}: {case.expect[name]}"
        for name in names
        if name in case.expect
    ]
    told += [
        f"{name.replace('_', ' ')}: {' or '.join(map(str, day)) if isinstance(day, list) else day}"
        for name, day in dict(case.expect.get("dates", {})).items()
    ]
    for one in case.expect.get("findings", ()):
        figures = [f"{name} {value}" for name, value in one.items() if name != "requirement"]
        told.append(f"{one['requirement']}: {', '.join(figures)}")
    for question, readings in dict(case.expect.get("alternatives", {})).items():
        for reading, gives in readings.items():
            given = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in gives.items())
            told.append(f"were {question} read as {reading}: {given or 'the same'}")
    return _plain("; ".join(told))


def _cited(rules: RuleSet, cites: tuple[str, ...]) -> str:
    return " ".join(f"[{one}](#source-{rules.id}-{one.lower()})" for one in cites)


def _row(*cells: str) -> str:
    return "| " + " | ".join(one.replace("\n", " ").replace("|", "\\|") for one in cells) + " |"


def _plain(text: str) -> str:
    """Write a text so that Markdown reads nothing into it."""
    for sign in "\\`*_[]<>#$":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", " ")
