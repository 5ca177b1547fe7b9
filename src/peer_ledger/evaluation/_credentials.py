"""
Which credentials a person holds or applies for, and who holds one.
"""

from collections.abc import Container, Iterable, Iterator
from datetime import date

import attrs

from peer_ledger._closest import closest, few_of
from peer_ledger.errors import InvalidValue, nearest, shown_name
from peer_ledger.evaluation._dossiers import Dossier
from peer_ledger.evaluation._paid_for import PAID
from peer_ledger.ledger import LedgerView
from peer_ledger.ledger._about import About, read_kinds
from peer_ledger.records import Certification, Filing, Record, Verification
from peer_ledger.reports import Report
from peer_ledger.reports._remarks import Remark, remark
from peer_ledger.values._wording import spoken_day

_OF_CREDENTIALS = (Certification, Filing, Verification)
_TYPES = frozenset(kind.record_type for kind in _OF_CREDENTIALS)


@attrs.frozen(kw_only=True)
class UnknownCredential:
    """
    A credential on file that none of the rule sets asked answers for.

    Attributes:
        credential: Its id, as it is on file.
        records: The ids of the records that name it.
        near: The id of a rule set that its id resembles; `None` when there is none.
        is_known: Whether a rule set that was not asked answers for it.
    """

    credential: str
    records: tuple[str, ...]
    near: str | None
    is_known: bool = False

    def __str__(self) -> str:
        return str(self.caveat)

    @property
    def caveat(self) -> Remark:
        """What is said about it in the report on another credential."""
        if self.is_known:
            return remark("not-asked-about", credential=self.credential, records=self.records)
        return remark("no-rule-set", credential=self.credential, records=self.records, near=self.near or "")


@attrs.frozen(kw_only=True)
class CredentialReports:
    """
    The reports on every credential that a person holds or applies for.

    It is iterable like a tuple of reports.

    Attributes:
        person: The person's id, as it was given.
        on: The day.
        reports: A report for each credential on file that a rule set knows, in the order of the rule sets.
        unknown: The credentials on file that none of the rule sets asked knows, sorted.
    """

    person: str
    on: date
    reports: tuple[Report, ...]
    unknown: tuple[UnknownCredential, ...]

    def __iter__(self) -> Iterator[Report]:
        return iter(self.reports)

    def __len__(self) -> int:
        return len(self.reports)

    def __str__(self) -> str:
        found = "\n\n".join(map(str, (*self.reports, *self.unknown)))
        return found or f"No credential of {self.person} is on file on {spoken_day(self.on)}."

    def report(self, credential: str) -> Report:
        """
        Return the report on a credential.

        Raises:
            InvalidValue: There is none; the message lists the credentials that have one.
        """
        found = {report.provenance.ruleset: report for report in self.reports}
        if credential not in found:
            near = nearest(credential, found)
            raise InvalidValue(f"there is no report on {shown_name(credential)}{near}; available: {few_of(found)}")
        return found[credential]


def unknown_credential(
    credential: str, records: Iterable[str], known: Iterable[str], not_asked: Container[str] = ()
) -> UnknownCredential:
    """
    Return what is to be said about a credential that none of the rule sets asked answers for.

    Args:
        credential: Its id, as it is on file.
        records: The ids of the records that name it.
        known: The ids of the rule sets asked.
        not_asked: The ids of all that can be found, where others than these were named.
    """
    is_known = credential in not_asked
    near = None if is_known else closest(credential, known, likeness=0.6)
    return UnknownCredential(credential=credential, records=tuple(records), near=near, is_known=is_known)


def credentials_on_file(records: Iterable[Record], on: date) -> dict[str, list[str]]:
    """
    Return the credentials that a person holds, held or applied for until a day, sorted, each with its records' ids.
    """
    found: dict[str, list[str]] = {}
    for record in records:
        if isinstance(record, _OF_CREDENTIALS) and _day_of(record) <= on:
            found.setdefault(record.credential, []).append(record.id)
    return dict(sorted(found.items()))


def credentials_that_may_be_paid(dossier: Dossier, credential: str, on: date) -> Iterator[str]:
    """
    Yield the other credentials on file about a person of whom a fee is on file that names none.

    Args:
        dossier: What is on file about the person.
        credential: The credential asked about.
        on: The day; records after it do not count yet.
    """
    paid = [document for document in dossier.documents if document.kind in PAID and document.on <= on]
    if paid and any(document.credential is None for document in paid):
        yield from credentials_on_file(dossier.records, on).keys() - {credential}


def read_credentials(ledger: LedgerView, person: str, on: date) -> tuple[About, dict[str, list[str]]]:
    """
    Return what is on file about a person's credentials until a day, and the credentials with the records' ids.
    """
    about = read_kinds(ledger, person, _TYPES)
    return about, credentials_on_file(about.records, on)


def _day_of(record: Certification | Filing | Verification) -> date:
    if isinstance(record, Filing):
        return record.filed_on
    if isinstance(record, Verification):
        return record.seen
    return record.on or date.min
