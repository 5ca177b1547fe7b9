"""
Laws about records: the order of recording, repetition and other people's records change no answer.
"""

from collections.abc import Sequence
from typing import Any

import attrs

from peer_ledger.records import (
    Certification,
    Document,
    Filing,
    Record,
    Retraction,
    Review,
    Ruling,
    SamePerson,
    TrainingEvent,
)
from peer_ledger.records.interchange import record_from_json, record_to_json
from peer_ledger.testing._edge_days import in_order
from peer_ledger.testing._hypothesis import assume, st
from peer_ledger.testing._lives import PERSON, lives
from peer_ledger.testing._situations import Situation, assert_same, content_of, figures, in_effect
from peer_ledger.values.dates import DAY

THEN, LATER = "2026-01-01T00:00+00:00", "2026-02-01T00:00+00:00"
OTHER_PERSON = "q"


def records_survive_json(situation: Situation) -> None:
    """A record that is written and read back is unchanged, and so is the answer."""
    again = [record_from_json(record_to_json(record)) for record in situation.records]
    assert list(situation.records) == again
    assert_same(content_of(situation.report()), content_of(situation.report(again)))


def order_of_recording_is_irrelevant(situation: Situation) -> None:
    """The order of recording does not change the answer; a retraction still follows what it retracts."""
    order = situation.draw(st.permutations(situation.records))
    mixed = list(in_order(order))
    situation.chosen.append(f"recorded in the order: {', '.join(record.id for record in mixed)}")
    assert_same(content_of(situation.report(situation.records)), content_of(situation.report(mixed)))


def twice_is_once(situation: Situation) -> None:
    """Recording everything a second time adds nothing."""
    ledger = situation.ledger()
    before = situation.ask(ledger)
    assert ledger.append(situation.records).added == 0
    assert_same(before.to_dict(), situation.ask(ledger).to_dict())


def retraction_is_absence(situation: Situation) -> None:
    """A retracted record counts as if it had never existed; retracting the retraction restores it."""
    ids = [record.id for record in in_effect(situation.records)]
    assume(ids)
    name = situation.choose("retracted", st.sampled_from(ids))
    about = {record.id for record in situation.records if isinstance(record, Retraction) and record.retracts == name}
    without = [
        record
        for record in situation.records
        if record.id != name and record.id not in about and getattr(record, "retracts", None) not in about
    ]
    gone = Retraction(id="gone", retracts=name, reason="a mistake")
    absent, retracted = situation.report(without), situation.report([*situation.records, gone])
    assert_same(content_of(absent), content_of(retracted))
    back = Retraction(id="back", retracts="gone", reason="it was no mistake")
    assert_same(content_of(situation.report()), content_of(situation.report([*situation.records, gone, back])))


def a_correction_takes_the_records_place(situation: Situation) -> None:
    """A corrected training counts as if it had been recorded correctly at first."""
    trainings = [record for record in in_effect(situation.records) if isinstance(record, TrainingEvent)]
    assume(trainings)
    wrong: Any = situation.choose("corrected", st.sampled_from(trainings))
    day = wrong.completed + situation.draw(st.sampled_from([-DAY, DAY, 400 * DAY]))
    ledger = situation.ledger()
    ledger.correct(wrong.id, {"completed": day}, reason="a typing mistake")
    right = attrs.evolve(wrong, completed=day)
    at_first = [right if record.id == wrong.id else record for record in situation.records]
    assert_same(figures(situation.report(at_first)), figures(situation.ask(ledger)))


def later_knowledge_alters_no_earlier_answer(situation: Situation) -> None:
    """Records and retractions that are added later do not change what was known at an earlier moment."""
    count = situation.choose("known at first", st.integers(0, len(situation.records)))
    first, rest = situation.records[:count], situation.records[count:]
    ledger = situation.ledger(())
    ledger.append(first, at=THEN)
    before = situation.ask(ledger)
    ledger.append(rest, at=LATER)
    for record in in_effect(situation.records)[:1]:
        ledger.retract(record.id, reason="a mistake", at=LATER)
    assert_same(before.to_dict(), situation.ask(ledger.known_at(THEN)).to_dict())


def _other_life(situation: Situation) -> list[Record]:
    """Return the records of another person, and note how many there are."""
    other = situation.draw(lives(situation.ruleset, person=OTHER_PERSON, mark="other-"))
    situation.chosen.append(f"{len(other)} records of another person")
    return list(other)


def other_people_do_not_matter(situation: Situation) -> None:
    """Records of another person, before, between or after, change nothing."""
    other = _other_life(situation)
    place = situation.draw(st.integers(0, len(other)))
    alone = situation.report()
    among = situation.report([*other[:place], *situation.records, *other[place:]])
    assert_same(content_of(alone, without=frozenset({"known"})), content_of(among, without=frozenset({"known"})))


def erasing_one_alters_no_other(situation: Situation) -> None:
    """Erasing one person changes no answer about another, and leaves no record of that person."""
    other = _other_life(situation)
    ledger = situation.ledger([*situation.records, *other])
    before = situation.ask(ledger)
    ledger.erase(OTHER_PERSON)
    assert_same(content_of(before), content_of(situation.ask(ledger)))
    assert not [record for record in ledger.records_of(OTHER_PERSON) if not isinstance(record, SamePerson)]
    assert ledger.verify(), "the chain still holds"


def names_do_not_matter(situation: Situation) -> None:
    """Under other ids of the person and of the records, the answer is the same."""
    records = tuple(_without_ties(situation.records))
    numbers = situation.draw(st.permutations(range(len(records))))
    ids = {record.id: f"x-{number:03}" for record, number in zip(records, numbers, strict=True)}
    people = {PERSON: "somebody", f"{PERSON}-b": "a-second-id"}
    situation.chosen.append(f"renamed: {ids}")
    renamed = [_renamed(record, ids, people) for record in records]
    before, after = situation.report(records), situation.report(renamed, person="somebody")
    assert_same(figures(before), figures(after))


def _without_ties(records: Sequence[Record]) -> list[Record]:
    """
    Return records without those that contradict another of the same day, because then the ids decide which one counts.
    """
    seen, left_out = set[Any](), set[str]()
    for record in records:
        tie: Any = record.id
        if isinstance(record, Review):
            tie = "review", record.event, record.on
        elif isinstance(record, Ruling):
            tie = "ruling", record.requirement, record.on
        elif isinstance(record, Certification):
            tie = "act", record.act, record.on or record.expires
        elif isinstance(record, Filing):
            tie = "filing", record.sent or record.received
        elif isinstance(record, Document):
            tie = "document", record.kind, record.by, record.on
        if tie in seen or getattr(record, "retracts", None) in left_out:
            left_out.add(record.id)
        seen.add(tie)
    return [record for record in records if record.id not in left_out]


_NAMING = ("id", "retracts", "event", "filing", "course")


def _renamed(record: Record, ids: dict[str, str], people: dict[str, str]) -> Record:
    changes: dict[str, Any] = {}
    for name in (field.name for field in attrs.fields(type(record))):
        value = getattr(record, name)
        if name in _NAMING and value in ids:
            changes[name] = ids[value]
        elif name == "person" and value in people:
            changes[name] = people[value]
        elif name == "people":
            changes[name] = {people.get(person, person) for person in value}
    return attrs.evolve(record, **changes)
