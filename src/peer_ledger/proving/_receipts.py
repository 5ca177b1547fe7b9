"""
Receipts: what must be the same for a report to be made again, byte for byte.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from typing import Any

import attrs

from peer_ledger.errors import InvalidValue, LedgerMisuse, shown
from peer_ledger.evaluation._question import asks
from peer_ledger.ledger import LedgerView
from peer_ledger.ledger._view import view_up_to
from peer_ledger.reports import Report
from peer_ledger.values._arguments import A_TEXT, an_instance, arguments
from peer_ledger.values._json import parse_json
from peer_ledger.values._wording import counted, spoken_day
from peer_ledger.values.dates import as_day, as_moment, moment_text

FORMAT = "peer-ledger receipt"
VERSION = 1
A_REPORT = an_instance("a report, as evaluate returns it", Report)
_DIGEST = 64


@attrs.frozen(kw_only=True)
class Receipt:
    """
    What a report rests on: enough to make it again, and to find out what moved if it comes out otherwise.

    A receipt names the person by id and holds no record.  Its own digest shows that it was changed by accident; whoever
    changes it on purpose can compute that, too, so a receipt proves only what its keeper kept.

    Attributes:
        person: The id that was asked for.
        on: The day.
        ruleset: The id of the rule set that was asked.
        readings: The questions that the caller answered, by id, with the reading.
        strict: Whether questions that only cause a caveat also left the answer undetermined.
        cycle: The number of the closed cycle that was checked; `None` for the next step.
        entries: The number of the last entry of the ledger that was known.
        head: The digest of the ledger up to that entry.
        erased: How many of the entries up to it had been erased.
        known_at: The moment that entry was recorded; `None` for a ledger without entries.
        rules: The digest of what each rule set that the answer may depend on decides, by id.
        texts: The digest of the whole text of each of them, prose included, by id.
        installed: The digest of the ids of all rule sets that could be found; `None` when only those of a mapping
            existed.
        package: The version of this package.
        report: The SHA-256 of the report as JSON, as `report_json` returns it.
    """

    person: str
    on: date
    ruleset: str
    readings: Mapping[str, str]
    strict: bool
    cycle: int | None
    entries: int
    head: str
    erased: int
    known_at: str | None
    rules: Mapping[str, str]
    texts: Mapping[str, str]
    installed: str | None
    package: str
    report: str

    @property
    def digest(self) -> str:
        """The digest of the receipt itself."""
        return _sha256(_compact(self._body()))

    def to_dict(self) -> dict[str, Any]:
        """Return the receipt as plain values, with its own digest."""
        return {"format": FORMAT, "version": VERSION, **self._body(), "digest": self.digest}

    def text(self) -> str:
        """Return the receipt as one line of JSON, which `read_receipt` reads."""
        return _compact(self.to_dict())

    def __str__(self) -> str:
        asked = (
            f"{self.person} on {spoken_day(self.on)}, by {', '.join(f'{k} {v[:12]}' for k, v in self.rules.items())}"
        )
        given = "".join(f"; {name} answered with {reading}" for name, reading in self.readings.items())
        return (
            f"Receipt {self.digest[:12]} for the report on {asked}{given}; ledger up to entry {self.entries} "
            f"({self.head[:12]}); peer-ledger {self.package}; SHA-256 of the report {self.report[:12]}."
        )

    def _body(self) -> dict[str, Any]:
        return {
            **{field.name: getattr(self, field.name) for field in attrs.fields(Receipt)},
            "on": self.on.isoformat(),
            "readings": dict(self.readings),
            "rules": dict(self.rules),
            "texts": dict(self.texts),
        }


@asks(report=A_REPORT)
def receipt(report: Report, ledger: LedgerView) -> Receipt:
    """
    Return the receipt of a report: what it takes to make it again, byte for byte.

    Args:
        report: The report, of `evaluate` or any other function that returns reports on what is on file.
        ledger: The ledger that it was made from, or a later state of it.

    Raises:
        LedgerMisuse: The report is about a supposition, which nobody can make again from the ledger; or the ledger has
            fewer entries than the report knew.
    """
    made, asked = report.provenance, report.asked
    if made.supposed or made.without:
        raise LedgerMisuse("a report on a supposition has no receipt, because what was supposed was never recorded")
    head, erased, known_at = _state(ledger, made.known)
    return Receipt(
        person=report.person,
        on=report.on,
        ruleset=made.ruleset,
        readings=dict(asked.readings),
        strict=asked.strict,
        cycle=asked.cycle,
        entries=made.known,
        head=head,
        erased=erased,
        known_at=known_at,
        rules=dict(sorted(made.digests.items())),
        texts=dict(asked.texts),
        installed=asked.installed,
        package=package_version(),
        report=_sha256(report_json(report)),
    )


@arguments(text=A_TEXT)
def read_receipt(text: str) -> Receipt:
    """
    Read a receipt that was written as JSON.

    Raises:
        InvalidValue: It is no receipt, or one of another version; or it was changed, so that it does not have the
            digest that it says it has.
    """
    data = parse_json(text)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise InvalidValue(f"this is not a receipt: its format must be {FORMAT!r}")
    if data.get("version") != VERSION:
        raise InvalidValue(f"this receipt is of version {shown(data.get('version'))}; this package reads {VERSION}")
    body = {name: value for name, value in data.items() if name not in ("format", "version", "digest")}
    names = {field.name for field in attrs.fields(Receipt)}
    if body.keys() != names:
        wrong = ", ".join(sorted(body.keys() ^ names))
        raise InvalidValue(f"this receipt is not whole: missing or unknown: {wrong}")
    for name, is_right in _FIELDS.items():
        if not is_right(body[name]):
            raise InvalidValue(f"this receipt is not whole: {name} cannot be {shown(body[name])}")
    made = Receipt(**{**body, "on": as_day(body["on"])})
    if data.get("digest") != made.digest:
        raise InvalidValue("this receipt was changed: it does not have the digest that it says it has")
    return made


def report_json(report: Report) -> str:
    """
    Return a report as JSON, as `peer-ledger report --format json` prints it, with the line end.
    """
    return json.dumps(report.to_dict(), indent=2) + "\n"


def package_version() -> str:
    """Return the version of this package."""
    return version("peer-ledger")


def _state(ledger: LedgerView, entries: int) -> tuple[str, int, str | None]:
    """Return the state of a ledger up to an entry."""
    if ledger.basis.known < entries:
        raise LedgerMisuse(
            f"the report knew {counted(entries, 'entry')}, and this ledger has {ledger.basis.known}; give the ledger "
            "that it was made from"
        )
    return state_up_to(ledger, entries)


def state_up_to(ledger: LedgerView, entries: int) -> tuple[str, int, str | None]:
    """
    Return the digest of a ledger up to an entry, how much of it is erased, and when that entry was recorded.

    Args:
        ledger: The ledger, with that entry.
        entries: The number of the entry; 0 for none.
    """
    view, moment = view_up_to(ledger, entries)
    return view.head[1], view.counts().get("erased", 0), moment


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and len(value) == _DIGEST and not set(value) - set("0123456789abcdef")


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and as_day(value).isoformat() == value
    except InvalidValue:
        return False


def _is_moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and moment_text(as_moment(value)) == value
    except InvalidValue:
        return False


_FIELDS = {
    "person": _is_text,
    "on": _is_day,
    "ruleset": _is_text,
    "readings": _is_texts,
    "strict": lambda value: isinstance(value, bool),
    "cycle": lambda value: value is None or type(value) is int,
    "entries": lambda value: type(value) is int and value >= 0,
    "head": _is_digest,
    "erased": lambda value: type(value) is int and value >= 0,
    "known_at": lambda value: value is None or _is_moment(value),
    "rules": _is_texts,
    "texts": _is_texts,
    "installed": lambda value: value is None or _is_digest(value),
    "package": _is_text,
    "report": _is_digest,
}


def _compact(data: Mapping[str, Any]) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
