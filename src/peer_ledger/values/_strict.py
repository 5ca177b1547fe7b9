"""
A strict loader: it builds frozen objects from plain values, guesses nothing, and lists everything that is wrong.
"""

from collections.abc import Callable, Mapping
from itertools import islice
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs

from peer_ledger._closest import few_of
from peer_ledger.errors import MOST_PROBLEMS, InvalidRecord, InvalidValue, Problem, nearest, shown, shown_name
from peer_ledger.values._checks import field_problems
from peer_ledger.values._fields import TERM

Leaf = Callable[[Any], Any]


class Refused:
    """
    The type of `REFUSED`, which takes the place of a value that could not be built, also inside an object or a tuple.
    """


REFUSED = Refused()


def exactly(wanted: type, words: str) -> Leaf:
    """
    Return a leaf that accepts values of exactly one type.

    Args:
        wanted: The type; its subclasses are refused, as a flag is where a number is wanted.
        words: What must be given, for the message: `a text`.
    """

    def read(value: Any) -> Any:
        if type(value) is not wanted:
            raise InvalidValue(f"must be {words}, not {shown(value)}")
        return value

    return read


def is_built(value: object) -> bool:
    """Return whether a value, or at least a part of it, could be built."""
    return value is not REFUSED


@attrs.frozen
class Strict:
    """
    The rules by which plain values become objects.

    Attributes:
        leaves: For each type that is not an attrs class, the function that builds a value or raises `InvalidValue`.
        keyed: The unions that are written as an object with a single key, which names the type: the types by key.
        varying: The class of values that depend on a question, written `{ by = ID, values = { READING = ... } }`;
            `None` when there are none.
        show: How a message shows a word that is not allowed.
        longest: The most items that a list of objects may have; `None` for any number.
    """

    leaves: Mapping[Any, Leaf]
    keyed: Mapping[Any, Mapping[str, Any]] = attrs.field(factory=dict)
    varying: Any = None
    show: Callable[[object], str] = shown_name
    longest: int | None = None

    def build(self, wanted: Any, data: Any, problems: list[Problem]) -> Any:
        """
        Build a value of the wanted type, and note everything that is wrong.

        Args:
            wanted: An attrs class, one of the leaves, or an optional, literal, tuple, set, mapping or union of those.
            data: The plain value.
            problems: The list to which problems are added, with paths that begin at this value.

        Returns:
            The value. When something is wrong, as much of it as could be built, with `REFUSED` in place of the rest, so
            that the whole can still be checked and everything is reported at once.
        """
        if wanted in self.leaves:
            return self._leaf(self.leaves[wanted], data, problems)
        if wanted in self.keyed:
            return self._keyed(self.keyed[wanted], data, problems)
        if get_origin(wanted) in (Union, UnionType):
            return self._union(wanted, data, problems)
        if get_origin(wanted) is Literal:
            return self._leaf(lambda value: self._choice(get_args(wanted), value), data, problems)
        if get_origin(wanted) in (tuple, frozenset):
            return self._several(get_origin(wanted), get_args(wanted)[0], data, problems)
        if get_origin(wanted) in (dict, Mapping):
            return self._mapping(get_args(wanted)[1], data, problems)
        return self._object(wanted, data, problems)

    def _union(self, wanted: Any, data: Any, problems: list[Problem]) -> Any:
        known = [choice for choice in get_args(wanted) if choice not in (NoneType, self.varying)]
        if data is None and NoneType in get_args(wanted):
            return None
        if (union := next((union for union in self.keyed if {*get_args(union)} == {*known}), None)) is not None:
            return self._keyed(self.keyed[union], data, problems)
        if self.varying in get_args(wanted) and type(data) is dict and "by" in data:
            return self._by_question(_union([*known, self.varying]), data, problems)
        if type(data) is not dict and (leaf := next((choice for choice in known if choice in self.leaves), None)):
            return self.build(leaf, data, problems)
        classes = [choice for choice in known if choice not in self.leaves] or known
        tagged = [choice for choice in classes if isinstance(getattr(choice, "kind", None), str)]
        is_tagged = bool(tagged) and type(data) is dict and "kind" in data
        if not is_tagged and (len(known) == 1 or len(tagged) < len(classes)):
            return self.build(known[0], data, problems)  # a single class, or one without a kind, need not be named
        return self._tagged(tagged, data, problems)

    def _mapping(self, item: Any, data: Any, problems: list[Problem]) -> Any:
        if type(data) is not dict:
            problems.append(Problem("", f"must be a table, not {shown(data)}"))
            return REFUSED
        before = len(problems)
        values: dict[str, Any] = {}
        for name, part in data.items():
            if len(problems) - before >= MOST_PROBLEMS:
                problems.insert(before, Problem("", f"has {len(data)} entries; {len(values)} were looked at"))
                return REFUSED
            values[name] = self._part(shown_name(name).strip("'"), item, part, problems)
        return values

    def _leaf(self, leaf: Leaf, data: Any, problems: list[Problem]) -> Any:
        try:
            return leaf(data)
        except InvalidValue as error:
            problems.append(Problem("", error.message))
            return REFUSED

    def _several(self, make: Any, item: Any, data: Any, problems: list[Problem]) -> Any:
        if type(data) is not list:
            problems.append(Problem("", f"must be a list, not {shown(data)}"))
            return REFUSED
        if self.longest is not None and len(data) > self.longest and attrs.has(item):
            problems.append(Problem("", f"must be a list of at most {self.longest} items, not of {len(data)}"))
            return REFUSED
        before = len(problems)
        values: list[Any] = []
        for position, part in enumerate(data):
            if len(problems) - before >= MOST_PROBLEMS:
                unread = f"has {len(data)} items; those from [{position}] on were not looked at"
                problems.insert(before, Problem("", unread))
                return REFUSED
            values.append(self._part(f"[{position}]", item, part, problems))
        if item in self.leaves and any(value is REFUSED for value in values):
            return REFUSED
        if make is frozenset and len(frozenset(values)) != len(values):
            problems.append(Problem("", "must be a list without repeated values"))
            return REFUSED
        return make(values)

    def _keyed(self, types: Mapping[str, Any], data: Any, problems: list[Problem]) -> Any:
        if type(data) is not dict or len(data) != 1 or not data.keys() <= types.keys():
            problems.append(
                Problem("", f"must be an object with exactly one of the keys {', '.join(types)}, not {shown(data)}")
            )
            return REFUSED
        ((key, inner),) = data.items()
        return self._part(key, types[key], inner, problems)

    def _choice(self, choices: tuple[str, ...], value: Any) -> str:
        if type(value) is not str or value not in choices:
            found = f"{self.show(value)}{nearest(value, choices)}"
            raise InvalidValue(f"must be one of {few_of(choices)}, not {found}")
        return value

    def _tagged(self, classes: list[Any], data: Any, problems: list[Problem]) -> Any:
        kinds = {cls.kind: cls for cls in classes}
        if type(data) is not dict:
            problems.append(Problem("", f"must be an object, not {shown(data)}"))
            return REFUSED
        if "kind" not in data:
            problems.append(Problem("kind", f"is missing; it is one of {', '.join(kinds)}"))
            return REFUSED
        kind = data["kind"]
        if type(kind) is not str or kind not in kinds:
            found = f"{shown_name(kind)}{nearest(kind, kinds)}"
            problems.append(Problem("kind", f"must be one of {few_of(kinds)}, not {found}"))
            return REFUSED
        return self._object(kinds[kind], {key: value for key, value in data.items() if key != "kind"}, problems)

    def _by_question(self, wanted: Any, data: Any, problems: list[Problem]) -> Any:
        if data.keys() != {"by", "values"} or type(data["by"]) is not str or type(data["values"]) is not dict:
            problems.append(
                Problem("", "a value that depends on a question is written { by = ID, values = { READING = ... } }")
            )
            return REFUSED
        count = len(problems)
        problems += [Problem(name, message) for name, message in (("by", TERM.problem(data["by"])),) if message]
        wrong = (message for name in data["values"] if (message := TERM.problem(name)))
        problems += [Problem("values", f"the id of a reading {message}") for message in islice(wrong, MOST_PROBLEMS)]
        if len(problems) > count:
            return REFUSED
        values = [(name, self._part(f"values.{name}", wanted, part, problems)) for name, part in data["values"].items()]
        try:
            return self.varying(by=data["by"], values=values)
        except InvalidValue as error:
            problems.append(Problem("", error.message))
            return REFUSED

    def _part(self, name: str, wanted: Any, data: Any, problems: list[Problem]) -> Any:
        inner: list[Problem] = []
        value = self.build(wanted, data, inner)
        problems += [problem.below(name) for problem in inner]
        return value

    def _object(self, cls: Any, data: Any, problems: list[Problem]) -> Any:
        if type(data) is not dict:
            problems.append(Problem("", f"must be an object, not {shown(data)}"))
            return REFUSED
        fields = {field.alias: field for field in attrs.fields(cls)}
        count = len(problems)
        unknown = [key for key in data if key not in fields]
        if len(unknown) > MOST_PROBLEMS:
            problems.append(Problem("", f"has {len(unknown)} unknown keys; the first ones are listed"))
        problems += [
            Problem(shown_name(key).strip("'"), f"unknown key{nearest(key, fields)}") for key in unknown[:MOST_PROBLEMS]
        ]
        values, sound = self._fields(fields, data, problems, is_default_known=not unknown)
        for problem in field_problems(cls, sound):
            problems.append(problem)
            values[problem.path.partition(".")[0]] = REFUSED
        if len(problems) == count:
            try:
                return cls(**{name: values[field.name] for name, field in fields.items() if field.name in values})
            except InvalidRecord as error:
                problems += error.problems
            except InvalidValue as error:
                problems.append(Problem("", error.message))
        return _partly_built(cls, values)

    def _fields(
        self, fields: Mapping[str, Any], data: Mapping[str, Any], problems: list[Problem], *, is_default_known: bool
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the values of fields, and again only those that were built without a problem."""
        values: dict[str, Any] = {}
        sound: dict[str, Any] = {}
        for name, field in fields.items():
            count = len(problems)
            if name in data:
                values[field.name] = self._part(name, field.type, data[name], problems)
                if len(problems) == count:
                    sound[field.name] = values[field.name]
            elif field.default is attrs.NOTHING:
                problems.append(Problem(name, "is missing"))
                values[field.name] = REFUSED
            elif not is_default_known:  # this field may be what an unknown key was meant to be
                values[field.name] = REFUSED
        return values, sound


def _partly_built(cls: Any, values: Mapping[str, Any]) -> Any:
    """Build an object without running its checks; fields without a value have their default."""
    partly_built = cls.__new__(cls)
    for field in attrs.fields(cls):
        object.__setattr__(partly_built, field.name, values.get(field.name, field.default))
    return partly_built


def _union(classes: list[Any]) -> Any:
    return classes[0] if len(classes) == 1 else Union[tuple(classes)]  # noqa: UP007 - built from a list
