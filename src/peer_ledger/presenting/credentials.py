"""
The credentials of the country: how much of their rules is known, as a table and a map, and which pages to see again.

>>> from peer_ledger.rulesets import ruleset
>>> credentials_table([ruleset("us-nc-cpss")]).only("jurisdiction", "id", "grade", "recognition").to_rows()
[{'jurisdiction': 'us-nc', 'id': 'us-nc-cpss', 'grade': 'complete', 'recognition': 'no'}]
"""

from collections.abc import Iterator, Mapping
from datetime import date

from peer_ledger.evaluation._question import RULE_SETS
from peer_ledger.evaluation._rule_sets import RuleSets
from peer_ledger.presenting._map_drawing import drawn_map
from peer_ledger.presenting._renewal_cells import (
    carried_over,
    cycle_anchors,
    cycle_lengths,
    ethics_hours,
    late_window,
    total_hours,
)
from peer_ledger.presenting.pictures import Picture
from peer_ledger.presenting.tables import Cell, ColumnKind, Table
from peer_ledger.rules import RuleSet, Source
from peer_ledger.rulesets import ruleset, ruleset_ids
from peer_ledger.rulesets._bundled import bundled_files
from peer_ledger.values._arguments import A_DAY_OR_NONE, arguments
from peer_ledger.values.dates import as_day

_COLUMNS: dict[str, ColumnKind] = {
    "jurisdiction": "category", "id": "text", "credential": "text", "body": "text", "grade": "category",
    "cycle": "text", "counted_from": "text", "hours": "text", "ethics": "text", "late": "text", "carried_over": "text",
    "recognition": "category", "ask": "text", "seen_on": "day",
}  # fmt: skip

_SOURCES: dict[str, ColumnKind] = {
    "seen_on": "day", "address": "text", "title": "text", "kind": "category", "cited_by": "text",
}  # fmt: skip


@arguments(rulesets=RULE_SETS)
def credentials_table(rulesets: RuleSets | None = None) -> Table:
    """
    Return a table of credentials, with what their newest renewals ask in words.

    An open question shows all its answers.  A cell is empty where nothing is known.

    Args:
        rulesets: The rule sets, or their ids; `None` for all that come with the package.

    Raises:
        RuleSetNotFound: There is no rule set with a given id.
    """
    rows = tuple(tuple(_cells(rules)) for rules in _found(rulesets))
    return Table(headings=tuple(_COLUMNS), rows=rows, kinds=tuple(_COLUMNS.values()), title="Credentials")


def _found(rulesets: RuleSets | None) -> list[RuleSet]:
    given = sorted(set(bundled_files()) & set(ruleset_ids())) if rulesets is None else rulesets
    some = given.values() if isinstance(given, Mapping) else given
    return [ruleset(one) if isinstance(one, str) else one for one in some]


def _cells(rules: RuleSet) -> Iterator[Cell]:
    yield from (rules.jurisdiction, rules.id, rules.name, rules.body, rules.grade)
    is_named = rules.grade == "named"
    yield None if is_named else cycle_lengths(rules)
    yield None if is_named else cycle_anchors(rules)
    yield from (total_hours(rules), ethics_hours(rules), late_window(rules), carried_over(rules))
    yield None if rules.recognition is None else rules.recognition.accepts
    yield from (rules.ask, rules.seen_on)


@arguments(rulesets=RULE_SETS)
def credentials_map(rulesets: RuleSets | None = None) -> Picture:
    """
    Draw the states as tiles, each with a mark for every credential that says how much of its rules is known.

    Args:
        rulesets: The rule sets, or their ids; `None` for all that come with the package.  Those of no state are left
            out of the drawing and stand in its table.

    Raises:
        RuleSetNotFound: There is no rule set with a given id.
    """
    found = _found(rulesets)
    title = "How much is known of the rules of each state's credentials"
    by_state: dict[str, list[RuleSet]] = {}
    for rules in found:
        by_state.setdefault(rules.jurisdiction.removeprefix("us-").upper(), []).append(rules)
    table = credentials_table(found).only("jurisdiction", "credential", "grade", "seen_on")
    return Picture(title=title, svg=drawn_map(title, by_state), table=table)


@arguments(rulesets=RULE_SETS, before=A_DAY_OR_NONE)
def stale_sources(rulesets: RuleSets | None = None, *, before: date | str | None = None) -> Table:
    """
    Return a table of the pages that rules rest on, those seen longest ago first, with the rule sets that have them.

    Args:
        rulesets: The rule sets, or their ids; `None` for all that come with the package.
        before: Only pages that were last seen before this day; `None` for all.

    Raises:
        InvalidValue: `before` is not a valid date.
        RuleSetNotFound: There is no rule set with a given id.
    """
    last = None if before is None else as_day(before)
    pages: dict[str, list[tuple[Source, str]]] = {}
    for rules in _found(rulesets):
        for source in rules.sources:
            pages.setdefault(source.address, []).append((source, rules.id))
    rows = [
        (newest.seen, address, newest.title, newest.kind, ", ".join(dict.fromkeys(name for _, name in citing)))
        for address, citing in pages.items()
        for newest in [max((source for source, _ in citing), key=lambda source: source.seen)]
        if last is None or newest.seen < last
    ]
    rows.sort(key=lambda row: (row[0], row[1]))
    return Table(headings=tuple(_SOURCES), rows=tuple(rows), kinds=tuple(_SOURCES.values()), title="Pages to see again")
