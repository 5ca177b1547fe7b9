"""
Ids of people in a file that may be other spellings of known ones.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from peer_ledger.importing._plausibility import plain_id
from peer_ledger.importing._result import Imported
from peer_ledger.ledger import LedgerView


def people_of(imported: Imported) -> Iterable[str]:
    """Return the ids of the people in a file, each once."""
    return dict.fromkeys(person for record in imported.records if (person := getattr(record, "person", None)))


def written_otherwise(ledger: LedgerView, imported: Imported, others: list[Imported]) -> Iterator[tuple[str, str]]:
    """Yield ids of people whom the ledger, or another file, may have under a similar id, with the similar id."""
    people = set(people_of(imported))
    known = dict.fromkeys(chain(ledger.people(), *map(people_of, others)))
    by_plain: dict[str, list[str]] = {}
    for person in known:
        by_plain.setdefault(plain_id(person), []).append(person)
    for person in people_of(imported):
        for other in by_plain.get(plain_id(person), ()):
            once = other not in people or person < other
            if other != person and once and other not in ledger.same_person(person):
                yield person, other
                break


def near_ids(ledger: LedgerView, imported: Imported, others: list[Imported]) -> Iterator[tuple[str, str]]:
    """
    Yield new ids with a known one that differs by a digit.

    Employee numbers are often consecutive, so new people are told only while they are fewer than those known.
    """
    known = set(ledger.people())
    known.update(*(people_of(other) for other in others if other.kind != imported.kind))
    by_form: dict[str, str] = {}
    for person in known:
        for form in _forms(person):
            by_form.setdefault(form, person)
    found = []
    for person in people_of(imported):
        if person not in known:
            near = next((by_form[form] for form in _forms(person) if form in by_form), None)
            if near is not None and plain_id(near) != plain_id(person):
                found.append((person, near))
    if len(found) <= len(known):
        yield from found


def _forms(person: str) -> Iterator[str]:
    """Yield an id with each digit left open, and with each two neighboring digits in ascending order."""
    for place, character in enumerate(person):
        if character.isdigit():
            yield f"{person[:place]}?{person[place + 1 :]}"
            after = person[place + 1 : place + 2]
            if after.isdigit() and after != character:
                yield f"{person[:place]}{min(character, after)}{max(character, after)}!{person[place + 2 :]}"
