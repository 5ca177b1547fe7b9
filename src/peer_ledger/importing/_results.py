"""
Columns that tell whether what a row lists took place, and the words in them.

The headings and the words are data (`results.toml`).  A word that is not among them is asked about, never guessed.
"""

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple

import attrs

from peer_ledger.importing._cell_text import clean
from peer_ledger.importing._headings import one_line
from peer_ledger.importing._layout import Layout
from peer_ledger.importing._profile_parts import plain_heading
from peer_ledger.importing._rejected_file import ADDED
from peer_ledger.importing._result import A_FIGURE, Asked
from peer_ledger.importing._result_words import plain_word, result_words
from peer_ledger.importing._text_tables import Row

_NEGATIONS = frozenset({"not", "no", "never", "non", "without", "didn", "didnt", "wasn", "hasn", "cannot"})
_PLAIN_NO = frozenset({"no", "n", "false", "f", "0", "none"})
_YES_OR_NO = re.compile(r"\(\s*(?:y|yes|t|true|pass)\s*/\s*(?:n|no|f|false|fail)\s*\)", re.IGNORECASE)
_PARTS = re.compile(r"[-/,;:()|+&\u2013\u2014]+")
_DOUBTFUL_FIELDS = frozenset({"approvals", "evidence", "role"})
"""Fields whose columns may tell a result instead: 'Approval', 'Certificate on file', 'Participation'."""

_LONGEST_WORD = 40
_MOST_WORDS = 1000

Mode = Literal["told", "grade", "reversed", "doubtful"]
Verdict = Literal["yes", "passing", "no", "empty", "figure", "unknown", "silent"]


class ResultColumn(NamedTuple):
    """
    A column that tells a result.

    Attributes:
        place: Its position, from 0.
        heading: Its heading, on one line.
        mode: How its words are meant: as they are, as grades, reversed, or only when they clearly say no.
    """

    place: int
    heading: str
    mode: Mode


def mode_of(heading: str) -> Mode | None:
    """
    Return how a heading tells a result; `None` when it does not.

    >>> mode_of("Completion Status"), mode_of("Final grade"), mode_of("No-Show?"), mode_of("Verified by")
    ('told', 'grade', 'reversed', None)
    """
    words = result_words()["headings"]
    plain = f" {plain_heading(heading)} "

    def found(kind: str) -> list[str]:
        return [word for word in words[kind] if f" {word} " in plain]

    if found("reversed") and " pass fail " not in plain:
        return None if found("reversed_never") else "reversed"
    told = found("told")
    grades = found("grades")
    rest = plain
    for phrase in filter(lambda word: " " in word, told):
        rest = rest.replace(f" {phrase} ", " ")
    if _YES_OR_NO.search(heading) is None and any(f" {word} " in rest for word in words["never"]):
        return None
    return "grade" if grades else "told" if told or _YES_OR_NO.search(heading) else None


def result_columns(layout: Layout, headings: Row, ignored: Sequence[str] = ()) -> list[ResultColumn]:
    """Return the columns that tell a result: those that fill no field, and doubtful ones that do."""
    read = {column.place: column.field for column in layout.columns}
    known = set(map(plain_heading, (*layout.profile.ignored, *ignored, *ADDED)))
    found = []
    for place, cell in enumerate(headings.cells):
        heading = str(clean(cell))
        mode = mode_of(heading) if heading and plain_heading(heading) not in known else None
        if mode is not None and place in read:
            mode = "doubtful" if read[place] in _DOUBTFUL_FIELDS else None
        if mode is not None:
            found.append(ResultColumn(place, one_line(heading), mode))
    return found


