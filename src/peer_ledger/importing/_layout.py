"""
Finding out which column of a file holds which field.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import attrs

from peer_ledger._closest import few_of
from peer_ledger.errors import InvalidData, Problem, nearest, shown_name
from peer_ledger.importing._columns import MappedColumn, add_codes, add_known, add_mapped, add_topics, rivals
from peer_ledger.importing._fields import FIELDS, NEEDED, field_of
from peer_ledger.importing._headings import Headings
from peer_ledger.importing._profile_parts import plain_heading
from peer_ledger.importing._profiles import Profile, usual_profiles
from peer_ledger.importing._text_tables import Row
from peer_ledger.values._wording import counted, with_article
from peer_ledger.values.vocabularies import Vocabularies

_FOUND_BY = {
    "training-event": ("hours", "course"),
    "course": ("codes",),
    "certification": ("act", "awarded", "renewed", "reinstated", "expires"),
}
"""
What else a kind of record needs before it is recognized by usual headings alone.

A list of trainings without hours does not say how much was done; a table with titles and hours may list anything, and
so may a table with people and dates.
"""

_FILLED_IN = frozenset({"credential", "unit"})
"""Fields whose value for every row fills in where a row says nothing; any other takes the place of a usual column."""

LOOKED_AT = 20
"""The number of rows in which the headings are looked for: titles and notes may come before them."""

_MOST_IGNORED_SHOWN = 30
_MOST_COMPARED = 200


@attrs.frozen(kw_only=True)
class Layout:
    """
    How the headings of a file were read.

    Attributes:
        profile: The profile.
        columns: The columns that are read.
        ignored: The headings of the columns that are not read; empty headings are left out.
        width: The number of columns.
        given: The fields for which the caller gave a value for every row.
        chosen: Whether the caller named the profile or the kind of rows.
        rivals: Each column whose field another column might hold as well, with the other column.
    """

    profile: Profile
    columns: tuple[MappedColumn, ...]
    ignored: tuple[str, ...]
    width: int
    given: frozenset[str] = frozenset()
    chosen: bool = False
    rivals: tuple[tuple[MappedColumn, MappedColumn], ...] = ()

    @property
    def missing(self) -> list[tuple[str, ...]]:
        """The groups of fields of which one is required and none is given by a column, the profile or the caller."""
        present = {column.field.partition(".")[0] for column in self.columns}
        present |= {fixed.field for fixed in self.profile.fixed} | self.given
        needed = NEEDED[self.profile.makes]
        if not self.chosen and self.profile.makes in _FOUND_BY:
            needed = (*needed, _FOUND_BY[self.profile.makes])
        return [group for group in needed if not present.intersection(group)]


def layout_of(
    rows: Sequence[Row],
    *,
    profile: Profile | None,
    kind: str | None,
    mapping: Mapping[str, str],
    given: frozenset[str],
    vocabularies: Vocabularies,
    ignore: Sequence[str] = (),
) -> tuple[Layout, int]:
    """
    Find the row of headings among the first rows of a file, and what its columns hold.

    Args:
        rows: The first rows.
        profile: The layout; `None` to recognize it by usual headings.
        kind: What the rows are; `None` to recognize that, too.
        mapping: The caller's headings for some fields, by field.
        given: Fields for which the caller gave a value for every row.
        vocabularies: The declared words.
        ignore: The headings of columns that are not read.

    Returns:
        The layout, and the position of the row of headings among the rows.

    Raises:
        InvalidData: No row has the required headings, or two columns have the same heading.
    """
    search = _Search(
        profiles=[profile] if profile else [usual for usual in usual_profiles() if kind in (None, usual.makes)],
        mapping=mapping,
        given=given,
        chosen=profile is not None or kind is not None,
        vocabularies=vocabularies,
        ignore=ignore,
    )
    best: tuple[Layout, int] | None = None
    ambiguous: InvalidData | None = None
    for place, row in enumerate(rows):
        if row.fault is not None:
            continue
        headings = Headings.of(row, rows[place + 1 :])
        try:
            layouts = search.layouts(headings)
        except InvalidData as error:  # two columns have the same text, which matters only in the row of headings
            if ambiguous is None and search.has_known_headings(headings):
                ambiguous = error
            continue
        for layout in layouts:
            if best is None or _fitness(layout) > _fitness(best[0]):
                best = layout, place
        if best is not None and best[1] == place and not best[0].missing and not _unfound(best[0], mapping):
            _refuse_rivals([layout for layout in layouts if not layout.missing], best[0])
            return best
    raise _failure(
        best[0] if best else None,
        ambiguous,
        search,
        Headings.of(rows[best[1]], rows[best[1] + 1 :]) if best else None,
    )


@attrs.frozen(kw_only=True)
class _Search:
    """
    The profiles that a file may follow, and what the caller declared about the file.

    Attributes:
        profiles: The profiles to try.
        mapping: The caller's headings for some fields, by field.
        given: Fields for which the caller gave a value for every row.
        chosen: Whether the caller named the profile or the kind of rows.
        vocabularies: The declared words.
        ignore: The headings of columns that are not read.
    """

    profiles: Sequence[Profile]
    mapping: Mapping[str, str]
    given: frozenset[str]
    chosen: bool
    vocabularies: Vocabularies
    ignore: Sequence[str] = ()

    def layouts(self, headings: Headings) -> list[Layout]:
        """Return the layout of the columns below these headings by each profile that may apply."""
        return [_layout(headings, profile, self) for profile in self.profiles if self._may_apply(headings, profile)]

    def _may_apply(self, headings: Headings, profile: Profile) -> bool:
        if not all(field_of(profile.makes, name) for name in self.mapping):
            return False
        return self.chosen or not (_leaves_people_out(headings, profile) or _lists_trainings(headings, profile))

    def has_known_headings(self, headings: Headings) -> bool:
        """Return whether at least two of the headings are known to the profiles."""
        known = {text for profile in self.profiles for column in profile.columns for text in column.plain_headings}
        return len(known & headings.places.keys()) > 1


def _leaves_people_out(headings: Headings, profile: Profile) -> bool:
    """Return whether a kind of record about nobody in particular would ignore a column of people."""
    return "person" not in FIELDS[profile.makes] and not headings.places.keys().isdisjoint(_usual_for_people())


@lru_cache(maxsize=1)
def _usual_for_people() -> frozenset[str]:
    return frozenset(
        plain_heading(text)
        for profile in usual_profiles()
        for column in profile.columns
        if column.field == "person"
        for text in column.headings
    )


def _lists_trainings(headings: Headings, profile: Profile) -> bool:
    """Return whether a table of trainings would be read as certificates only because it has a column of due dates."""
    if profile.makes != "certification":
        return False
    known = {column.field: column.plain_headings for column in profile.columns}
    trainings = next(usual for usual in usual_profiles() if usual.makes == "training-event")
    learned = {
        text
        for column in trainings.columns
        if column.field in ("hours", "title", "course")
        for text in column.plain_headings
    }
    plain = headings.places.keys()
    names_act = plain & {
        text for name in ("act", "awarded", "renewed", "reinstated", "number", "level") for text in known[name]
    }
    return not names_act and bool(plain & (learned - known["number"]))


def _layout(headings: Headings, profile: Profile, search: _Search) -> Layout:
    columns: dict[int, MappedColumn] = {}
    add_mapped(columns, headings, profile.makes, search.mapping)
    told = (search.given - _FILLED_IN) | search.mapping.keys()
    hidden = {place for text in search.ignore for place in headings.places.get(plain_heading(text), ())}
    add_known(columns, headings, [column for column in profile.columns if column.field not in told], hidden)
    if profile in usual_profiles() and "hours" in FIELDS[profile.makes]:
        add_topics(columns, headings, search.vocabularies)
        if not told & {"title", "course"}:
            add_codes(columns, headings, profile)
    ignored = (place for place, text in enumerate(headings.plain) if text and place not in columns)
    return Layout(
        profile=profile,
        columns=tuple(column for _, column in sorted(columns.items())),
        ignored=tuple(map(headings.shown, ignored)),
        width=len(headings.texts),
        given=search.given,
        chosen=search.chosen,
        rivals=tuple(rivals(columns, headings, profile, hidden)),
    )


def _fitness(layout: Layout) -> tuple[bool, int]:
    return not layout.missing, len(layout.columns)


def _refuse_rivals(layouts: list[Layout], best: Layout) -> None:
    """Refuse to choose between two kinds of record that fit equally well."""
    rivals = [layout.profile.makes for layout in layouts if _fitness(layout) == _fitness(best)]
    if len(rivals) > 1:
        what = (
            f"the headings fit {' and '.join(rivals)} equally well; name the kind of the rows: kind={rivals[0]!r}, "
            f"or --kind {rivals[0]}"
        )
        raise InvalidData("table", (Problem("headings", what),))


def _unfound(layout: Layout, mapping: Mapping[str, str]) -> tuple[Problem, ...]:
    found = {column.field for column in layout.columns}
    return tuple(
        Problem("mapping", f"no column has the heading given for {name!r}") for name in mapping if name not in found
    )


def _failure(
    best: Layout | None, ambiguous: InvalidData | None, search: _Search, headings: Headings | None
) -> InvalidData:
    """Build the error for a file in which no row of headings was found; `best` is the layout that came nearest."""
    if ambiguous is not None and (best is None or best.missing):
        return ambiguous
    if best is None or (len(best.columns) < 2 and not search.mapping):
        problems = _unknown_headings(best, search)
    elif best.missing:
        problems = _missing_columns(best, headings or Headings([], [], {}))
    else:
        problems = iter(_unfound(best, search.mapping))
    return InvalidData("table", tuple(problems))


def _unknown_headings(best: Layout | None, search: _Search) -> Iterator[Problem]:
    if not search.profiles or (best is None and search.mapping):
        yield from _unknown_fields(search)
        return
    unknown = f"none of the first {LOOKED_AT} rows has known headings."
    if len(search.profiles) > 1:
        yield Problem(
            "headings",
            f"{unknown} If the rows are trainings, name the headings of person, completed and hours, and of title, "
            f"topics and course if there are such columns: {how_to_map('person')}. "
            "Otherwise name the kind of the rows: kind='certification', or --kind certification",
        )
        return
    kind = search.profiles[0].makes
    wanted = ", and ".join(" or ".join(group) for group in NEEDED[kind])
    yield Problem(
        "headings",
        f"{unknown} Name the headings of the fields that {with_article(kind)} needs ({wanted}): "
        f"{how_to_map(NEEDED[kind][0][0])}",
    )


def _missing_columns(layout: Layout, headings: Headings) -> Iterator[Problem]:
    for group in layout.missing:
        needed = f"{with_article(layout.profile.makes)} needs a column for {' or '.join(group)}"
        fixed = f"fixed={{{group[0]!r}: VALUE}}, or --fixed {group[0]}=VALUE"
        how = f"name it: {how_to_map(group[0])}; or, if it is the same in every row, state it: {fixed}"
        yield Problem("headings", f"{needed}{_suggestion(layout, group, headings)}; {how}")
    yield Problem("headings", _not_recognized(layout))


def _not_recognized(layout: Layout) -> str:
    """Return how many columns were not recognized, with the headings near known ones: others may be names in data."""
    known = [text for column in layout.profile.columns for text in column.plain_headings]
    words = {word for text in (*known, *map(plain_heading, layout.profile.ignored)) for word in text.split()}

    def is_near(plain: str) -> bool:
        return set(plain.split() or [""]) <= words or bool(
            difflib.get_close_matches(plain[:100], known, n=1, cutoff=0.75)
        )

    compared = _to_compare(layout.ignored)
    near = [heading for plain, heading in compared.items() if is_near(plain)]
    shown = f", among them {', '.join(map(repr, near[:_MOST_IGNORED_SHOWN]))}" if near else ""
    return f"not recognized: {counted(len(layout.ignored), 'column')}{shown}"


def how_to_map(field: str) -> str:
    """
    Return how to name the column of a field, in Python and on the command line.

    >>> how_to_map("person")
    "mapping={'person': HEADING}, or --map person=HEADING"
    """
    return f"mapping={{{field!r}: HEADING}}, or --map {field}=HEADING"


def _unknown_fields(search: _Search) -> Iterator[Problem]:
    kinds: list[str] = [profile.makes for profile in search.profiles] or list(FIELDS)
    known = sorted({name for kind in kinds for name in FIELDS[kind]})
    unknown = [name for name in search.mapping if not any(field_of(kind, name) for kind in kinds)]
    for name in unknown:
        what = f"there is no field {shown_name(name)}{nearest(name, known)}; the fields are {few_of(known)}"
        yield Problem("mapping", what)
    if not unknown:
        yield Problem("mapping", "no kind of record has all of these fields; name the kind of the rows with `kind`")


def _suggestion(layout: Layout, group: tuple[str, ...], headings: Headings) -> str:
    known = [
        plain_heading(text)
        for column in layout.profile.columns
        if column.field in group
        for text in (*column.headings, column.field)
    ]
    reads = [field.reads for name in group if (field := field_of(layout.profile.makes, name)) is not None]
    passed_over = set(map(plain_heading, layout.profile.ignored))
    for plain, heading in _to_compare(layout.ignored).items():
        if plain in passed_over or not any(
            headings.may_hold(place, read) for place in headings.places.get(plain, ()) for read in reads
        ):
            continue
        if difflib.get_close_matches(plain[:100], known, n=1, cutoff=0.6):
            return f" (is it {heading!r}?)"
    return ""


def _to_compare(headings: Iterable[str]) -> dict[str, str]:
    """Return the first headings that differ, by how they are compared; to look for one like another is costly."""
    found: dict[str, str] = {}
    for heading in headings:
        found.setdefault(plain_heading(heading), heading)
        if len(found) >= _MOST_COMPARED:
            break
    return found
