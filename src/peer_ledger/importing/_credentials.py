"""
Credentials of Open Badges 3.0 and of Comprehensive Learner Records 2.0 as rows: a row for each achievement.

The fields are those of the specifications of 1EdTech (https://www.imsglobal.org/spec/ob/v3p0 and
https://www.imsglobal.org/spec/clr/v2p0).  Nothing is verified: neither signatures nor whether a credential was revoked.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from peer_ledger.importing._frames import cell_of
from peer_ledger.importing._text_tables import Row
from peer_ledger.values._wording import counted

HEADINGS = ["credential", "subject", "earned", "achievement", "code", "issuer", "credits earned", "result"]
PROFILE = "open-badges"

_NOT_VERIFIED = (
    "nothing was verified: neither the signatures of the credentials, nor whether the issuer is who it says, nor "
    "whether a credential was revoked; the person who made the file could have written anything into it"
)
_BADGES = frozenset({"OpenBadgeCredential", "AchievementCredential"})
_RECORD = "ClrCredential"
_DEEPEST = 20

Json = Mapping[str, Any]


class _Found(NamedTuple):
    """A credential of an achievement, and the position in the file of what it was found in."""

    line: int
    credential: Json


def holds_credentials(value: Json) -> bool:
    """Return whether a value is a credential of an achievement, or a record of several."""
    return bool((_BADGES | {_RECORD}) & _types(value))


def credential_table(values: Sequence[Json]) -> tuple[list[Row], str, str, tuple[str, ...]]:
    """
    Return a row for each credential of an achievement.

    Args:
        values: The credentials; those inside a comprehensive learner record are read, too.

    Returns:
        The rows, what they are, the profile, and notes.
    """
    found = [item for line, value in enumerate(values, 1) for item in _inside(line, value, 0)]
    unread = sum(_unreadable(value, 0) for value in values)
    available = sum(_credits(item.credential)[1] for item in found)
    notes = [
        _NOT_VERIFIED,
        *([f"{counted(unread, 'credential')} in the form of a signed token (JWT): not read"] * bool(unread)),
        *(
            [f"{counted(available, 'credential')} without credits earned: the credits available for it were read"]
            * bool(available)
        ),
    ]
    rows = [Row(0, 0, list(HEADINGS)), *(_row(item) for item in found)]
    return rows, counted(len(found), "credential"), PROFILE, tuple(notes)


def _inside(line: int, value: Json, depth: int) -> Iterator[_Found]:
    types = _types(value)
    if _BADGES & types:
        yield _Found(line, value)
    elif _RECORD in types and depth < _DEEPEST:
        for inner in _listed(_object(value, "credentialSubject").get("verifiableCredential")):
            if isinstance(inner, Mapping):
                yield from _inside(line, inner, depth + 1)


def _unreadable(value: Json, depth: int) -> int:
    """Return how many credentials inside a record are signed tokens instead of JSON."""
    if _RECORD not in _types(value) or depth >= _DEEPEST:
        return 0
    inner = _listed(_object(value, "credentialSubject").get("verifiableCredential"))
    return sum(_unreadable(item, depth + 1) if isinstance(item, Mapping) else 1 for item in inner)


def _row(found: _Found) -> Row:
    credential = found.credential
    subjects = _listed(credential.get("credentialSubject"))
    if len(subjects) != 1 or not isinstance(subjects[0], Mapping):
        return Row(found.line, found.line, [], f"has {counted(len(subjects), 'subject')}; exactly one can be read")
    subject = subjects[0]
    achievement = _object(subject, "achievement")
    earned = subject.get("activityEndDate") or credential.get("awardedDate") or credential.get("validFrom")
    cells: list[object] = [
        _text(credential.get("id")),
        _person(subject),
        _text(earned or credential.get("issuanceDate")),
        _text(achievement.get("name")) or _text(credential.get("name")),
        _text(achievement.get("humanCode")),
        _issuer(credential),
        _credits(credential)[0],
        _failed(subject),
    ]
    return Row(found.line, found.line, cells)


def _credits(credential: Json) -> tuple[object, bool]:
    """Return the credits earned; or those that the achievement offers, and that it is those."""
    subject = next((item for item in _listed(credential.get("credentialSubject")) if isinstance(item, Mapping)), {})
    earned, available = subject.get("creditsEarned"), _object(subject, "achievement").get("creditsAvailable")
    if _is_amount(earned):
        return cell_of(earned), False
    return (cell_of(available), True) if _is_amount(available) else ("", False)


def _person(subject: Json) -> str:
    """Return the id of who earned an achievement: one that the issuer gave them, or else that of the subject."""
    identifiers = [item for item in _listed(subject.get("identifier")) if isinstance(item, Mapping)]
    plain = [_text(item.get("identityHash")) for item in identifiers if item.get("hashed") is False]
    return next(filter(None, plain), None) or _text(subject.get("id")).removeprefix("mailto:")


def _issuer(credential: Json) -> str:
    issuer = credential.get("issuer")
    return _text(issuer.get("name")) if isinstance(issuer, Mapping) else ""


def _failed(subject: Json) -> str:
    results = [item for item in _listed(subject.get("result")) if isinstance(item, Mapping)]
    undone = ("Failed", "Withdrew", "OnHold", "Enrolled", "InProgress")
    return "failed" if any(item.get("status") in undone for item in results) else "achieved"


def _types(value: Json) -> set[str]:
    return {item for item in _listed(value.get("type")) if isinstance(item, str)}


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _object(value: Json, name: str) -> Json:
    found = value.get(name)
    return found if isinstance(found, Mapping) else {}


def _is_amount(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
