"""
Which columns fill which fields: those that the caller names, those of known headings, and those left in doubt.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

import attrs

from peer_ledger.importing._column_names import column_letters
from peer_ledger.importing._fields import FIELDS, PART, field_of
from peer_ledger.importing._headings import Headings, leaves_unit_open, topic_in
from peer_ledger.importing._profile_parts import Column, plain_heading
from peer_ledger.importing._profiles import Profile
from peer_ledger.values.vocabularies import Vocabularies

_MAYBE_DAYS = frozenset({"completed", "started"})


@attrs.frozen(kw_only=True)
class MappedColumn:
    """
    A column that is read.

    Attributes:
        place: Its position, counted from 0.
        field: The field it fills.
        heading: Its heading.
        column: What the profile says about it; `None` when the profile does not list it.
        unclear: Whether its heading leaves the unit of its amounts open.
    """

    place: int
    field: str
    heading: str
    column: Column | None = None
    unclear: bool = False

    @property
    def letters(self) -> str:
        """The column's letters in a spreadsheet program."""
        return column_letters(self.place + 1)


def add_mapped(columns: dict[int, MappedColumn], headings: Headings, kind: str, mapping: Mapping[str, str]) -> None:
    """Add the columns that the caller named."""
    for name, text in mapping.items():
        if (place := headings.column(text)) is not None:
            field = field_of(kind, name)
            unclear = field is not None and field.reads == "amount" and leaves_unit_open(headings.plain[place])
            columns[place] = MappedColumn(place=place, field=name, heading=headings.shown(place), unclear=unclear)


def add_known(
    columns: dict[int, MappedColumn], headings: Headings, known: Sequence[Column], hidden: Collection[int]
) -> None:
    """Add the columns that the profile knows, each under the likeliest of its headings that is still free."""
    for column in known:
        for text in column.all_headings:
            place = headings.column(text)
            if place is not None and place not in columns and place not in hidden and _may_be(column, place, headings):
                columns[place] = MappedColumn(
                    place=place,
                    field=column.field,
                    heading=headings.shown(place),
                    column=column,
                    unclear=text not in column.clear_headings,
                )
                break


def _may_be(column: Column, place: int, headings: Headings) -> bool:
    """Return whether what stands in a column may be what its heading says: 'Attended' may hold days, or yes and no."""
    if column.field in _MAYBE_DAYS:
        return not headings.only_answers(place)
    if column.field == "title":
        titles = [text for text in column.all_headings if plain_heading(text) in headings.places]
        return len(titles) < 2 or not headings.holds_codes(place)
    return True


def add_codes(columns: dict[int, MappedColumn], headings: Headings, profile: Profile) -> None:
    """Add a column headed 'Course' that holds codes beside a column of titles."""
    fields = {column.field for column in columns.values()}
    if "course" in fields or "course" not in FIELDS[profile.makes]:
        return
    for place in headings.places.get("course", ())[:1]:
        if place not in columns and headings.holds_codes(place):
            columns[place] = MappedColumn(place=place, field="course", heading=headings.shown(place))


def add_topics(columns: dict[int, MappedColumn], headings: Headings, vocabularies: Vocabularies) -> None:
    """Add the columns of hours on single topics, the first one for each topic."""
    fields = {column.field for column in columns.values()}
    for place, text in enumerate(headings.plain):
        topic = topic_in(text, vocabularies)
        if topic is not None and place not in columns and f"{PART}{topic}" not in fields:
            fields.add(f"{PART}{topic}")
            columns[place] = MappedColumn(place=place, field=f"{PART}{topic}", heading=headings.shown(place))


def rivals(
    columns: Mapping[int, MappedColumn], headings: Headings, profile: Profile, hidden: Collection[int]
) -> Iterator[tuple[MappedColumn, MappedColumn]]:
    """Yield each column that the profile found with each unread column that could be meant instead."""
    ignored = set(map(plain_heading, profile.ignored))
    for mapped in columns.values():
        known = mapped.column
        texts = {plain_heading(text): text for text in known.all_headings} if known is not None else {}
        for place in sorted(place for text in texts for place in headings.places.get(text, ())):
            if place not in columns and place not in hidden and headings.plain[place] not in ignored:
                unclear = known is not None and texts[headings.plain[place]] not in known.clear_headings
                heading = headings.shown(place)
                yield mapped, MappedColumn(place=place, field=mapped.field, heading=heading, unclear=unclear)
