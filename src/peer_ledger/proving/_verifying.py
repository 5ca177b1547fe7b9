"""
Making a report again from its receipt, and finding out what moved where that does not succeed.
"""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any, Literal

import attrs

from peer_ledger._visible import visible
from peer_ledger.errors import InvalidValue, LedgerFileError, PeerLedgerError
from peer_ledger.evaluation._asking import Asking
from peer_ledger.evaluation._dossiers import Dossiers
from peer_ledger.evaluation._question import asks
from peer_ledger.evaluation._rule_sets import RuleSetsAtHand
from peer_ledger.ledger import LedgerView
from peer_ledger.ledger._view import view_up_to
from peer_ledger.presenting.tables import Table
from peer_ledger.proving._receipts import Receipt, package_version, receipt, state_up_to
from peer_ledger.reports import Report
from peer_ledger.reports._html import part
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets import kept_ruleset, kept_rulesets, ruleset
from peer_ledger.rulesets._files import digest_of
from peer_ledger.rulesets.kept import text_digest
from peer_ledger.values._arguments import an_instance
from peer_ledger.values._wording import counted

Moved = Literal["ledger", "erased", "rules", "wording", "installed", "package", "question", "report"]
"""What is not as it was when a receipt was made."""


@attrs.frozen(kw_only=True)
class Mismatch:
    """
    One thing that is not as it was when a receipt was made.

    Attributes:
        moved: What it is: the entries of the `ledger`, entries that were `erased` since, what `rules` decide, their
            `wording` alone, the rule sets that are `installed`, the version of the `package`, the `question` that the
            receipt says was asked, or the `report` alone.
        says: What is different, in a sentence.
    """

    moved: Moved
    says: str

    def __str__(self) -> str:
        return visible(self.says)


