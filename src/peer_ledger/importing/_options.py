"""
Options for reading files.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, Self, TypedDict, Unpack, get_args

import attrs

from peer_ledger._closest import few_of
from peer_ledger.errors import InvalidValue, LedgerMisuse, nearest, shown, shown_name
from peer_ledger.importing._fields import FIELDS
from peer_ledger.importing._profiles import Decimals, Profile
from peer_ledger.importing._profiles import profile as find_profile
from peer_ledger.importing._result_words import plain_word
from peer_ledger.importing._zones import zone_of
from peer_ledger.records import Record
from peer_ledger.values.dates import as_day, today_in
from peer_ledger.values.hours import exact
from peer_ledger.values.vocabularies import Vocabularies, standard_vocabularies

CoursePartsAnswer = Literal["whole", "parts", "both"]
"""What to record of a course and its parts, when a file lists both."""


class ImportFields(TypedDict, total=False):
    """The fields of `ImportOptions`, for functions that take them by name."""

    profile: str | Path | Profile | None
    kind: str | None
    mapping: Mapping[str, str] | None
    fixed: Mapping[str, str] | None
    dates: Sequence[str] | None
    source: str | None
    catalog: Iterable[Record]
    vocabularies: Vocabularies | None
    today: date | str | None
    encoding: str | None
    delimiter: str | None
    decimal: str | None
    sheet: str | None
    headings: bool
    matrix: bool | Sequence[str]
    people: str | Path | None
    accept: Sequence[str]
    reject: Sequence[str]
    pass_mark: Decimal | int | str | None
    ignore: Sequence[str]
    time_zone: str | None
    course_parts: CoursePartsAnswer | None


def _wrong(name: str, expected: str, given: object) -> InvalidValue:
    return InvalidValue(f"{name} must be {expected}, not {shown(given)}")


def _to_day(value: date | str | None) -> date | None:
    try:
        return None if value is None else as_day(value)
    except InvalidValue as error:
        raise InvalidValue(f"today: {error.message}") from None


def _check_text(_: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if value is not None and type(value) is not str:
        raise _wrong(field.name, "a text", value)


def _check_profile(_: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if value is not None and not isinstance(value, str | Path | Profile):
        raise _wrong(field.name, "a Profile, the name of one, or the path of a file of profiles", value)


def _check_vocabularies(_: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if value is not None and not isinstance(value, Vocabularies):
        raise _wrong(field.name, "Vocabularies", value)


def _check_catalog(_: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if type(value) is not tuple:
        raise _wrong(field.name, "records, such as a list of courses", value)
    for record in value:
        if not isinstance(record, Record):
            raise _wrong(field.name, "records, such as a list of courses", record)


def _check_kind(_: Any, __: Any, kind: Any) -> None:
    if kind is not None and (type(kind) is not str or kind not in FIELDS):
        raise InvalidValue(f"kind must be one of {few_of(FIELDS)}, not {shown_name(kind)}{nearest(kind, FIELDS)}")


def _check_texts(_: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if value is None:
        return
    wrong = [text for text in value if type(text) is not str] if type(value) is tuple else [value]
    if wrong:
        raise _wrong(field.name, "a list of texts, such as ['MM/DD/YYYY']", wrong[0])


def _check_mapping(_: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    wrong = [value]
    if isinstance(value, Mapping):
        wrong = [text for pair in value.items() for text in pair if type(text) is not str]
    if wrong:
        raise _wrong(field.name, "a mapping from texts to texts, such as {'person': 'Badge'}", wrong[0])


def _check_decimal(_: Any, field: "attrs.Attribute[Any]", decimal: Any) -> None:
    if decimal not in (None, *get_args(Decimals)):
        raise _wrong(field.name, "'.' or ','", decimal)


def _check_course_parts(_: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if value not in (None, *get_args(CoursePartsAnswer)):
        raise _wrong(field.name, "'whole', 'parts' or 'both'", value)


def _check_flag(_: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if type(value) is not bool:
        raise _wrong(field.name, "True or False", value)


def _check_matrix(_: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if type(value) is bool or (type(value) is tuple and value and all(type(text) is str for text in value)):
        return
    raise _wrong(field.name, "True, False or a list of headings, such as ['Ethics', 'Crisis']", value)


def _check_path(_: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if value is not None and not isinstance(value, str | Path):
        raise _wrong(field.name, "the path of a file", value)


def _to_texts_or_flag(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _to_catalog(records: Any) -> Any:
    return tuple(records) if isinstance(records, Iterable) and not isinstance(records, str) else records


def _to_mapping(value: Mapping[str, str] | None) -> Mapping[str, str]:
    given: Any = {} if value is None else value
    frozen: Mapping[str, str] = MappingProxyType(dict(given)) if isinstance(given, Mapping) else given
    return frozen


def _to_texts(value: Sequence[str] | None) -> Sequence[str] | None:
    return tuple(value) if isinstance(value, list) else value


def _check_words(_: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    wrong = [text for text in value if type(text) is not str] if type(value) is tuple else [value]
    if wrong:
        raise _wrong(field.name, "a list of texts, such as ['Kept']", wrong[0])


def _check_zone(_: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    _check_text(_, field, value)
    if value is not None:
        today_in(value)  # refuses a time zone that does not exist


def _to_mark(value: Any) -> Decimal | None:
    if value is None:
        return None
    try:
        return exact(value.rstrip("% ") if isinstance(value, str) else value)
    except InvalidValue as error:
        raise InvalidValue(f"pass_mark: {error.message}") from None


def _rebuilt(fields: ImportFields) -> "ImportOptions":
    return ImportOptions(**fields)


@attrs.frozen(kw_only=True)
class ImportOptions:
    """
    How to read a file or rows; every option may be left out.

    `import_file`, `import_rows` and `import_files` take the options as one object or by name.

    Attributes:
        profile: The layout of the file: a profile, its name, or the path of a file of profiles; `None` to recognize the
            layout by usual headings.
        kind: The kind of its rows, as `training-event`; `None` to recognize it, too.
        mapping: The headings of fields that neither the profile nor usual headings identify, as `{"person": "Badge"}`.
        fixed: Values that hold for every row and have no column, as `{"credential": "us-nc-cpss"}`.
        dates: The formats of its days, as `["MM/DD/YYYY"]`; `None` for those of the profile.
        source: The name of the series of files; `None` for that of the profile.  Rows of the same series and key are
            the same record.
        catalog: The courses in which codes are looked up; other records are ignored.
        vocabularies: The declared words; `None` for the bundled ones.
        today: The day after which a date is in the future; `None` to accept any date.
        encoding: The encoding, as `windows-1252`; `None` to detect it.
        delimiter: The character between cells; `None` to detect it.
        decimal: The decimal sign of amounts, `.` or `,`; `None` for that of the profile.
        sheet: The sheet of a workbook; `None` for the first visible one.
        headings: Whether there is a row of headings; if not, `mapping` names each column by its letter or number, as
            `{"person": "A", "completed": "3"}`.
        matrix: Whether the table has a row for each person and a column for each course, with days in its cells; or
            the headings of the columns of courses.
        people: The file that gives people ids by their names (`read_people`), made or extended as needed; `mapping`
            names the column of names as `person`.  `None` when a column holds ids.
        accept: Words of columns of results that say that the row took place, besides the known ones; an empty text for
            empty cells.
        reject: Words that say that it did not.
        pass_mark: The least grade that passes; `None` when it is unknown, so that grades are asked about.
        ignore: Headings of columns that are not read, and tell no result.
        time_zone: The time zone, as `America/New_York`, to whose days moments with a time zone belong; `None` for that
            of the row's credential or, where no column gives one, of the fixed credential.
        course_parts: What to record when rows look like a course and its parts and their hours are the same: the
            `whole`, the `parts`, or `both`, if they are different trainings; `None` to ask.

    Raises:
        LedgerMisuse: There is no such option, or an option is not given by name.
        InvalidValue: An option has a value of the wrong type, or one that it cannot have.

    >>> ImportOptions(dates=["MM/DD/YYYY"]).with_(mapping={"person": "Badge"}).mapping["person"]
    'Badge'
    """

    profile: str | Path | Profile | None = attrs.field(default=None, validator=_check_profile)
    kind: str | None = attrs.field(default=None, validator=_check_kind)
    mapping: Mapping[str, str] = attrs.field(default=None, converter=_to_mapping, validator=_check_mapping, hash=False)
    fixed: Mapping[str, str] = attrs.field(default=None, converter=_to_mapping, validator=_check_mapping, hash=False)
    dates: Sequence[str] | None = attrs.field(default=None, converter=_to_texts, validator=_check_texts)
    source: str | None = attrs.field(default=None, validator=_check_text)
    catalog: tuple[Record, ...] = attrs.field(default=(), converter=_to_catalog, validator=_check_catalog, repr=False)
    vocabularies: Vocabularies | None = attrs.field(default=None, validator=_check_vocabularies, repr=False)
    today: date | None = attrs.field(default=None, converter=_to_day)
    encoding: str | None = attrs.field(default=None, validator=_check_text)
    delimiter: str | None = attrs.field(default=None, validator=_check_text)
    decimal: str | None = attrs.field(default=None, validator=_check_decimal)
    sheet: str | None = attrs.field(default=None, validator=_check_text)
    headings: bool = attrs.field(default=True, validator=_check_flag)
    matrix: bool | Sequence[str] = attrs.field(default=False, converter=_to_texts_or_flag, validator=_check_matrix)
    people: str | Path | None = attrs.field(default=None, validator=_check_path)

    accept: Sequence[str] = attrs.field(default=(), converter=_to_texts, validator=_check_words)
    reject: Sequence[str] = attrs.field(default=(), converter=_to_texts, validator=_check_words)
    pass_mark: Decimal | None = attrs.field(default=None, converter=_to_mark)
    ignore: Sequence[str] = attrs.field(default=(), converter=_to_texts, validator=_check_words)
    time_zone: str | None = attrs.field(default=None, validator=_check_zone)
    course_parts: CoursePartsAnswer | None = attrs.field(default=None, validator=_check_course_parts)

    def __attrs_post_init__(self) -> None:
        both = {plain_word(word) for word in self.accept} & {plain_word(word) for word in self.reject}
        if both:
            raise InvalidValue(f"accept and reject must differ; both have {', '.join(map(repr, sorted(both)))}")

    def __new__(cls, *unnamed: Any, **fields: Any) -> Self:
        """Refuse options that do not exist; the fields are set by `__init__`, which would raise a bare `TypeError`."""
        if unnamed:
            raise LedgerMisuse("import options are given by name, as ImportOptions(dates=['MM/DD/YYYY'])")
        known = [field.name for field in attrs.fields(ImportOptions)]
        for name in fields:
            if name not in known:
                raise LedgerMisuse(
                    f"there is no import option {shown_name(name)}{nearest(name, known)}; the options are "
                    f"{few_of(known)}; help(ImportOptions) lists them"
                )
        return super().__new__(cls)

    def __reduce__(self) -> tuple[Any, ...]:
        fields = {field.name: getattr(self, field.name) for field in attrs.fields(ImportOptions)}
        return _rebuilt, ({**fields, "mapping": dict(self.mapping), "fixed": dict(self.fixed)},)

    def with_(self, **changes: Unpack[ImportFields]) -> "ImportOptions":
        """
        Return the options with some of them changed.

        Raises:
            LedgerMisuse: There is no such option; the message lists the options.
            InvalidValue: An option cannot have the value given for it.
        """
        return attrs.evolve(self, **changes)

    @classmethod
    def settled(cls, options: "ImportOptions | None", **changes: Unpack[ImportFields]) -> "ImportOptions":
        """
        Return the options of a call: the object given, or the defaults, with single options changed.

        Raises:
            LedgerMisuse: `options` is not an `ImportOptions`, or there is no such option.
            InvalidValue: An option cannot have the value given for it.
        """
        if options is not None and not isinstance(options, cls):
            raise LedgerMisuse(f"options must be ImportOptions, or options by name, not {shown(options)}")
        return (options or cls()).with_(**changes)

    @property
    def layout(self) -> Profile | None:
        """
        The profile, looked up by its name or path; `None` to recognize the layout by its headings.

        Raises:
            ProfileNotFound: There is no such profile.
        """
        return self.profile if self.profile is None or isinstance(self.profile, Profile) else find_profile(self.profile)

    @property
    def zone(self) -> str | None:
        """The time zone of rows that name no credential: the declared one, or that of the fixed credential."""
        if self.time_zone is not None:
            return self.time_zone
        return zone_of(self.fixed.get("credential"))

    @property
    def words(self) -> Vocabularies:
        """The declared words."""
        return self.vocabularies or standard_vocabularies()
