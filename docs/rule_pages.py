"""
A page for each rule set, generated from its file when the documentation is built; nothing on it is written by hand.
"""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from peer_ledger.presenting._renewal_cells import (
    cycle_anchors,
    cycle_lengths,
    ethics_hours,
    late_window,
    total_hours,
)
from peer_ledger.presenting._rule_details import details_of, figure_of, within
from peer_ledger.presenting._rule_phrases import DECIDED_BY, beginning, in_words, step_name
from peer_ledger.presenting.credentials import credentials_map, credentials_table
from peer_ledger.reports._html import part
from peer_ledger.rules import (
    Procedure,
    Question,
    RuleSet,
    Unstated,
    UnstatedQuantity,
    gaps_of,
)
from peer_ledger.rulesets import ruleset, ruleset_ids
from peer_ledger.testing import read_cases
from peer_ledger.testing.cases import WorkedCase
from peer_ledger.values._wording import amount, spoken_day

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
    pages["country.md"] = country_page(sets)
    pages["index.md"] = (
        "# What each board requires\n\n"
        "Each page is generated from the rule set's file when this documentation is built.\n\n"
        f"{comparison(sets)}\n\n```{{toctree}}\n:maxdepth: 1\n:hidden:\n\ncountry\n{listed}\n```\n"
    )
    for name, text in pages.items():
        path = FOLDER / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


def comparison(sets: list[RuleSet]) -> str:
    """Return the table that compares the rule sets that are known by the newest edition of each renewal."""
    rows = [
        "The rule sets compared by the newest edition of each renewal; an open question shows all its answers.\n",
        "| credential | cycle | counted from | hours | ethics among them | late | known |",
        "|---|---|---|---|---|---|---|",
    ]
    for rules in (one for one in sets if one.grade != "named"):
        late = late_window(rules)
        rows.append(
            _row(
                _linked(rules),
                _plain(cycle_lengths(rules)),
                _plain(cycle_anchors(rules)),
                _plain(total_hours(rules) or "not known"),
                _plain(ethics_hours(rules) or "not known"),
                "unknown, or not possible" if late is None else _plain(late),
                rules.grade,
            )
        )
    rows += ["", "| known by name | ask |", "|---|---|"]
    rows += [_row(_linked(rules), _asked(rules)) for rules in sets if rules.grade == "named"]
    return "\n".join(rows)


def _linked(rules: RuleSet) -> str:
    return f"[{_plain(rules.name)}]({rules.id}.md)"


def _asked(rules: RuleSet) -> str:
    """Return whom to ask, and where."""
    ask = rules.ask or ""
    return f"{_plain(rules.body)}, {f'<{ask}>' if ask.startswith(('https://', 'http://')) else _plain(ask)}"


def country_page(sets: list[RuleSet]) -> str:
    """Return the page that shows how much is known of each state's credentials."""
    grades, picture = Counter(rules.grade for rules in sets), credentials_map(sets)
    counts = ", ".join(f"{grades[grade]} {grade}" for grade in ("complete", "partial", "named"))
    heads = "jurisdiction | credential | known | cycle | hours | ethics | late | carried over | other states | seen"
    rows = [f"| {heads} |", "|---" * 10 + "|"]
    for rules, row in zip(sets, credentials_table(sets).to_rows(), strict=True):
        names = ("cycle", "hours", "ethics", "late", "carried_over", "recognition")
        cells = [_plain(str(row[name] or "")) for name in names]
        rows.append(_row(rules.jurisdiction, _linked(rules), rules.grade, *cells, str(rules.seen_on)))
    return (
        "# The country\n\n"
        f"{len(sets)} credentials are known: {counts}. *Complete* means that cycle, hours and papers of renewal are "
        "known from a board, an agency or a code; *partial*, that some of it is open; *named*, that the credential "
        "exists, and whom to ask. An empty cell is something that is not known. Nothing here is legal advice.\n\n"
        f"```{{raw}} html\n{part(picture.svg, label=picture.title)}\n```\n\n" + "\n".join(rows) + "\n"
    )


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
    yield from _known(rules)
    if rules.extends is not None:
        yield f"It refines [{rules.extends}]({rules.extends}.md), whose rules apply unless they are changed here.\n"
    if rules.recognition is not None:
        told = _plain(rules.recognition.says)
        yield f"**Certificates of other states**: {told} {_cited(rules, rules.recognition.cites)}\n"
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


def _known(rules: RuleSet) -> Iterator[str]:
    """Yield how much of the rules is known, and whom to ask for the rest."""
    asked = f" Ask {_asked(rules)}." if rules.ask else ""
    if rules.grade == "named":
        yield f"**Known by name**: the rules of this credential are not known here.{asked}\n"
    elif rules.grade == "partial":
        yield f"**What is known is incomplete**: {_plain('; '.join(gaps_of(rules)))}.{asked}\n"


def _confidence(rules: RuleSet) -> str:
    return "" if rules.confidence is None else f"How well the facts are known: {rules.confidence}. "


def _required_today(rules: RuleSet) -> Iterator[str]:
    """Yield the editions in force on the day the sources were last checked, the renewal first."""
    if not rules.procedures:
        return
    yield "## What is required today\n"
    yield f"The rules in force on {spoken_day(rules.seen_on)}. [Earlier editions](#history-{rules.id}) are below.\n"
    for procedure in sorted(rules.procedures, key=lambda one: one.step != "renewal"):
        place = _place_today(rules, procedure)
        yield f"### {step_name(procedure)}\n"
        yield from _edition(rules, procedure, place)


def _dates(rules: RuleSet) -> Iterator[str]:
    """Yield how certification periods are counted, and what units are worth."""
    if rules.grade != "named":
        cited = _cited(rules, rules.cycle_cites)
        yield "## Certification periods\n"
        yield f"**Cycles**: {_plain(in_words(rules, rules.cycle))}{cited and f' {cited}'}.\n"
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
    if not rules.procedures:
        return
    yield f"(history-{rules.id})=\n## History\n"
    for procedure in rules.procedures:
        today = _place_today(rules, procedure)
        yield f"### {step_name(procedure)}: other editions\n"
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
    yield _row(f"{depth}`{part.id}`", _asks(rules, part), _plain(figure_of(rules, part)), cites)
    for inner in within(part):
        yield from _requirement(rules, inner, f"{depth}of `{part.id}`: ")


def _asks(rules: RuleSet, part: Any) -> str:
    details = (f"{said[0].upper()}{said[1:]}." for said in details_of(rules, part))
    return " ".join(map(_plain, (part.says, *details)))


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
                f"`{edition.id}`, `{requirement.id}`: {_plain(figure.says)}."
                for requirement in edition.requirements
                for figure in (getattr(requirement, "need", None), getattr(requirement, "at_least", None))
                if isinstance(figure, Unstated | UnstatedQuantity)
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
    yield from (case for case in _cases_in(f"{rules.jurisdiction}.cases.toml") if case.ruleset == rules.id)


@lru_cache
def _cases_in(name: str) -> tuple[WorkedCase, ...]:
    beside = files("peer_ledger.rulesets").joinpath(name)
    if not beside.is_file():
        return ()
    with as_file(beside) as path:
        return read_cases(path)


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
