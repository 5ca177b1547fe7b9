"""
A page for each rule set, generated from its file when the documentation is built; nothing on it is written by hand.
"""

from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from peer_ledger.presenting._rule_phrases import DECIDED_BY, STEPS, beginning, in_words
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
from peer_ledger.values._wording import amount, spoken_day, units

FOLDER = Path(__file__).parent / "reference" / "rule-sets"
BASES = {
    "DECIDED": "a source settles it",
    "DERIVED": "it follows from a source",
    "AMBIGUOUS": "the sources do not decide; the answer under the assumed reading",
    "FURTHER": "it tests the arithmetic",
}


def write_pages(*_: Any) -> None:
    """Write the page of each rule set, and the index; files that have not changed are left alone."""
    FOLDER.mkdir(exist_ok=True)
    sets = [ruleset(ruleset_id) for ruleset_id in ruleset_ids()]
    pages = {f"{rules.id}.md": rule_page(rules) for rules in sets}
    listed = "\n".join(rules.id for rules in sets)
    pages["index.md"] = (
        "# What each board requires\n\n"
        "Each page is generated from the rule set's file when this documentation is built.\n\n"
        f"{comparison(sets)}\n\n```{{toctree}}\n:maxdepth: 1\n:hidden:\n\n{listed}\n```\n"
    )
    for name, text in pages.items():
        path = FOLDER / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


def comparison(sets: list[RuleSet]) -> str:
    """Return the table that compares all rule sets by the newest edition of each renewal."""
    rows = [
        "The rule sets compared by the newest edition of each renewal; an open question shows all its answers.\n",
        "| credential | cycle | counted from | hours | ethics among them | late | facts known |",
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
                _plain(" or ".join(dict.fromkeys(_anchor(rules, cycle) for cycle in _values(rules.cycle)))),
                _plain(_total(rules, newest)),
                _plain(_ethics(rules, newest)),
                "unknown, or not possible" if late is None else f"until {_plain(in_words(rules, late))}",
                rules.confidence or "not graded",
            )
        )
    return "\n".join(rows)


def _length(rule: CycleRule) -> str:
    """Return the usual length of a cycle."""
    months = rule.months if isinstance(rule, Chosen) else (months_of(rule),)
    return f"{' or '.join(map(str, months))} months"


def _anchor(rules: RuleSet, rule: CycleRule) -> str:
    """Return what a cycle is counted from."""
    if isinstance(rule, FixedDate):
        return f"{in_words(rules, rule.begins)}, for everyone"
    if isinstance(rule, Cohorts):
        days = dict.fromkeys(in_words(rules, cohort.begins) for cohort in rule.cohorts)
        return f"{' or '.join(days)}, by cohort"
    if isinstance(rule, Birthday):
        return "the birthday"
    ends = {"next-year": ", to the end of a year", "next-month": ", to the end of a month"}.get(rule.begins, "")
    return f"the certification{', from the first of its month' if rule.begins == 'month' else ends}"


def _total(rules: RuleSet, edition: Edition | None) -> str:
    """Return the hours of a renewal: those of the first requirement without a rolling period or a condition."""
    hours = [found for found in (edition.requirements if edition else ()) if isinstance(found, Hours)]
    cyclic = [found for found in hours if found.recurs is None]
    usual = [found for found in cyclic if found.only_if is None] or cyclic
    return in_words(rules, usual[0].need) if usual else "none"


def _ethics(rules: RuleSet, edition: Edition | None) -> str:
    found = [
        f"{in_words(rules, part.need)}{_number(part)}"
        for part in _everything(edition.requirements if edition else ())
        if isinstance(part, Hours | Part | SessionCount)
        if "ethics" in part.id.split("-") or any(map(_is_on_ethics, _values(part.counts)))
    ]
    return "; ".join(dict.fromkeys(found)) or "none"


def _values(value: Any) -> Iterator[Any]:
    """Yield a value, or its value under each reading of a question."""
    if isinstance(value, ByQuestion):
        for _, part in value.values:
            yield from _values(part)
    else:
        yield value


def _is_on_ethics(training: TrainingFilter | None) -> bool:
    return (
        training is not None
        and training.topics is not None
        and "ethics" in training.topics
        and len(training.topics) < 3
    )