@attrs.frozen(kw_only=True)
class Verified:
    """
    Whether a report came out as its receipt says; it is true when it did, byte for byte.

    Attributes:
        receipt: The receipt.
        mismatches: What is not as it was; the report may come out the same all the same, as after an upgrade.
        report: The report, made again; `None` when it cannot be.
        is_same: Whether the report is the same, byte for byte.
    """

    receipt: Receipt
    mismatches: tuple[Mismatch, ...]
    report: Report | None = attrs.field(repr=False)
    is_same: bool

    def __bool__(self) -> bool:
        return self.is_same

    def table(self) -> Table:
        """Return a row for each thing that is not as it was."""
        rows = tuple((mismatch.moved, mismatch.says) for mismatch in self.mismatches)
        return Table(headings=("moved", "what"), rows=rows, title=str(self).splitlines()[0])

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values, without the report."""
        return {
            "is_same": self.is_same,
            "mismatches": [attrs.asdict(mismatch) for mismatch in self.mismatches],
            "receipt": self.receipt.to_dict(),
        }

    def __str__(self) -> str:
        return "\n".join([self._lead(), *(f"  - {mismatch}" for mismatch in self.mismatches)])

    def _lead(self) -> str:
        if self.is_same:
            rest = "; not all is as it was:" if self.mismatches else "."
            return f"The report comes out the same, byte for byte{rest}"
        if self.report is None:
            return "The report cannot be made again:"
        return "The report does not come out the same:"

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{escape(str(mismatch))}</li>" for mismatch in self.mismatches)
        return part(f"<p>{escape(self._lead())}</p><ul>{items}</ul>", label=self._lead())


A_RECEIPT = an_instance("a receipt, as receipt returns it", Receipt)


@asks(given=A_RECEIPT)
def verify_receipt(given: Receipt, ledger: LedgerView, *, rulesets: Mapping[str, RuleSet] | None = None) -> Verified:
    """
    Make a report again from its receipt, and compare it byte for byte.

    The rule sets are those of the receipt: given ones, then kept ones of the ledger, then those that can be found by
    id, each if its text is the same; otherwise one that decides the same; otherwise the nearest to it, so that the
    report shows what the change of rules does.

    Args:
        given: The receipt.
        ledger: The ledger, with all that it has now.
        rulesets: Rule sets to look at first, by id; `None` for none.

    Returns:
        Whether it is the same, and what moved.  Where it is not the same, the whole chain is read, too.
    """
    mismatches = [*_ledger_mismatches(given, ledger)]
    is_there = ledger.basis.known >= given.entries
    found = dict(_rules_found(given, ledger, rulesets or {}))
    mismatches += _rules_mismatches(given, found)
    made = None
    if is_there and given.ruleset in found:
        try:
            made = _again(given, ledger, found)
        except LedgerFileError as error:
            mismatches.append(Mismatch(moved="ledger", says=f"The ledger cannot be read: {error}"))
        except InvalidValue as error:
            mismatches.append(Mismatch(moved="question", says=f"The question cannot be asked again: {error}"))
    return _verified(given, ledger, made, mismatches)


def _verified(given: Receipt, ledger: LedgerView, made: Report | None, mismatches: list[Mismatch]) -> Verified:
    if given.package != package_version():
        says = f"The receipt was made by version {given.package} of peer-ledger; this is {package_version()}."
        mismatches.append(Mismatch(moved="package", says=says))
    if made is None:
        return Verified(receipt=given, mismatches=tuple(mismatches), report=None, is_same=False)
    again = receipt(made, ledger)
    if again.installed != given.installed:
        says = "The available rule sets have changed since; notes on certifications without rules may differ."
        mismatches.append(Mismatch(moved="installed", says=says))
    is_same = again.report == given.report
    mismatches += [] if is_same else _altered(given, ledger)
    if not is_same and not mismatches:
        says = (
            "The report is different, although the ledger, the rules and the package are those of the receipt: the "
            "question or the digest of the report in the receipt is not what it was."
        )
        mismatches.append(Mismatch(moved="report", says=says))
    return Verified(receipt=given, mismatches=tuple(mismatches), report=made, is_same=is_same)


def _ledger_mismatches(given: Receipt, ledger: LedgerView) -> Iterator[Mismatch]:
    there = ledger.basis.known
    if there < given.entries:
        says = f"The ledger has {counted(there, 'entry')}, and had {given.entries}: entries are missing at its end."
        yield Mismatch(moved="ledger", says=says)
        return
    head, erased, moment = state_up_to(ledger, given.entries)
    if head != given.head:
        says = (
            f"The ledger up to entry {given.entries} has another digest: it was altered, or it is another ledger. "
            "peer-ledger verify finds what was altered."
        )
        yield Mismatch(moved="ledger", says=says)
    elif moment != given.known_at:
        yield Mismatch(moved="ledger", says=f"Entry {given.entries} was recorded at another moment.")
    if erased != given.erased:
        says = (
            f"Of the entries known then, {erased} are erased, and {given.erased} were; a report that rested on what "
            "was erased since cannot be made again."
        )
        yield Mismatch(moved="erased", says=says)


def _altered(given: Receipt, ledger: LedgerView) -> Iterator[Mismatch]:
    """Yield what is altered in the ledger up to the entry of a receipt, of which all entries are read."""
    for problem in view_up_to(ledger, given.entries)[0].verify().problems:
        yield Mismatch(moved="ledger", says=f"The ledger was altered: {problem}")


def _rules_found(given: Receipt, ledger: LedgerView, rulesets: Mapping[str, RuleSet]) -> Iterator[tuple[str, RuleSet]]:
    """Yield the rule set of each id that is nearest to that of the receipt."""
    for name in given.texts:
        candidates = list(_candidates(name, ledger, rulesets))
        if candidates:
            yield name, max(candidates, key=lambda rules: _nearness(given, rules))


def _nearness(given: Receipt, rules: RuleSet) -> tuple[bool, bool]:
    return text_digest(rules) == given.texts[rules.id], digest_of(rules) == given.rules.get(rules.id)


def _candidates(name: str, ledger: LedgerView, rulesets: Mapping[str, RuleSet]) -> Iterable[RuleSet]:
    if name in rulesets:
        yield rulesets[name]
    for kept in kept_rulesets(ledger):
        if kept.ruleset == name:
            try:
                yield kept_ruleset(ledger, name, kept.digest)
            except PeerLedgerError:  # one that was altered, or that this version cannot read
                continue
    try:
        yield ruleset(name)
    except PeerLedgerError:  # which is not there any more
        return


def _rules_mismatches(given: Receipt, found: Mapping[str, RuleSet]) -> Iterator[Mismatch]:
    if given.ruleset not in given.texts:
        says = f"The receipt says that {given.ruleset} was asked, and has no digest of it: its question was changed."
        yield Mismatch(moved="question", says=says)
    for name, text in given.texts.items():
        if name not in found:
            says = f"There is no rule set {name} any longer: it is neither kept in the ledger nor found by its id."
            yield Mismatch(moved="rules", says=says)
        elif digest_of(found[name]) != given.rules.get(name):
            there = f"{found[name].version}, digest {digest_of(found[name])[:12]}"
            says = f"The rules {name} are others: {there}, and not digest {given.rules.get(name, '')[:12]}."
            yield Mismatch(moved="rules", says=says)
        elif text_digest(found[name]) != text:
            yield Mismatch(moved="wording", says=f"The rules {name} decide the same, in other words.")


def _again(given: Receipt, ledger: LedgerView, found: Mapping[str, RuleSet]) -> Report:
    """Return the report that the receipt is about, from the ledger as it was known and the rule sets found."""
    view, _ = view_up_to(ledger, given.entries)
    at_hand = RuleSetsAtHand(found if given.installed is None else None, found)
    asking = Asking(at_hand, found[given.ruleset], given.readings, strict=given.strict)
    return asking.report(Dossiers(view).of(given.person), given.on, basis=view.basis, cycle=given.cycle)
