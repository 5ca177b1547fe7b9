"""
How files are to be read.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypedDict, Unpack, get_args

import attrs

from peer_ledger.errors import InvalidValue, LedgerMisuse, nearest, shown, shown_name
from peer_ledger.importing._fields import FIELDS
from peer_ledger.importing._profiles import Decimals, Profile
from peer_ledger.importing._profiles import profile as find_profile
from peer_ledger.records import Record
from peer_ledger.values.dates import as_day
from peer_ledger.values.vocabularies import Vocabularies, standard_vocabularies


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


def _to_day(value: date | str | None) -> date | None:
    return None if value is None else as_day(value)


def _check_kind(_: Any, __: Any, kind: Any) -> None:
    if kind is not None and (type(kind) is not str or kind not in FIELDS):
        raise InvalidValue(f"there is no kind {shown(kind)} of rows; there are {', '.join(FIELDS)}")


def _check_texts(_: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if value is not None and (type(value) is not tuple or not all(type(text) is str for text in value)):
        raise InvalidValue(f"{field.name} must be a list of texts, as ['MM/DD/YYYY'], not {shown(value)}")


def _check_mapping(_: Any, field: "attrs.Attribute[Any]", value: Any) -> None:
    if not isinstance(value, Mapping) or not all(type(text) is str for pair in value.items() for text in pair):
        raise InvalidValue(f"{field.name} must map texts to texts, as {{'person': 'Badge'}}, not {shown(value)}")


def _check_decimal(_: Any, __: Any, decimal: Any) -> None:
    if decimal not in (None, *get_args(Decimals)):
        raise InvalidValue(f"the decimal sign is '.' or ',', not {shown(decimal)}")


def _to_catalog(records: Iterable[Record]) -> tuple[Record, ...]:
    return tuple(records)


def _to_mapping(value: Mapping[str, str] | None) -> Mapping[str, str]:
    given: Any = {} if value is None else value
    frozen: Mapping[str, str] = MappingProxyType(dict(given)) if isinstance(given, Mapping) else given
    return frozen


def _to_texts(value: Sequence[str] | None) -> Sequence[str] | None:
    return tuple(value) if isinstance(value, list) else value


def _rebuilt(fields: ImportFields) -> "ImportOptions":
    return ImportOptions(**fields)


@attrs.frozen(kw_only=True)
class ImportOptions:
    """
    How a file, or rows, are to be read; every field may be left out.

    `import_file`, `import_rows` and `import_files` take these options as one object, or each by its name.

    Attributes:
        profile: How the file is laid out: a profile, its name, or the path of a file of profiles; `None` to find out
            from common headings.
        kind: What its rows are, as `training-event`; `None` to find that out, too.
        mapping: Headings that stand for fields, as `{"person": "Badge"}`, where neither profile nor usage tells.
        fixed: What every row says although no column does, as `{"credential": "us-nc-cpss"}`.
        dates: How its days are written, as `["MM/DD/YYYY"]`; `None` for what the profile says.
        source: The name of the series of files; `None` for that of the profile.  Records of one series under one key
            are one record.
        catalog: Courses by which codes are looked up; other records are skipped.
        vocabularies: The declared words; `None` for those that come with the package.
        today: The day after which a date is in the future; `None` to accept any date.
        encoding: As `windows-1252`; `None` to find out.
        delimiter: The sign between cells; `None` to find out.
        decimal: The decimal sign of amounts, `.` or `,`; `None` for what the profile says.
        sheet: The sheet of a workbook; `None` for the first.

    Raises:
        InvalidValue: A field holds what it cannot: there is no such kind of rows or decimal sign, `today` is no day, or
            `dates`, `mapping` or `fixed` are of another type.

    >>> ImportOptions(dates=["MM/DD/YYYY"]).with_(mapping={"person": "Badge"}).mapping["person"]
    'Badge'
    """

    profile: str | Path | Profile | None = None
    kind: str | None = attrs.field(default=None, validator=_check_kind)
    mapping: Mapping[str, str] = attrs.field(default=None, converter=_to_mapping, validator=_check_mapping, hash=False)
    fixed: Mapping[str, str] = attrs.field(default=None, converter=_to_mapping, validator=_check_mapping, hash=False)
    dates: Sequence[str] | None = attrs.field(default=None, converter=_to_texts, validator=_check_texts)
    source: str | None = None
    catalog: tuple[Record, ...] = attrs.field(default=(), converter=_to_catalog, repr=False)
    vocabularies: Vocabularies | None = attrs.field(default=None, repr=False)
    today: date | None = attrs.field(default=None, converter=_to_day)
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = attrs.field(default=None, validator=_check_decimal)
    sheet: str | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        fields = {field.name: getattr(self, field.name) for field in attrs.fields(ImportOptions)}
        return _rebuilt, ({**fields, "mapping": dict(self.mapping), "fixed": dict(self.fixed)},)

    def with_(self, **changes: Unpack[ImportFields]) -> "ImportOptions":
        """
        Return the options with some of them changed.

        Raises:
            LedgerMisuse: There is no such option; the message lists those there are.
            InvalidValue: A value is not one the option can have.
        """
        known = [field.name for field in attrs.fields(ImportOptions)]
        for name in changes:
            if name not in known:
                raise LedgerMisuse(
                    f"there is no import option {shown_name(name)}{nearest(name, known)}; there are {', '.join(known)}"
                )
        return attrs.evolve(self, **changes)

    @classmethod
    def settled(cls, options: "ImportOptions | None", **changes: Unpack[ImportFields]) -> "ImportOptions":
        """
        Return the options of a call: those given as an object, or the defaults, with single ones changed.

        Raises:
            LedgerMisuse: What was given is no `ImportOptions`, or there is no such option.
            InvalidValue: A value is not one the option can have.
        """
        if options is not None and not isinstance(options, cls):
            raise LedgerMisuse(f"options must be ImportOptions, or options by name, not {shown(options)}")
        return (options or cls()).with_(**changes)

    @property
    def layout(self) -> Profile | None:
        """
        The profile, looked up by its name or path; `None` to find out from the headings.

        Raises:
            ProfileNotFound: There is no such profile.
        """
        return self.profile if self.profile is None or isinstance(self.profile, Profile) else find_profile(self.profile)

    @property
    def words(self) -> Vocabularies:
        """The declared words."""
        return self.vocabularies or standard_vocabularies()
