"""Records come back from their packed form as they were."""

from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peer_ledger import testing
from peer_ledger.records import Coverage, Credit, Origin, Review, TrainingEvent
from peer_ledger.records._packed import packed, unpacked
from peer_ledger.records.interchange import record_to_json


@given(st.lists(testing.records(), max_size=12))
def test_any_records_come_back_in_their_order(records):
    """They are equal, of the same types down to each value, and written as the same text."""
    found = unpacked(packed(records))
    assert tuple(records) == found
    assert list(map(record_to_json, records)) == list(map(record_to_json, found))
    assert list(map(hash, records)) == list(map(hash, found))
    for record, there in zip(records, found, strict=True):
        fields = attrs.fields(type(record))
        assert [type(getattr(record, field.name)) for field in fields] == [
            type(getattr(there, field.name)) for field in fields
        ]


def event(number):
    return TrainingEvent(
        origin=Origin(source=f"lms {number % 3}", key=[str(number), "", "a b"], occurrence=number % 5 + 1),
        person="p-1",
        completed=f"{1950 + number % 100}-03-04",
        title=f"Title {number}\nin two lines, ü",
        credits=[Credit(amount=number + 1)],
    )


def test_any_number_of_values_is_told_apart():
    for count in (0, 1, 80, 25_000):
        records = tuple(event(number) for number in range(count))
        assert records == unpacked(packed(records))


@pytest.mark.parametrize("limit", [2**8, 2**16])
def test_numbers_are_as_wide_as_the_values_are_many(limit):
    """Numbers of one, two and four bytes are used; each of these records brings one value, and all of them share two."""
    for count in range(limit - 4, limit + 1):
        records = tuple(Coverage(id=f"c-{number}", covers="document", person="p-1") for number in range(count))
        assert records == unpacked(packed(records))


def test_the_largest_occurrence_and_the_most_records_of_all_types_fit():
    records = [attrs.evolve(event(1), id="e", origin=Origin(source="s", key=["k"], occurrence=2**53 - 1))]
    assert tuple(records) == unpacked(packed(records))


def test_a_record_that_repeats_another_shares_its_values():
    """A hundred reviews that say the same take little more room than their ids."""
    reviews = [
        Review(
            id=f"r-{number}",
            person="p-1",
            event="e-1",
            decision="approved",
            on="2025-03-04",
            reason="because " * 20 + "yes",
        )
        for number in range(200)
    ]
    sizes = [len(packed(reviews[:count])) for count in (100, 150, 200)]
    assert all(after - before < 50 * 30 for before, after in pairwise(sizes))