def _number(part: Any) -> str:
    return "" if not isinstance(part, SessionCount) else " training" if part.need == 1 else " trainings"


def _everything(requirements: tuple[Any, ...]) -> Iterator[Any]:
    """Yield requirements with their parts and options, at every level."""
    for requirement in requirements:
        yield requirement
        for name in ("parts", "options", "requirements"):
            yield from _everything(getattr(requirement, name, ()))


def rule_page(rules: RuleSet) -> str:
    """Return the page of a rule set."""
    return "\n".join(_page(rules)) + "\n"


def _page(rules: RuleSet) -> Iterator[str]:
    yield f"# {_plain(rules.name)}\n"
    yield f"`{rules.id}`, awarded by {_plain(rules.body)}.\n"
    yield (
        f"Version {rules.version}; the sources were last checked on {spoken_day(rules.seen_on)}. "
        f"Days are in the time zone {rules.time_zone}. {_confidence(rules)}"
        "This is not legal advice, and no board has endorsed it.\n"
    )
    if rules.extends is not None:
        yield f"It refines [{rules.extends}]({rules.extends}.md), whose rules apply unless they are changed here.\n"
    yield from _required_today(rules)
    yield from _dates(rules)
    yield from _questions(rules)
    yield from _unknown(rules)
    yield from _history(rules)
    yield from _cases(rules)
    yield "## Sources\n"
    for source in rules.sources:
        dated = f"; {_plain(source.dated)}" if source.dated else ""
        is_web = source.address.startswith(("https://", "http://"))
        address = f"<{source.address}>" if is_web else _plain(source.address)
        yield f"(source-{rules.id}-{source.id.lower()})="
        read = spoken_day(source.seen)
        yield f"**{source.id}** ({source.kind}): {_plain(source.title)}{dated}. {address}, read on {read}.\n"


def _confidence(rules: RuleSet) -> str:
    return "" if rules.confidence is None else f"How well the facts are known: {rules.confidence}. "


def _required_today(rules: RuleSet) -> Iterator[str]:
    """Yield the editions in force on the day the sources were last checked, the renewal first."""
    yield "## What is required today\n"
    yield f"The rules in force on {spoken_day(rules.seen_on)}. [Earlier editions](#history-{rules.id}) are below.\n"
    for procedure in sorted(rules.procedures, key=lambda one: one.step != "renewal"):
        place = _place_today(rules, procedure)
        yield f"### {STEPS[procedure.step]}\n"
        yield from _edition(rules, procedure, place)


def _dates(rules: RuleSet) -> Iterator[str]:
    """Yield how certification periods are counted, and what units are worth."""
    yield "## Certification periods\n"
    yield f"**Cycles**: {_plain(in_words(rules, rules.cycle))} {_cited(rules, rules.cycle_cites)}.\n"
    if rules.provisional is not None:
        months = rules.provisional.months
        lasts = "whose length no source states" if months is None else f"of {months} months"
        cited = _cited(rules, rules.provisional.cites)
        yield f"**Provisional stage**: a certificate {lasts} before the full one {cited}.\n"
    if rules.units:
        yield "## What units are worth\n"
        yield from (
            f"* 1 {worth.unit} is {amount(worth.ratio, rules.counts_in)} {_cited(rules, worth.cites)}"
            for worth in rules.units
        )
        yield ""


def _history(rules: RuleSet) -> Iterator[str]:
    """Yield every edition that is not in force today, and which day selects an edition."""
    yield f"(history-{rules.id})=\n## History\n"
    for procedure in rules.procedures:
        today = _place_today(rules, procedure)
        yield f"### {STEPS[procedure.step]}: other editions\n"
        yield f"The edition that governs depends on {DECIDED_BY[procedure.decided_by]}.\n"
        others = [place for place in range(len(procedure.editions)) if place != today]
        if not others:
            yield "No other edition is known.\n"
        for place in others:
            yield f"#### {procedure.editions[place].id}\n"
            yield from _edition(rules, procedure, place)


