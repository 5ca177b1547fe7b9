"""
Finding out which column of a file holds which field.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import attrs

from peer_ledger.errors import InvalidData, Problem, nearest, shown_name
from peer_ledger.importing._fields import FIELDS, NEEDED, PART, field_of
from peer_ledger.importing._profiles import Column, Profile, plain_heading, usual_profiles
from peer_ledger.importing._text_tables import Row
from peer_ledger.importing._workbooks import column_letters
from peer_ledger.values._wording import with_article
from peer_ledger.values.vocabularies import Vocabularies

_FOUND_BY = {
    "training-event": ("hours", "course"),
    "course": ("codes",),
    "certification": ("act", "awarded", "renewed", "reinstated", "expires"),
}
"""
What else a kind of record needs to be found by usual headings.

A list of trainings without hours says when and not how much; a table with titles and hours may list anything, and so
may one with people and dates.
"""

_UNIT_WORDS = {"min": "minute", "mins": "minute", "minute": "minute", "minutes": "minute", "hours": "hour"}
_LENGTH_WORDS = {"duration", "length", "time", "credit", "credits", "points", "units", "ces", "ceu", "ceus"}

LOOKED_AT = 20
"""In how many rows the headings are looked for: titles and notes may stand above them."""

_LONGEST_SHOWN = 60
_MOST_NAMED = 20
_AMOUNT_WORDS = re.compile(r"\b(?:number|no|of|in|on|training|ce|credit|contact|clock|hours?|hrs?|credits?)\b|#")


@attrs.frozen(kw_only=True)
class MappedColumn:
    """
    A column that is read.

    Attributes:
        place: Which, counted from 0.
        field: The field it fills.
        heading: What stands above it.
        column: What the profile says of it; `None` when it was found otherwise.
        unclear: Whether its heading leaves open of what unit its amounts are.
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


@attrs.frozen(kw_only=True)
class Layout:
    """
    What was made of a file's headings.

    Attributes:
        profile: The profile.
        columns: The columns that are read.
        ignored: The headings of those that are not, empty ones left out.
        width: How many columns there are.
        given: The fields that somebody gave a value for every row.
        chosen: Whether somebody said what the rows are, or gave the profile.
        rivals: Of each column whose field another one might hold as well: the column, and the heading of the other.
    """

    profile: Profile
    columns: tuple[MappedColumn, ...]
    ignored: tuple[str, ...]
    width: int
    given: frozenset[str] = frozenset()
    chosen: bool = False
    rivals: tuple[tuple[MappedColumn, str], ...] = ()

    @property
    def missing(self) -> list[tuple[str, ...]]:
        """Of which fields one is needed that neither a column nor the profile gives."""
        there = {one.field.partition(".")[0] for one in self.columns} | {one.field for one in self.profile.fixed}
        there |= self.given
        needed = NEEDED[self.profile.makes]
        if not self.chosen and self.profile.makes in _FOUND_BY:
            needed = (*needed, _FOUND_BY[self.profile.makes])
        return [group for group in needed if not there.intersection(group)]


def layout_of(
    rows: Sequence[Row],
    *,
    profile: Profile | None,
    kind: str | None,
    mapping: Mapping[str, str],
    given: frozenset[str],
    vocabularies: Vocabularies,
) -> tuple[Layout, int]:
    """
    Find the row of headings among the first rows of a file, and what its columns hold.

    Args:
        rows: The first rows.
        profile: The layout; `None` to find it from usual headings.
        kind: What the rows are; `None` to find that, too.
        mapping: Fields and the headings that stand for them, given by somebody.
        given: Fields that somebody gave a value for every row.
        vocabularies: The words there are.

    Returns:
        The layout, and the place of its row among the rows.

    Raises:
        InvalidData: No row has what is needed, or two columns have one heading.
    """
    candidates = [profile] if profile else [one for one in usual_profiles() if kind in (None, one.makes)]
    best: tuple[Layout, int] | None = None
    doubtful: InvalidData | None = None
    for place, row in enumerate(rows):
        if row.fault is not None:
            continue
        headings = _Headings.of(row)
        try:
            layouts: list[Layout] = [
                _layout(headings, one, mapping, vocabularies)
                for one in candidates
                if all(field_of(one.makes, name) for name in mapping)
                and (profile or kind or not (_passes_over_people(headings, one) or _lists_trainings(headings, one)))
            ]
        except InvalidData as error:  # two columns of this row read alike, which need not be the row of headings
            known = {text for one in candidates for column in one.columns for text in _known(column)}
            is_likely = len(known & headings.places.keys()) > 1
            doubtful = doubtful or (error if is_likely else None)
            continue
        chosen = profile is not None or kind is not None
        layouts = [attrs.evolve(one, given=given, chosen=chosen) for one in layouts]
        for layout in layouts:
            if best is None or _fitness(layout) > _fitness(best[0]):
                best = layout, place
        if best is not None and not best[0].missing and best[1] == place and not _unfound(best[0], mapping):
            _refuse_rivals([one for one in layouts if not one.missing], best[0])
            return best
    if doubtful is not None and (best is None or best[0].missing):
        raise doubtful
    if best is not None and not best[0].missing:
        raise InvalidData("table", _unfound(best[0], mapping))
    raise _not_found(best[0] if best else None, candidates, mapping)


