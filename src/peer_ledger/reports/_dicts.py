"""
The plain form of a report, as types.

Days are ISO texts, amounts are exact texts such as `1.5` or `1/3`.  A web framework can derive a
schema from `ReportDict`.
"""

import sys
from typing import Literal

from peer_ledger.reports._findings import Result
from peer_ledger.reports._remark_kinds import RemarkKind
from peer_ledger.reports._terms import InForce, Outcome, Standing, Status, Step
from peer_ledger.rules import Grade, Subject

if sys.version_info >= (3, 12):
    from typing import TypedDict
else:  # pydantic rejects `typing.TypedDict` before Python 3.12; cattrs depends on typing_extensions
    from typing_extensions import TypedDict


class RemarkDict(TypedDict):
    """The plain form of a `Remark`: its sentence, and what that is made from."""

    kind: RemarkKind
    says: str
    values: dict[str, str | int | bool | list[str | int]]


class DayDict(TypedDict):
    """The plain form of a `Day`."""

    day: str | None
    candidates: list[str]
    why: RemarkDict


class DatesDict(TypedDict, total=False):
    """The plain form of `Dates`; a missing date has no key."""

    due: DayDict
    expiry: DayDict
    timely_until: DayDict
    late_until: DayDict
    reinstate_until: DayDict
    opens: DayDict
    earning_begins: DayDict
    earning_ends: DayDict


class AdditionDict(TypedDict):
    """The plain form of an `Addition`."""

    serves: list[str]
    amount: str


class LineDict(TypedDict):
    """The plain form of a `Line`."""

    record: str
    day: str
    recorded: str | None
    counted: str
    why_not: RemarkDict | None


class SourceDict(TypedDict):
    """The plain form of a `Source`."""

    id: str
    title: str
    address: str
    kind: Literal["board", "code", "agency", "directory", "other"]
    seen: str
    dated: str | None


class FindingDict(TypedDict):
    """The plain form of a `Finding`, without its proof."""

    requirement: str
    part_of: str | None
    designation: str | None
    says: str
    called: str | None
    subject: Subject
    result: Result
    document_kind: str | None
    unit: str
    need: str | None
    recorded: str
    eligible: str
    counted: str
    short: str
    curable: bool | None
    additions: list[AdditionDict]
    because: list[RemarkDict]
    lines: list[LineDict]
    cites: list[SourceDict]


class DesignationDict(TypedDict):
    """The plain form of a `DesignationOutcome`."""

    designation: str
    outcome: Outcome


class ReadingDict(TypedDict):
    """The plain form of a `Reading`."""

    id: str
    says: str
    cites: list[str]


class ReadingIsDict(TypedDict):
    """The plain form of a `ReadingIs`."""

    question: str
    reading: str


class QuestionDict(TypedDict):
    """The plain form of a `Question`."""

    id: str
    asks: str
    readings: list[ReadingDict]
    assumed: str
    weight: Literal["blocking", "caveat"]
    about: Literal["rules", "facts"]
    under: ReadingIsDict | None
    first_day: str | None
    last_day: str | None


class AlternativeDict(TypedDict):
    """The plain form of an `Alternative`; `answer` and `gives` hold pairs of a name and a value."""

    reading: ReadingDict
    answer: list[list[str]]
    gives: list[list[str]]
    hours_short: str | None


class OpenQuestionDict(TypedDict):
    """The plain form of an `OpenQuestion`."""

    question: QuestionDict
    alternatives: list[AlternativeDict]
    cites: list[SourceDict]


class AheadDict(TypedDict):
    """The plain form of an `Ahead`."""

    edition: str
    begins: str
    says: str
    outcome: Outcome


class ConsultedRulesDict(TypedDict):
    """The plain form of a `ConsultedRules`."""

    ruleset: str
    version: str
    digest: str


class ProvenanceDict(TypedDict):
    """The plain form of a `Provenance`."""

    ruleset: str
    credential: str
    body: str
    ask: str | None
    grade: Grade
    gaps: list[str]
    version: str
    digest: str
    consulted: list[ConsultedRulesDict]
    edition: str | None
    counts_in: str
    entries: int
    known: int
    supposed: list[str]
    without: list[str]


class ReportDict(TypedDict):
    """The plain form of a `Report`, without the report under the assumed readings."""

    format: Literal["peer-ledger report"]
    version: Literal[2]
    person: str
    on: str
    standing: Standing
    step: Step | None
    in_force: InForce
    outcome: Outcome
    hours_outcome: Outcome
    documents_outcome: Outcome
    status: Status
    hours_short: str | None
    dates: DatesDict
    pending_since: str | None
    findings: list[FindingDict]
    designations: list[DesignationDict]
    questions: list[OpenQuestionDict]
    caveats: list[RemarkDict]
    ahead: list[AheadDict]
    provenance: ProvenanceDict
