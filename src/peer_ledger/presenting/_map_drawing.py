"""
The SVG drawing of the states as tiles.
"""

from collections.abc import Iterable, Iterator, Mapping
from html import escape

from peer_ledger.presenting._drawing import LOOKS, drawing, legend
from peer_ledger.rules import Grade, RuleSet

_ROWS = """\
AK .. .. .. .. .. .. .. .. .. .. ME
.. .. .. .. .. .. .. .. .. .. VT NH
.. WA ID MT ND MN IL WI MI NY RI MA
.. OR NV WY SD IA IN OH PA NJ CT ..
.. CA UT CO NE MO KY WV VA MD DE ..
.. .. AZ NM KS AR TN NC SC DC .. ..
.. .. .. .. OK LA MS AL GA .. .. ..
HI .. .. .. TX .. .. .. .. FL .. PR"""
"""Where the tiles are: each state near its neighbors."""

_PLACES = {
    state: (row, column)
    for row, line in enumerate(_ROWS.splitlines())
    for column, state in enumerate(line.split())
    if state != ".."
}
_STEP, _SIDE, _BAND, _LEFT, _TOP = 62, 56, 16, 60, 8
_MARK = 8
_GRADES: Mapping[Grade, tuple[str, str]] = {
    "complete": ("met", "complete: cycle, hours and papers of renewal"),
    "partial": ("short", "partial: the rest is open"),
    "named": ("undetermined", "named: whom to ask"),
}
"""The look of each grade, best first, and its words."""


def drawn_map(title: str, by_state: Mapping[str, Iterable[RuleSet]]) -> str:
    """
    Draw the states, each in the look of the best grade among its credentials, with a mark for every credential.

    Args:
        title: The title.
        by_state: The rule sets by state, as `NC`; those of other places are left out.
    """
    drawn = [line for state, place in _PLACES.items() for line in _tile(state, place, list(by_state.get(state, ())))]
    bottom = _TOP + _STEP * len(_ROWS.splitlines())
    drawn += legend((_GRADES[grade] for grade in _GRADES), bottom + 12)
    drawn += _marks_legend(bottom + 46)
    return drawing(title, bottom + 62, drawn)


def _tile(state: str, place: tuple[int, int], rules: list[RuleSet]) -> Iterator[str]:
    left, top = _LEFT + place[1] * _STEP, _TOP + place[0] * _STEP
    grades = [grade for grade in _GRADES for one in rules if one.grade == grade]
    said = ", ".join(f"{grades.count(grade)} {grade}" for grade in _GRADES if grade in grades)
    told = "\n".join([f"{state}: {said or 'no credential'}", *(f"{one.name}: {one.grade}" for one in rules)])
    fill = LOOKS[_GRADES[grades[0]][0]] if grades else "none"
    yield f"<g><title>{escape(told)}</title>"
    yield (
        f'<rect x="{left}" y="{top}" width="{_SIDE}" height="{_SIDE}" rx="3" fill="none" stroke="currentColor" '
        f'stroke-opacity=".5"/><rect x="{left + 1}" y="{top + 1}" width="{_SIDE - 2}" height="{_BAND}" rx="2" '
        f'fill="{fill}"/>'
    )
    middle = left + _SIDE / 2
    yield f'<text x="{middle:.0f}" y="{top + 33}" text-anchor="middle" font-weight="600">{state}</text>'
    begins = middle - _MARK * (len(grades) - 1) / 2
    yield from (_mark(grade, begins + _MARK * number, top + 45) for number, grade in enumerate(grades))
    yield "</g>"


def _mark(grade: Grade, across: float, middle: int) -> str:
    """Draw a full, a half or an empty circle."""
    ring = f'<circle cx="{across:g}" cy="{middle}" r="3" fill="none" stroke="currentColor"/>'
    if grade == "complete":
        return ring.replace('"none"', '"currentColor"', 1)
    half = f'<path d="M{across:g} {middle - 3}a3 3 0 0 0 0 6z" fill="currentColor"/>'
    return ring + half if grade == "partial" else ring


def _marks_legend(middle: int) -> Iterator[str]:
    left = 110
    for grade in _GRADES:
        words = f"one credential, {grade}"
        yield f'{_mark(grade, left + 11, middle)}<text x="{left + 28}" y="{middle + 4}">{words}</text>'
        left += 48 + round(6.5 * len(words))