def _lists_trainings(headings: "_Headings", profile: Profile) -> bool:
    """Return whether a certificate would be found by nothing but a day that is due, in a table of trainings."""
    if profile.makes != "certification":
        return False
    known = {one.field: _known(one) for one in profile.columns}
    trainings = next(one for one in usual_profiles() if one.makes == "training-event")
    learned = {text for one in trainings.columns if one.field in ("hours", "title", "course") for text in _known(one)}
    plain = headings.places.keys()
    told = plain & {
        text for name in ("act", "awarded", "renewed", "reinstated", "number", "level") for text in known[name]
    }
    return not told and bool(plain & (learned - known["number"]))


@attrs.frozen
class _Headings:
    """
    The headings of a table, of which there may be thousands, looked at once.

    Attributes:
        texts: What stands there.
        plain: The same as it is compared.
        places: Where each of these stands, by what is compared.
    """

    texts: list[str]
    plain: list[str]
    places: dict[str, list[int]]

    @classmethod
    def of(cls, row: Row) -> "_Headings":
        texts = [cell if isinstance(cell, str) else "" for cell in row.cells]
        plain = [plain_heading(text) for text in texts]
        places: dict[str, list[int]] = {}
        for place, text in enumerate(plain):
            places.setdefault(text, []).append(place)
        return cls(texts, plain, places)


def _passes_over_people(headings: _Headings, profile: Profile) -> bool:
    """Return whether a kind of record that is about nobody would be found in a table that has a column of people."""
    return "person" not in FIELDS[profile.makes] and not headings.places.keys().isdisjoint(_usual_for_people())


@lru_cache(maxsize=1)
def _usual_for_people() -> frozenset[str]:
    return frozenset(
        plain_heading(text)
        for one in usual_profiles()
        for column in one.columns
        if column.field == "person"
        for text in column.headings
    )


def one_line(heading: str) -> str:
    """Write a heading in one line, and not all of an endless one."""
    plain = " ".join(heading.split())
    return plain if len(plain) <= _LONGEST_SHOWN else f"{plain[:_LONGEST_SHOWN]}..."


def _fitness(layout: Layout) -> tuple[bool, int]:
    return not layout.missing, len(layout.columns)


def _refuse_rivals(layouts: list[Layout], best: Layout) -> None:
    """Refuse to choose between two kinds of record that fit equally well."""
    rivals = [one.profile.makes for one in layouts if _fitness(one) == _fitness(best)]
    if len(rivals) > 1:
        what = f"its headings fit {' and '.join(rivals)} equally well; say which kind its rows are"
        raise InvalidData("table", (Problem("headings", what),))


def _unfound(layout: Layout, mapping: Mapping[str, str]) -> tuple[Problem, ...]:
    found = {one.field for one in layout.columns}
    return tuple(
        Problem("mapping", f"no column has the heading given for {name!r}") for name in mapping if name not in found
    )


def _layout(table: _Headings, profile: Profile, mapping: Mapping[str, str], vocabularies: Vocabularies) -> Layout:
    headings, plain = table.texts, table.plain
    columns: dict[int, MappedColumn] = {}
    for name, text in mapping.items():
        if (place := _place(table.places, text)) is not None:
            field = field_of(profile.makes, name)
            unclear = field is not None and field.reads == "amount" and _is_unclear(plain[place])
            columns[place] = MappedColumn(place=place, field=name, heading=one_line(headings[place]), unclear=unclear)
    for column in profile.columns:
        if column.field in mapping:
            continue
        for number, text in enumerate((*(column.headings or (column.field,)), *column.unclear)):
            place = _place(table.places, text)
            if place is not None and place not in columns:
                unclear = number >= len(column.headings or (column.field,))
                columns[place] = MappedColumn(
                    place=place,
                    field=column.field,
                    heading=one_line(headings[place]),
                    column=column,
                    unclear=unclear,
                )
                break
    if profile in usual_profiles() and "hours" in FIELDS[profile.makes]:
        taken = {one.field for one in columns.values()}
        for place, text in enumerate(plain):
            topic = _topic_of(text, vocabularies)
            if topic is not None and place not in columns and f"{PART}{topic}" not in taken:
                taken.add(f"{PART}{topic}")
                columns[place] = MappedColumn(place=place, field=f"{PART}{topic}", heading=one_line(headings[place]))
    rivals = [
        (one, one_line(headings[place]))
        for one in columns.values()
        if one.column is not None
        for place in sorted(place for text in _known(one.column) for place in table.places.get(text, ()))
        if place not in columns
    ]
    return Layout(
        profile=profile,
        rivals=tuple(rivals),
        columns=tuple(one for _, one in sorted(columns.items())),
        ignored=tuple(one_line(text) for place, text in enumerate(headings) if place not in columns and plain[place]),
        width=len(headings),
    )


