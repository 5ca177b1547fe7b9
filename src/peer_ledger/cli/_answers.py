"""
The commands on answers: side by side, with receipts, and for an audit.
"""

import json
from pathlib import Path

from peer_ledger._visible import visible
from peer_ledger.cli._asked import about, asked, how_asked, show_answer
from peer_ledger.cli._ledger_commands import ATTENTION, DONE, Given, opened
from peer_ledger.cli._progress import Progress, day_asked
from peer_ledger.cli._terminal import complain, say, show
from peer_ledger.errors import InvalidValue
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets import read_rulesets, ruleset
from peer_ledger.rulesets._files import LARGEST
from peer_ledger.values._inputs import read_text
from peer_ledger.values._outputs import written_whole
from peer_ledger.values._wording import counted
from peer_ledger.values.dates import as_day

_LARGEST_RECEIPT = 2**16


def compare(given: Given) -> int:
    """Show where a person would stand under the rules of other bodies."""
    from peer_ledger.comparing import compare as comparison

    with opened(given) as ledger:
        found = comparison(
            about(ledger, given), given.person, on=day_asked(given, ruleset(given.rules)), rulesets=given.other or None,
            strict=given.strict,
        )  # fmt: skip
    if given.format == "table":
        say(str(found) if given.other else found.table().without("body", "sources", "credential").text())
    else:
        show_answer(found, given.format)
    return DONE


def impact(given: Given) -> int:
    """Show whom a change of rules would affect."""
    from peer_ledger.comparing import impact as impact_of

    before, after = (_named_rules(text) for text in (given.before, given.after))
    with opened(given) as ledger, Progress() as progress:
        found = impact_of(
            ledger, before=before, after=after, on=day_asked(given, after), processes=given.processes,
            progress=lambda done, _: progress("people", done), **how_asked(given),
        )  # fmt: skip
    show_answer(found, given.format)
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
            ledger, since=since, until=until, ruleset=rules, processes=given.processes,
            progress=lambda done, _: progress("people", done), **how_asked(given),
        )  # fmt: skip
    show_answer(found, given.format)
    return DONE


def receipt(given: Given) -> int:
    """Print the receipt of a report."""
    from peer_ledger.evaluation import evaluate
    from peer_ledger.proving import receipt as receipt_of

    with opened(given) as ledger:
        made = receipt_of(evaluate(about(ledger, given), given.person, **asked(given)), ledger)
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
        show_answer(found, given.format)
    return DONE if found else ATTENTION


def packet(given: Given) -> int:
    """Show or write the audit packet of a person."""
    from peer_ledger.proving import packet as packet_of

    with opened(given) as ledger:
        found = packet_of(about(ledger, given), given.person, cycle=given.cycle, **asked(given))
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

    with opened(given) as ledger, Progress() as progress:
        found = audit_of(
            ledger, size=given.size, seed=given.seed, progress=lambda done, _: progress("packets", done), **asked(given)
        )
    files = found.write(given.to)
    say(f"{found.sample}\n{counted(len(files), 'file')} written; begin with {visible(str(files[0]))}")
    return ATTENTION if any(one.problems for one in found.packets) else DONE


def _named_rules(text: str) -> RuleSet:
    """Return a rule set by its id or from a file, both with an edition after a colon that alone is to govern."""
    from peer_ledger.comparing import only_edition

    name, _, edition = text.partition("::")
    if name.lower().endswith(".toml"):
        found = read_rulesets(read_text(name, "rule file", LARGEST))
        if len(found) != 1:
            raise InvalidValue(f"{visible(Path(name).name)} has {counted(len(found), 'rule set')}; give a file of one")
        rules = found[0]
    else:
        rules = ruleset(name)
    return only_edition(rules, edition) if edition else rules
