"""
The declared words of records: topics, deliveries, roles, units, designations, kinds of documents and others.

A record holds a word's id, such as `trauma-informed-practice`. A vocabulary finds the id for a heading of an export. An
unknown heading is reported with the nearest known word, never dropped. Vocabularies are data (`vocabularies.toml`);
users extend them with words of their own.

>>> vocabularies = standard_vocabularies()
>>> vocabularies["topics"].find("Trauma-Informed Care")
'trauma-informed-practice'
>>> vocabularies["topics"].find("Basket weaving") is None
True
>>> mine = vocabularies.extended("topics", Term(id="basket-weaving", name="Basket weaving"))
>>> mine["topics"].find("basket  WEAVING")
'basket-weaving'
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import ClassVar

import attrs

from peer_ledger._closest import closest
from peer_ledger.errors import InvalidValue, shown, shown_name
from peer_ledger.values._declared import declared
from peer_ledger.values._fields import is_term, to_cells
from peer_ledger.values._quantity import Quantity
from peer_ledger.values.dates import MonthDay

GOES_ON = ("surely", "perhaps")
VALUE_TYPES = {"flag": bool, "month_day": MonthDay, "quantity": Quantity, "word": str}
OPEN_VOCABULARIES = ("providers",)


@attrs.frozen(kw_only=True)
class Term:
    """
    A declared word.

    Attributes:
        id: The word as records spell it.
        name: The word as people read it.
        aliases: Headings under which exports list it; case, punctuation and spacing do not matter.
        value: For a kind of document, the type of its value: `flag`, `day`, `month_day`, `quantity` or `word`; `None`
            when it has none.
        goes_on: For a kind of document that states a time, whether that goes on after its day: `surely`, as an age
            does, or `perhaps`, as time in recovery does; `None` for one of which more has to be shown anew.

    Raises:
        InvalidValue: The id is not lower-case letters, digits and single hyphens, the name is not a text, the aliases
            are not a list of texts, or what goes on is no time.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = attrs.field(default=(), converter=to_cells)
    value: str | None = None
    goes_on: str | None = None

    def __attrs_post_init__(self) -> None:
        if not is_term(self.id):
            raise InvalidValue(
                f"a word's id is lower-case letters, digits and single hyphens, not {shown_name(self.id)}"
            )
        if type(self.name) is not str or not self.name.strip():
            raise InvalidValue(f"the name of {self.id!r} must be a text, not {shown(self.name)}")
        if type(self.aliases) is not tuple or not all(type(alias) is str for alias in self.aliases):
            raise InvalidValue(f"the aliases of {self.id!r} must be a list of texts, not {shown(self.aliases)}")
        if self.value is not None and self.value not in (*VALUE_TYPES, "day"):
            raise InvalidValue(f"the value of {self.id!r} must be one of flag, day, month_day, quantity, word")
        if self.goes_on is not None and self.goes_on not in GOES_ON:
            raise InvalidValue(f"goes_on of {self.id!r} must be one of {', '.join(GOES_ON)}")
        if self.goes_on is not None and self.value not in ("day", "quantity"):
            raise InvalidValue(f"{self.id!r} cannot go on; only a day or a quantity can")


