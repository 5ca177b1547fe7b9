"""
The commands on answers: side by side, with receipts, and for an audit.
"""

import json
from typing import Any

from peer_ledger._visible import visible
from peer_ledger.cli._ledger_commands import ATTENTION, DONE, Given, opened
from peer_ledger.cli._progress import Progress, day_asked
from peer_ledger.cli._rule_files import rulesets_named, the_only
from peer_ledger.cli._terminal import complain, say, show
from peer_ledger.errors import InvalidValue, UnknownPerson
from peer_ledger.ledger import Ledger
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets import ruleset
from peer_ledger.values._inputs import read_text
from peer_ledger.values._outputs import written_whole
from peer_ledger.values._wording import counted
from peer_ledger.values.dates import as_day

_LARGEST_RECEIPT = 2**16


def compare(given: Given) -> int:
    """Show where a person would stand under the rules of other bodies."""
    from peer_ledger.comparing import compare as comparison

    with opened(given) as ledger:
        _known(ledger, given.person)
        found = comparison(
            ledger, given.person, on=day_asked(given, ruleset(given.rules)), rulesets=given.other or None,
            strict=given.strict,
        )  # fmt: skip
    if given.format == "table":
        say(str(found) if given.other else found.table().without("body", "sources", "credential").text())
    else:
        _show(found, given.format)
    return DONE


def impact(given: Given) -> int:
    """Show whom a change of rules would affect."""
    from peer_ledger.comparing import impact as impact_of

    before, after = (_named_rules(text) for text in (given.before, given.after))
    with opened(given) as ledger, Progress() as progress:
        found = impact_of(
            ledger, before=before, after=after, on=day_asked(given, after), readings=dict(given.reading),
            strict=given.strict, processes=given.processes, progress=lambda done, _: progress("people", done),
        )  # fmt: skip
    _show(found, given.format)
    return DONE


def changes(given: Given) -> int:
    """Show whose standing changed, and why."""
    from peer_ledger.comparing import AsOf
    from peer_ledger.comparing import changes as changes_of

    rules = ruleset(given.rules)
    until = AsOf(on=day_asked(given, rules), known_at=given.known_until)
    since = AsOf(
        on=as_day(given.since), known_at=given.known_since,
        ruleset=None if given.rules_before is None else _named_rules(given.rules_before),
    )  # fmt: skip
    with opened(given) as ledger, Progress() as progress:
        found = changes_of(
            ledger, since=since, until=until, ruleset=rules, readings=dict(given.reading), strict=given.strict,
            processes=given.processes, progress=lambda done, _: progress("people", done),
        )  # fmt: skip
    _show(found, given.format)
    return DONE


def receipt(given: Given) -> int:
    """Print the receipt of a report."""
    from peer_ledger.evaluation import evaluate
    from peer_ledger.proving import receipt as receipt_of

    rules = ruleset(given.rules)
    with opened(given) as ledger:
        _known(ledger, given.person)
        report = evaluate(
            ledger, given.person, on=day_asked(given, rules), ruleset=rules.id, readings=dict(given.reading),
            strict=given.strict,
        )  # fmt: skip
        made = receipt_of(report, ledger)
    if given.to is None:
        print(made.text())
    else:
        with written_whole(given.to) as file:
            file.write(made.text() + "\n")
        say(f"{made}\nWritten to {visible(given.to)}")
    return DONE


def verify_receipt(given: Given) -> int:
    """Make a report again from its receipt, and compare it byte for byte."""
    from peer_ledger.proving import read_receipt
    from peer_ledger.proving import verify_receipt as verified

    try:
        kept = read_receipt(read_text(given.receipt, "receipt", _LARGEST_RECEIPT))
    except InvalidValue as error:
        complain(f"peer-ledger: {visible(given.receipt)}: {error}")
        return ATTENTION
    with opened(given) as ledger:
        found = verified(kept, ledger)
    if given.format == "table":
        say(f"{kept}\n{found}")
    else:
        _show(found, given.format)
    return DONE if found else ATTENTION


def packet(given: Given) -> int:
    """Show or write the audit packet of a person."""
    from peer_ledger.proving import packet as packet_of

    rules = ruleset(given.rules)
    with opened(given) as ledger:
        _known(ledger, given.person)
        found = packet_of(
            ledger, given.person, on=day_asked(given, rules), ruleset=rules.id, readings=dict(given.reading),
            strict=given.strict, cycle=given.cycle,
        )  # fmt: skip
    if given.to is not None:
        with written_whole(given.to) as file:
            file.write(found.html())
        say(f"{found.title}: written to {visible(given.to)}")
    elif given.format == "html":
        show(found.html(), given.format)
    elif given.format == "csv":
        show(found.evidence().csv().rstrip(), given.format)
    else:
        show(str(found) if given.format == "table" else json.dumps(found.to_dict(), indent=2), given.format)
    return ATTENTION if found.problems else DONE


def audit(given: Given) -> int:
    """Draw people for an audit, and write their packets."""
    from peer_ledger.proving import audit as audit_of

    rules = ruleset(given.rules)
    with opened(given) as ledger, Progress() as progress:
        found = audit_of(
            ledger, on=day_asked(given, rules), size=given.size, seed=given.seed, ruleset=rules.id,
            readings=dict(given.reading), strict=given.strict, progress=lambda done, _: progress("packets", done),
        )  # fmt: skip
    files = found.write(given.to)
    say(f"{found.sample}\n{counted(len(files), 'file')} written; begin with {visible(str(files[0]))}")
    return ATTENTION if any(one.problems for one in found.packets) else DONE


def _show(found: Any, form: str) -> None:
    """Show a result: sentences, the whole of it as JSON, or its table."""
    if form == "json":
        show(json.dumps(found.to_dict(), indent=2), form)
    else:
        show(str(found) if form == "table" else found.table().written(form).rstrip(), form)


def _named_rules(text: str) -> RuleSet:
    """Return a rule set by its id or from a file, both with an edition after a colon that alone is to govern."""
    from peer_ledger.comparing import only_edition

    name, _, edition = text.partition("::")
    rules = the_only(name, rulesets_named(name))
    return only_edition(rules, edition) if edition else rules


def _known(ledger: Ledger, person: str) -> None:
    if not ledger.entries_of(person):
        raise UnknownPerson(person)