def _place_today(rules: RuleSet, procedure: Procedure) -> int:
    """Return the position of the edition in force on the day the sources were last checked."""
    begun = [
        place
        for place, edition in enumerate(procedure.editions)
        if edition.begins is None or (edition.begins.day or edition.begins.not_before or rules.seen_on) <= rules.seen_on
    ]
    return begun[-1] if begun else 0


def _edition(rules: RuleSet, procedure: Procedure, place: int) -> Iterator[str]:
    edition = procedure.editions[place]
    following = procedure.editions[place + 1] if place + 1 < len(procedure.editions) else None
    cites = "" if edition.begins is None else f" {_cited(rules, edition.begins.cites)}"
    until = "" if following is None else f", until {following.id} begins"
    yield f"`{edition.id}`, **in force** {_plain(beginning(edition))}{until}{cites}. {_plain(edition.says)}\n"
    for name, words in (("earning", "Training counts"), ("opens", "Filing opens"), *_UNTIL):
        value = getattr(edition, name)
        if value is not None:
            cites = _cited(rules, getattr(value, "cites", ()))
            yield f"**{words}**: {_plain(in_words(rules, value))}{cites and f' {cites}'}.\n"
    yield "| requirement | what it requires | figure | sources |\n|---|---|---|---|"
    for requirement in edition.requirements:
        yield from _requirement(rules, requirement, "")
    yield ""


_UNTIL = (("timely_until", "On time until"), ("late_until", "Late until"), ("in_force_until", "In force until"))


def _requirement(rules: RuleSet, part: Any, depth: str) -> Iterator[str]:
    cites = _cited(rules, getattr(part, "cites", ()))
    yield _row(f"{depth}`{part.id}`", _asks(rules, part), _figure(rules, part), cites)
    for name in ("parts", "caps", "options", "requirements"):
        for inner in getattr(part, name, ()):
            yield from _requirement(rules, inner, f"{depth}of `{part.id}`: ")


def _asks(rules: RuleSet, part: Any) -> str:
    asked = [_plain(part.says)]
    named = (
        ("counts", "What counts:"), ("earning", "Days that count:"), ("within", "Within:"), ("only_if", "Applies"),
        ("first_day", "Applies from"), ("last_day", "Applies until"), ("recurs", "To be met"),
        ("carry_over", "Carried over:"), ("spread", "Period, in months, in which only one counts:"),
    )  # fmt: skip
    for name, words in named:
        value = getattr(part, name, None)
        if value is not None:
            asked.append(f"{words} {_plain(in_words(rules, value))}.")
    repeats = getattr(part, "repeats", "count")
    if repeats != "count":
        asked.append(f"The same course counts {_plain(in_words(rules, repeats))}.")
    asked += [
        f"Shares no {units(rules.counts_in)} with {_plain(in_words(rules, other))}."
        for other in getattr(part, "not_shared_with", ())
    ]
    return " ".join(asked)


def _figure(rules: RuleSet, part: Any) -> str:
    if isinstance(part, AnyOf):
        return "any of these options"
    if isinstance(part, Option):
        return "all of these"
    if hasattr(part, "at_most"):
        return f"at most {_amount(rules, part.at_most)}"
    if isinstance(part, Documents):
        return _number_of_documents(rules, part)
    if isinstance(part, SessionCount):
        return f"{part.need}{_number(part)}"
    if isinstance(part, Custom):
        return f"{_amount(rules, part.need, units(part.unit))}, checked by {part.check}"
    return _amount(rules, part.need)


def _number_of_documents(rules: RuleSet, documents: Documents) -> str:
    if documents.at_least is None:
        return f"{documents.need} on file"
    least = f"at least {_plain(in_words(rules, documents.at_least))}"
    each = "each " if documents.need > 1 else ""
    return f"{least} in all" if documents.adds_up else f"{documents.need} on file, {each}of {least}"


def _amount(rules: RuleSet, figure: Any, unit: str | None = None) -> str:
    if isinstance(figure, Unstated):
        return f"no source states it: {_plain(figure.says)}"
    return f"{_plain(in_words(rules, figure))} {unit or units(rules.counts_in)}"


