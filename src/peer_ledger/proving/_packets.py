"""
The audit packet: everything that an answer about one person rests on, on one page.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from peer_ledger._visible import visible
from peer_ledger.evaluation import check_proof, evaluate
from peer_ledger.evaluation._question import asks
from peer_ledger.evaluation._rule_sets import RuleSetsAtHand
from peer_ledger.ledger import LedgerView
from peer_ledger.presenting.tables import ColumnKind, Table
from peer_ledger.proving._exhibits import Exhibit, exhibits_of
from peer_ledger.proving._packet_page import packet_body
from peer_ledger.proving._receipts import Receipt, receipt
from peer_ledger.reports import Report
from peer_ledger.reports._html import page, part
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.values._arguments import A_NUMBER_OR_NONE
from peer_ledger.values._wording import spoken_day
from peer_ledger.values.dates import as_day


@attrs.frozen(kw_only=True)
class Packet:
    """
    The audit packet of one person: the answer, what counted with what there is to prove it, and what did not and why.

    Attributes:
        credential: The name of the credential.
        report: The report.
        exhibits: The trainings and documents that counted, by day.
        problems: What is wrong with the proof of the hours, as `check_proof` finds it; empty when all of it holds.
        receipt: The receipt of the report.
    """

    credential: str
    report: Report
    exhibits: tuple[Exhibit, ...]
    problems: tuple[str, ...]
    receipt: Receipt

    @property
    def title(self) -> str:
        """What it is about."""
        asked = self.report.asked
        cycle = "" if asked.cycle is None else f", cycle {asked.cycle}"
        return f"Audit packet: {self.report.person} on {spoken_day(self.report.on)}{cycle}"

    def evidence(self) -> Table:
        """Return what to ask for: a row for each training and document that counted, with where it is kept."""
        columns: dict[str, ColumnKind] = {
            "person": "text", "record": "text", "day": "day", "title": "text", "ask_for": "text", "kept": "text",
            "review": "text",
        }  # fmt: skip
        rows = tuple(
            (
                self.report.person, exhibit.record, exhibit.day, exhibit.title, exhibit.wanted, exhibit.evidence,
                None if exhibit.review is None else exhibit.review.decision,
            )
            for exhibit in self.exhibits
        )  # fmt: skip
        title = f"Evidence for {self.report.person}"
        return Table(headings=tuple(columns), rows=rows, kinds=tuple(columns.values()), title=title)

    def to_dict(self) -> dict[str, Any]:
        """Return the packet as plain values."""
        return {
            "format": "peer-ledger audit packet",
            "version": 1,
            "credential": self.credential,
            "exhibits": json.loads(self.evidence().json()),
            "proof_problems": list(self.problems),
            "report": self.report.to_dict(),
            "receipt": self.receipt.to_dict(),
        }

    def html(self) -> str:
        """Return the packet as one page to print, which needs nothing else."""
        return page(self.title, self._repr_html_())

    def __str__(self) -> str:
        lines = [
            visible(f"  {exhibit.wanted}: {exhibit.evidence or 'no place is on file'} ({exhibit.record})")
            for exhibit in self.exhibits
        ]
        proof = "\n".join(self.problems) or "The proof of the hours holds."
        return "\n".join([self.title, "", str(self.report), "", "Evidence:", *lines, "", proof, str(self.receipt)])

    def _repr_html_(self) -> str:
        body = packet_body(self.report, self.credential, self.exhibits, self.problems, self.receipt)
        return part(body, label=self.title)


@asks(cycle=A_NUMBER_OR_NONE)
def packet(
    ledger: LedgerView,
    person: str,
    *,
    on: date | str,
    ruleset: str | RuleSet = DEFAULT,
    rulesets: Mapping[str, RuleSet] | None = None,
    readings: Mapping[str, str] | None = None,
    strict: bool = False,
    cycle: int | None = None,
) -> Packet:
    """
    Return the audit packet of one person and cycle.

    Args:
        ledger: The ledger.
        person: Any of the person's ids.
        on: The day; events after it do not count yet.
        ruleset: The rules, or their id.
        rulesets: The rule sets that exist, by id; `None` for those that can be found by id.
        readings: Questions that the caller answers, by id.
        strict: Whether questions that only cause a caveat also leave the answer undetermined.
        cycle: The number, from 1, of a cycle that a renewal closed; `None` for the next step.

    Raises:
        InvalidValue: `on` is not a valid date, `readings` names an unknown question or reading, or no renewal closed
            the cycle.
        RuleSetNotFound: There is no such rule set.
        InvalidData: A rule set given is not sound; its problems are listed.
        LedgerMisuse: The ledger is a supposition.
    """
    view, day = ledger.pinned(), as_day(on)
    rules = RuleSetsAtHand(rulesets).position(ruleset).known.rules
    report = evaluate(
        view, person, on=day, ruleset=rules, rulesets=rulesets, readings=readings, strict=strict, cycle=cycle
    )
    exhibits = sorted(exhibits_of(view, report), key=lambda exhibit: (exhibit.day, exhibit.record))
    return Packet(
        credential=rules.name,
        report=report,
        exhibits=tuple(exhibits),
        problems=check_proof(report),
        receipt=receipt(report, view),
    )