@attrs.define
class Results:
    """
    Whether rows took place, by the columns that tell it.

    Attributes:
        kind: What the rows are.
        columns: The columns.
        accept: Further words that say yes.
        reject: Further words that say no.
        pass_mark: The least figure of a grade that says yes; `None` when it is not known.
    """

    kind: str
    columns: Sequence[ResultColumn]
    accept: Sequence[str] = ()
    reject: Sequence[str] = ()
    pass_mark: Decimal | None = None
    _undone: Counter[tuple[str, str]] = attrs.field(factory=Counter, init=False)
    _asked: Counter[tuple[str, str]] = attrs.field(factory=Counter, init=False)
    _words: dict[str, Verdict] = attrs.field(init=False)
    _seen: dict[tuple[str, object], Verdict] = attrs.field(factory=dict, init=False)
    _said_yes: frozenset[str] = attrs.field(init=False)
    _said_no: frozenset[str] = attrs.field(init=False)

    @_said_yes.default
    def _accepted(self) -> frozenset[str]:
        return frozenset(plain_word(word) or word.strip() for word in self.accept)

    @_said_no.default
    def _rejected(self) -> frozenset[str]:
        return frozenset(plain_word(word) or word.strip() for word in self.reject)

    @_words.default
    def _known(self) -> dict[str, Verdict]:
        lists = result_words()
        found: dict[str, Verdict] = dict.fromkeys(lists["any"]["yes"], "yes")
        found |= dict.fromkeys(lists["any"]["no"], "no")
        found |= dict.fromkeys(lists["passing"]["words"], "passing")
        own = lists.get(self.kind, {"yes": (), "no": ()})
        found |= dict.fromkeys(own["yes"], "yes") | dict.fromkeys(own["no"], "no")
        return found

    def fault(self, cells: Sequence[object]) -> str | None:
        """Return why a row is not recorded, and count it: its result says no, or nobody knows what it says."""
        if not self.columns:
            return None
        verdicts = [(column, self._verdict(column, cells)) for column in self.columns]
        for column, verdict in verdicts:
            if verdict == "no":
                word = _shown(cells, column.place)
                self._count(self._undone, column.heading, word)
                return f"{column.heading!r} is {word!r}, so what the row lists did not take place; it is not recorded"
        said = {verdict for _, verdict in verdicts}
        for column, verdict in verdicts:
            if verdict == "unknown" or (verdict == "figure" and "passing" not in said):
                return self._ask(column, _shown(cells, column.place), verdict)
        empty = next((column for column, verdict in verdicts if verdict == "empty"), None)
        if empty is not None and not said & {"yes", "passing"}:
            return self._ask(empty, "", "empty")
        return None

    def _ask(self, column: ResultColumn, word: str, verdict: Verdict) -> str:
        self._count(self._asked, column.heading, A_FIGURE if verdict == "figure" else word)
        return question(column.heading, word, is_figure=verdict == "figure")

    @staticmethod
    def _count(counter: Counter[tuple[str, str]], heading: str, word: str) -> None:
        if (heading, word) in counter or len(counter) < _MOST_WORDS:
            counter[heading, word] += 1

    def _verdict(self, column: ResultColumn, cells: Sequence[object]) -> Verdict:
        cell = cells[column.place] if column.place < len(cells) else ""
        key = column.mode, cell
        if key not in self._seen:
            if len(self._seen) >= _MOST_WORDS:
                self._seen.clear()
            self._seen[key] = self._judge(column.mode, str(clean(cell)))
        return self._seen[key]

    def _judge(self, mode: Mode, text: str) -> Verdict:
        word = plain_word(text)
        given = word or text
        if given in self._said_no:
            return "no"
        if given in self._said_yes:
            return "yes"
        if mode == "reversed":
            return self._reversed(text, word)
        if mode == "doubtful":
            return "no" if self._word(text, word) == "no" else "silent"
        if not text:
            return "empty"
        return self._figure(mode, word) or self._word(text, word)

    def _reversed(self, text: str, word: str) -> Verdict:
        """Return what a word below a heading such as 'No show' says of the row."""
        if not text:
            return "silent"
        if word in _PLAIN_NO:
            return "yes"
        return "unknown" if self._word(text, word) == "unknown" else "no"

    def _figure(self, mode: Mode, word: str) -> Verdict | None:
        """Return what a figure says; `None` when the word is none, or stands for yes or no."""
        try:
            figure = Decimal(word)
        except InvalidOperation:
            return None
        if mode == "told" and word in ("0", "1"):
            return None
        if self.pass_mark is not None:
            return "passing" if figure >= self.pass_mark else "no"
        return "no" if figure == 0 else "figure"

    def _word(self, text: str, word: str) -> Verdict:
        if word in self._words:
            return self._words[word]
        if _NEGATIONS.intersection(word.split()):
            return "no"
        parts = [self._words.get(plain_word(part), "unknown") for part in _PARTS.split(text) if plain_word(part)]
        if "no" in parts:
            return "no"
        return "yes" if parts and "unknown" not in parts else "unknown"

    def undone_words(self) -> tuple[tuple[str, str, int], ...]:
        """Return the headings and words that say no, each with the number of its rows, the most frequent first."""
        return tuple((heading, word, rows) for (heading, word), rows in self._undone.most_common())

    def asked(self) -> tuple[Asked, ...]:
        """Return what was asked, the most frequent first."""
        return tuple(Asked(column=heading, word=word, rows=rows) for (heading, word), rows in self._asked.most_common())


def question(heading: str, word: str, *, is_figure: bool) -> str:
    """
    Return why a row waits whose result says neither yes nor no.

    >>> question("Grade", "82", is_figure=True)
    "'Grade' is '82', and the passing mark is not known; declare it: pass_mark=70, or --pass-mark 70"
    """
    if is_figure:
        mark = "declare it: pass_mark=70, or --pass-mark 70"
        return f"{heading!r} is {word!r}, and the passing mark is not known; {mark}"
    asked = Asked(column=heading, word=word, rows=1)
    what = repr(word) if word else "empty"
    return f"{heading!r} is {what}, which does not say whether it took place; {asked.answers}"


def _shown(cells: Sequence[object], place: int) -> str:
    text = " ".join(str(clean(cells[place])).split()) if place < len(cells) else ""
    return text if len(text) <= _LONGEST_WORD else f"{text[:_LONGEST_WORD]}..."
