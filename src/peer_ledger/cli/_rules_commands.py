"""
The commands about rule sets: each passes its arguments to the library and prints the result.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from peer_ledger._visible import visible
from peer_ledger.cli._ledger_commands import ATTENTION, DONE, FAILED, Given
from peer_ledger.cli._terminal import complain, say, show
from peer_ledger.errors import InvalidData, InvalidValue, OutputRefused
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets import GROUP, UnusableRuleSet, read_rulesets, ruleset, ruleset_ids
from peer_ledger.values._announced import damaged_distributions
from peer_ledger.values._inputs import read_text
from peer_ledger.values._outputs import written_whole
from peer_ledger.values._wording import counted
from peer_ledger.values.dates import today_in
from peer_ledger.values.vocabularies import unusable_words

CASES = ".cases.toml"


def rules_list(given: Given) -> int:
    """List the available rule sets, and those of other distributions that cannot be used."""
    from peer_ledger.presenting._answer_tables import rules_table

    found, unusable = [], []
    for name in ruleset_ids():
        try:
            found.append(ruleset(name))
        except UnusableRuleSet as error:
            unusable.append(str(error))
    unusable += unusable_words()
    unusable += [f"the entry points of {name} cannot be read" for name in damaged_distributions(GROUP)]
    show(rules_table(found).written(given.format).rstrip(), given.format)
    for what in unusable:
        complain(f"peer-ledger: {what}")
    return ATTENTION if unusable else DONE


def rules_stale(given: Given) -> int:
    """List the pages that rules rest on, those seen longest ago first."""
    from peer_ledger.presenting.credentials import stale_sources

    rules = None if given.rules is None else [given.rules]
    show(stale_sources(rules, before=given.before).written(given.format).rstrip(), given.format)
    return DONE


def rules_show(given: Given) -> int:
    """Print what a rule set requires, or what those of a file do."""
    from peer_ledger.presenting._answer_tables import requirements_table
    from peer_ledger.presenting.rule_sentences import describe
    from peer_ledger.rulesets import ruleset_to_dict

    try:
        found = _shown(given.rules)
    except InvalidData as error:
        complain(f"peer-ledger: {visible(given.rules)} has {counted(error.total, 'problem')}")
        complain(f"peer-ledger rules check {visible(given.rules)} lists them with their lines")
        return FAILED
    if given.format == "table":
        say("\n\n".join(map(describe, found)))
    elif given.format == "json":
        data = [ruleset_to_dict(rules) for rules in found]
        show(json.dumps(data if _is_file(given.rules) else data[0], indent=2), given.format)
    else:
        for rules in found:
            show(requirements_table(rules).written(given.format).rstrip(), given.format)
    return DONE


def _is_file(name: str) -> bool:
    return name.endswith(".toml")


def _shown(name: str) -> tuple[RuleSet, ...]:
    """Return a rule set by its id, or those of a file by its name."""
    return read_rulesets(_text_of(name)) if _is_file(name) else (ruleset(name),)


def _text_of(name: str) -> str:
    from peer_ledger.rulesets._files import LARGEST

    return read_text(name, "rule file", LARGEST)


def rules_check(given: Given) -> int:
    """Check a file of rule sets, and print what is to be mended or looked at."""
    return _checked(given)[1]


def _checked(given: Given) -> tuple[tuple[RuleSet, ...], int]:
    from peer_ledger.presenting.tables import Table
    from peer_ledger.rulesets._check import checked_file

    try:
        found, remarks = checked_file(_text_of(given.file))
    except InvalidData as error:
        complain(f"peer-ledger: {visible(given.file)}: {error}")
        return (), ATTENTION
    if found and (given.format == "table" or not remarks):
        sound = tuple((rules.id, rules.name, "sound") for rules in found)
        table = Table(headings=("id", "credential", "is"), rows=sound, title=given.file)
    else:
        rows = tuple(("problem" if one.is_problem else "note", one.where, one.line, one.says) for one in remarks)
        table = Table(headings=("is", "where", "line", "what"), rows=rows, title=given.file)
    show(table.written(given.format).rstrip(), given.format)
    if found and given.format == "table":
        for one in remarks:
            line = "" if one.line is None else f", line {one.line}"
            complain(f"note: {one.where}{line}: {one.says}")
    return found, ATTENTION if remarks else DONE


def rules_test(given: Given) -> int:
    """Check a file, run the worked cases beside it, and hold the laws against its rule sets."""
    given.format = "table"
    found, code = _checked(given)
    if not found:
        return code
    by_id = {rules.id: rules for rules in found}
    cases = given.cases or f"{given.file.removesuffix('.toml')}{CASES}"
    if given.cases or Path(cases).exists():
        code = max(code, _cases_run(cases, by_id))
    else:
        complain(f"note: there are no worked cases: {visible(cases)} does not exist")
        code = ATTENTION
    return code if given.examples == 0 else max(code, _laws_held(by_id, given.examples))


def _cases_run(name: str, rulesets: Mapping[str, RuleSet]) -> int:
    from peer_ledger.testing import run_cases

    results = tuple(run_cases(name, rulesets=rulesets))
    failed = [result for result in results if not result.passed]
    say(f"{counted(len(results), 'worked case')}: {len(results) - len(failed)} passed")
    for result in failed:
        say(str(result))
    return ATTENTION if failed else DONE


def _laws_held(rulesets: Mapping[str, RuleSet], examples: int) -> int:
    try:
        from peer_ledger.testing import LAWS, check_ruleset
    except ImportError:
        complain("note: the laws were not tried, because hypothesis is not installed; install peer-ledger[testing]")
        return ATTENTION
    code = DONE
    for name, rules in rulesets.items():
        if rules.grade == "named":
            continue
        try:
            held = check_ruleset(rules, rulesets=rulesets, examples=examples)
        except AssertionError as error:
            say(f"{name}: a law does not hold\n{error}")
            code = ATTENTION
        else:
            say(f"{name}: {len(held)} of {len(LAWS)} laws were tried, and hold")
    return code


def rules_format(given: Given) -> int:
    """Lay rule files out, or say which are not laid out."""
    from peer_ledger.rulesets._layout import laid_out

    code = DONE
    for name in given.files:
        text = _text_of(name)
        try:
            made = laid_out(text)
        except InvalidData as error:
            complain(f"peer-ledger: {visible(name)}: {error}")
            code = FAILED
            continue
        if made == text:
            continue
        if given.check:
            say(f"{visible(name)} is not laid out; peer-ledger rules format lays it out")
            code = max(code, ATTENTION)
        else:
            with written_whole(name, rewrites=True) as file:
                file.write(made)
            say(f"{visible(name)} was laid out")
    return code


def rules_keys(given: Given) -> int:
    """Print every table and key of a rule file."""
    from peer_ledger.presenting.rule_keys import keys_table, keys_text

    if given.format == "table":
        say(keys_text(given.table))
    else:
        show(keys_table(given.table).written(given.format).rstrip(), given.format)
    return DONE


def rules_new(given: Given) -> int:
    """Write the beginning of a rule file, and that of its worked cases."""
    from peer_ledger.rulesets._new import new_cases, new_file

    name = given.id
    file = Path(given.to or f"{name}.toml")
    texts = {
        file: new_file(name, today_in(given.time_zone), given.time_zone),
        file.with_name(f"{file.name.removesuffix('.toml')}{CASES}"): new_cases(name),
    }
    if not file.name.endswith(".toml"):
        raise InvalidValue("--to must be the name of a file that ends in .toml")
    for one in texts:
        if one.exists():
            raise OutputRefused(one, "exists; name another file with --to")
    for one, text in texts.items():
        with written_whole(one) as written:
            written.write(text)
        say(f"{visible(str(one))} was written")
    say(f"Fill in what is marked, then: peer-ledger rules test {visible(str(file))}")
    return DONE


def rules_diff(given: Given) -> int:
    """Print the differences between two editions in sentences."""
    from peer_ledger.presenting.rule_sentences import compare_editions
    from peer_ledger.presenting.tables import Table

    sentences = compare_editions(ruleset(given.rules), given.old, given.new)
    if given.format == "table":
        say("\n".join(sentences) or "Both require the same.")
    else:
        rows: tuple[tuple[Any, ...], ...] = tuple((sentence,) for sentence in sentences)
        title = f"{given.rules}: from {given.old} to {given.new}"
        table = Table(headings=("difference",), rows=rows, title=title)
        show(table.written(given.format).rstrip(), given.format)
    return DONE