def _to_terms(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(terms)


@attrs.frozen
class Vocabulary:
    """
    The words that a field may hold.

    Attributes:
        name: The vocabulary's name, such as `topics`.
        terms: The words, in order.

    Raises:
        InvalidValue: Two words have the same id, or a heading stands for two words.
    """

    name: str
    terms: tuple[Term, ...] = attrs.field(converter=_to_terms)
    _found: dict[str, str] = attrs.field(init=False, repr=False, eq=False)

    @_found.default
    def _index(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for term in self.terms:
            for heading in (term.id, term.name, *term.aliases):
                if found.setdefault(_folded(heading), term.id) != term.id:
                    raise InvalidValue(
                        f"{self.name}: {heading!r} means both {found[_folded(heading)]!r} and {term.id!r}"
                    )
        if len({term.id for term in self.terms}) != len(self.terms):
            raise InvalidValue(f"{self.name}: two words have the same id")
        return found

    def __contains__(self, word: object) -> bool:
        return any(term.id == word for term in self.terms)

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)

    def __len__(self) -> int:
        return len(self.terms)

    def find(self, heading: str) -> str | None:
        """Return the id of the word that a heading stands for; `None` when it stands for none."""
        return self._found.get(_folded(heading))

    def nearest(self, heading: str) -> str | None:
        """Return the id of the word that a heading resembles, for a person to confirm; `None` when there is none."""
        near = closest(_folded(heading), self._found, likeness=0.75)
        return None if near is None else self._found[near]

    def term(self, word: str) -> Term | None:
        """Return the word with this id; `None` when there is none."""
        return next((term for term in self.terms if term.id == word), None)


@attrs.frozen
class Vocabularies:
    """
    All vocabularies together, by name.

    `providers` are empty, and are not checked, until a user declares words for them.
    """

    NAMES: ClassVar[tuple[str, ...]] = (
        "topics", "deliveries", "roles", "units", "designations", "filing-methods", "board-statuses", "documents",
        "approvers", *OPEN_VOCABULARIES,
    )  # fmt: skip

    _by_name: tuple[Vocabulary, ...]

    def __getitem__(self, name: str) -> Vocabulary:
        """
        Return the vocabulary with this name.

        Raises:
            InvalidValue: There is no such vocabulary.
        """
        for vocabulary in self._by_name:
            if vocabulary.name == name:
                return vocabulary
        raise InvalidValue(f"there is no vocabulary {shown_name(name)}; use one of {', '.join(self.NAMES)}")

    def extended(self, name: str, *terms: Term) -> "Vocabularies":
        """
        Return new vocabularies with words added to one of them.

        Raises:
            InvalidValue: There is no such vocabulary, or it already has one of the words.
        """
        longer = Vocabulary(name, (*self[name].terms, *terms))
        return Vocabularies(tuple(longer if vocabulary.name == name else vocabulary for vocabulary in self._by_name))


GROUP = "peer_ledger.vocabularies"
"""The entry-point group of other distributions' words: the terms by vocabulary, or a function that returns them."""


def standard_vocabularies() -> Vocabularies:
    """
    Return the vocabularies that come with the package, with the words that other distributions bring.

    A distribution announces its words under the entry-point group `peer_ledger.vocabularies`, as a mapping of the name
    of a vocabulary to the terms that it adds.
    """
    return _with_announced()[0]


def unusable_words() -> tuple[str, ...]:
    """
    Return why the words of other distributions are not used, a sentence for each whose words are not.
    """
    return _with_announced()[1]


@lru_cache(maxsize=1)
def _with_announced() -> tuple[Vocabularies, tuple[str, ...]]:
    from peer_ledger.values import _announced  # noqa: PLC0415 - what is installed is looked at when words are asked for

    data = declared()
    made = Vocabularies(
        tuple(Vocabulary(name, tuple(Term(**term) for term in data.get(name, ()))) for name in Vocabularies.NAMES)
    )
    unusable = []
    for point in _announced.announced(GROUP):
        try:
            made = _announced.trusting_nothing(lambda point=point, made=made: _extended(made, point.load()))  # type: ignore[misc]
        except _announced.Failed as failed:
            unusable.append(f"the words of {_announced.distribution_of(point)} are not used: {failed}")
    return made, tuple(unusable)


def _extended(made: Vocabularies, loaded: object) -> Vocabularies:
    words = loaded() if callable(loaded) else loaded
    if not isinstance(words, Mapping):
        raise InvalidValue("they must be a mapping of the names of vocabularies to terms")
    for name, terms in words.items():
        made = made.extended(name, *terms)
    return made


def _folded(heading: str) -> str:
    return re.sub(r"[\W_]+", " ", heading.casefold().replace("&", " and ").replace("+", " plus ")).strip()