def _questions(rules: RuleSet) -> Iterator[str]:
    if not rules.questions:
        return
    yield "## What the sources leave open\n"
    yield "To close a question, pass `readings={...}` with its id and that of a reading.\n"
    for question in rules.questions:
        yield from _question(rules, question)


def _question(rules: RuleSet, question: Question) -> Iterator[str]:
    yield f"**{_plain(question.asks)}** (`{question.id}`, about the {question.about}; "
    is_blocking = question.weight == "blocking"
    weight = "while it is open, what depends on it is undetermined" if is_blocking else "noted as a caveat"
    when = [f"for days from {spoken_day(question.first_day)}"] if question.first_day else []
    when += [f"for days until {spoken_day(question.last_day)}"] if question.last_day else []
    when += [f"only if `{question.under.question}` is `{question.under.reading}`"] if question.under else []
    yield f"{'; '.join([weight, *when])})\n"
    for reading in question.readings:
        assumed = " *Assumed.*" if reading.id == question.assumed else ""
        cites = _cited(rules, reading.cites) or "(no source says so)"
        yield f"* `{reading.id}`: {_plain(reading.says)}{assumed} {cites}"
    yield ""


def _unknown(rules: RuleSet) -> Iterator[str]:
    unknown = [_plain(note) for note in (*(note.says for note in rules.step_notes), *rules.notes)]
    for procedure in rules.procedures:
        for edition in procedure.editions:
            if edition.begins is not None and edition.begins.day is None:
                unknown.append(f"The day on which `{edition.id}` took effect: {_plain(beginning(edition))}.")
            unknown += [
                f"`{edition.id}`, `{requirement.id}`: {_plain(requirement.need.says)}."
                for requirement in edition.requirements
                if isinstance(requirement, Hours) and isinstance(requirement.need, Unstated)
            ]
    if unknown:
        yield "## What is unknown, and other notes\n"
        yield from (f"* {item}" for item in unknown)
        yield ""


def _cases(rules: RuleSet) -> Iterator[str]:
    cases = list(_cases_of(rules))
    if not cases:
        return
    yield "## Worked cases\n"
    yield "Worked out by hand from the sources, and run by the tests.\n"
    for basis, words in BASES.items():
        some = [case for case in cases if case.basis == basis]
        if some:
            yield f"### {basis.capitalize()}: {words}\n"
            yield "| case | on | answer | derivation |\n|---|---|---|---|"
            for case in some:
                says, derivation = _plain(case.says), _plain(case.derivation or "")
                yield _row(f"`{case.id}` {says}", str(case.on), _expected(case), derivation)
            yield ""


def _cases_of(rules: RuleSet) -> Iterator[WorkedCase]:
    beside = files("peer_ledger.rulesets").joinpath(f"{rules.jurisdiction}.cases.toml")
    if beside.is_file():
        with as_file(beside) as path:
            yield from (case for case in read_cases(path) if case.ruleset == rules.id)


def _expected(case: WorkedCase) -> str:
    names = ("standing", "in_force", "status", "outcome", "hours_outcome", "documents_outcome")
    expected = [
        f"{name.removesuffix('_outcome').replace('_', ' ')}: {case.expect[name]}"
        for name in names
        if name in case.expect
    ]
    expected += [
        f"{name.replace('_', ' ')}: {' or '.join(map(str, day)) if isinstance(day, list) else day}"
        for name, day in dict(case.expect.get("dates", {})).items()
    ]
    for finding in case.expect.get("findings", ()):
        figures = [f"{name} {value}" for name, value in finding.items() if name != "requirement"]
        expected.append(f"{finding['requirement']}: {', '.join(figures)}")
    for question, readings in dict(case.expect.get("alternatives", {})).items():
        for reading, gives in readings.items():
            given = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in gives.items())
            expected.append(f"with {question} read as {reading}: {given or 'the same'}")
    return _plain("; ".join(expected))


def _cited(rules: RuleSet, cites: tuple[str, ...]) -> str:
    return " ".join(f"[{source}](#source-{rules.id}-{source.lower()})" for source in cites)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("\n", " ").replace("|", "\\|") for cell in cells) + " |"


def _plain(text: str) -> str:
    """Escape a text for Markdown."""
    for sign in "\\`*_[]<>#$":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", " ")