def _known(column: Column) -> set[str]:
    return {plain_heading(text) for text in (*(column.headings or (column.field,)), *column.unclear)}


def unit_in(heading: str) -> str | None:
    """
    Return the unit that a heading of amounts names beyond doubt; `None` where it names none, or several.

    >>> unit_in("Seat time (min)"), unit_in("Contact hrs"), unit_in("CE Hours (min)"), unit_in("CEUs")
    ('minute', 'hour', None, None)
    """
    named = {unit for word in plain_heading(heading).split() if (unit := _UNIT_WORDS.get(word)) is not None}
    return named.pop() if len(named) == 1 else None


def _is_unclear(heading: str) -> bool:
    """Return whether a heading that somebody gave for amounts leaves open of what unit they are."""
    words = set(heading.split())
    return unit_in(heading) is None and bool(words & (_UNIT_WORDS.keys() | _LENGTH_WORDS))


def _place(places: Mapping[str, list[int]], text: str) -> int | None:
    """Find the column of a heading; one that stands twice could be either."""
    wanted = plain_heading(text)
    if not wanted or wanted not in places:
        return None
    if len(places[wanted]) > 1:
        some = places[wanted][:_MOST_NAMED]
        letters = " and ".join(column_letters(place + 1) for place in some)
        if len(some) < len(places[wanted]):
            letters += f" and {len(places[wanted]) - len(some)} more"
        raise InvalidData(
            "table",
            (Problem("headings", f"columns {letters} have the same heading; rename all but the one that is meant"),),
        )
    return places[wanted][0]


def _topic_of(heading: str, vocabularies: Vocabularies) -> str | None:
    """Find the topic of a heading such as 'Ethics hours'; `None` when it is none."""
    if not re.search(r"\b(?:hours?|hrs?)\b", heading):
        return None
    rest = " ".join(_AMOUNT_WORDS.sub(" ", heading).split())
    return vocabularies["topics"].find(rest) if rest else None


def _not_found(best: Layout | None, candidates: Sequence[Profile], mapping: Mapping[str, str]) -> InvalidData:
    if best is None or (len(best.columns) < 2 and not mapping):
        if not candidates or (best is None and mapping):
            return InvalidData("table", tuple(_unknown_fields(candidates, mapping)))
        unknown = f"none of the first {LOOKED_AT} rows has headings that are known."
        if len(candidates) > 1:
            what = (
                f"{unknown} If the rows are trainings, say which headings stand for person, completed and hours, and "
                "for title, topics and course where there are such: --map person=HEADING, or "
                "mapping={'person': HEADING}; if they are something else, say what: --kind certification"
            )
        else:
            makes = candidates[0].makes
            wanted = ", and ".join(" or ".join(group) for group in NEEDED[makes])
            what = (
                f"{unknown} Say which headings stand for what a {makes} needs, {wanted}: "
                f"--map {NEEDED[makes][0][0]}=HEADING"
            )
        return InvalidData("table", (Problem("headings", what),))
    problems = []
    for group in best.missing:
        needed = " or ".join(group)
        near = _suggestion(best, group)
        problems.append(
            Problem(
                "headings",
                f"{with_article(best.profile.makes)} needs a column for {needed}{near}; "
                f"name it with --map {group[0]}=HEADING",
            )
        )
    problems.append(Problem("headings", f"not recognized are {', '.join(map(repr, best.ignored[:30])) or 'none'}"))
    return InvalidData("table", tuple(problems))


def _unknown_fields(candidates: Sequence[Profile], mapping: Mapping[str, str]) -> Iterator[Problem]:
    kinds: list[str] = [one.makes for one in candidates] or list(FIELDS)
    known = sorted({name for kind in kinds for name in FIELDS[kind]})
    for name in mapping:
        if not any(field_of(kind, name) for kind in kinds):
            yield Problem(
                "mapping", f"there is no field {shown_name(name)}{nearest(name, known)}; there are {', '.join(known)}"
            )
    if all(any(field_of(kind, name) for kind in kinds) for name in mapping):
        yield Problem("mapping", "no kind of record has all of these fields; say which kind the rows are")


def _suggestion(layout: Layout, group: tuple[str, ...]) -> str:
    known = [
        plain_heading(text)
        for column in layout.profile.columns
        if column.field in group
        for text in (*column.headings, column.field)
    ]
    for heading in layout.ignored:
        if difflib.get_close_matches(plain_heading(heading)[:100], known, n=1, cutoff=0.6):
            return f" (is it {heading!r}?)"
    return ""
