"""
Hypothesis strategies for records that prefer edges, for the package's tests and for those of its users.

Every strategy draws valid records.  They need the extra `peer-ledger[testing]`.

>>> from hypothesis import given
>>> from peer_ledger.records.interchange import record_from_json, record_to_json
>>> @given(records())
... def test_round_trip(record):
...     assert record_from_json(record_to_json(record)) == record
>>> test_round_trip()
"""

from collections.abc import Callable
from datetime import date
from typing import Any, get_args

from peer_ledger.records import (
    Act,
    Approval,
    Certification,
    Course,
    Coverage,
    CoveredType,
    Designation,
    Document,
    DocumentValue,
    Effect,
    Filing,
    Level,
    MonthDay,
    Origin,
    Quantity,
    Record,
    Retraction,
    Review,
    RuleSetText,
    Ruling,
    SamePerson,
    Step,
    TrainingEvent,
    Verification,
)
from peer_ledger.testing._hypothesis import SearchStrategy, st
from peer_ledger.testing._value_strategies import (
    Built,
    amounts,
    credits,
    days,
    identifiers,
    maybe,
    people,
    texts,
    words,
)

__all__ = [
    "amounts",
    "certifications",
    "courses",
    "coverages",
    "credits",
    "days",
    "designations",
    "documents",
    "filings",
    "identifiers",
    "people",
    "records",
    "retractions",
    "reviews",
    "rulings",
    "same_persons",
    "texts",
    "training_events",
    "verifications",
    "words",
]


def training_events() -> SearchStrategy[TrainingEvent]:
    """Return training events."""
    first_last = st.tuples(days(), days()).map(sorted)
    return first_last.flatmap(
        lambda pair: st.builds(
            TrainingEvent,
            **_common(),
            person=people(),
            completed=st.just(pair[1]),
            started=st.none() | st.just(pair[0]),
            title=maybe(texts()),
            course=maybe(identifiers()),
            provider=maybe(words("providers")),
            delivery=maybe(words("deliveries")),
            role=words("roles"),
            credits=maybe(st.lists(credits(), max_size=3).map(tuple)),
            approvals=maybe(st.frozensets(_approvals(), max_size=2)),
            evidence=maybe(texts()),
        )
    )


def courses() -> SearchStrategy[Course]:
    """Return catalog entries."""
    return st.builds(
        Course,
        **_common(),
        title=texts(),
        codes=maybe(st.frozensets(texts(), max_size=2)),
        provider=maybe(words("providers")),
        delivery=maybe(words("deliveries")),
        credits=maybe(st.lists(credits(), max_size=3).map(tuple)),
        approvals=maybe(st.frozensets(_approvals(), max_size=2)),
    )


def designations() -> SearchStrategy[Designation]:
    """Return designations."""
    return _with_span(
        lambda first, last: st.builds(
            Designation,
            **_common(),
            person=people(),
            name=words("designations"),
            awarded=maybe(st.just(first)),
            by=maybe(words("approvers")),
            credential=maybe(_credentials()),
            last_day=maybe(st.just(last)),
        )
    )


def certifications() -> SearchStrategy[Certification]:
    """Return acts of a board; some grants have only a printed expiry."""
    return _with_span(
        lambda first, last: st.builds(
            lambda act, known, **fields: Certification(
                act=act, **(known if act in ("awarded", "renewed", "reinstated") else {"on": first}), **fields
            ),
            **_common(),
            person=people(),
            credential=_credentials(),
            act=st.sampled_from(get_args(Act)),
            known=st.sampled_from([{"on": first}, {"expires": last}, {"on": first, "expires": last}]),
            level=maybe(st.sampled_from(get_args(Level))),
            filing=maybe(identifiers()),
            number=maybe(texts()),
        )
    )


def verifications() -> SearchStrategy[Verification]:
    """Return verifications: what a board's public page showed."""
    return st.builds(
        Verification,
        **_common(),
        person=people(),
        credential=_credentials(),
        seen=days(),
        status=maybe(words("board-statuses")),
        shown_until=maybe(days()),
        number=maybe(texts()),
    )


def filings() -> SearchStrategy[Filing]:
    """Return filings: sent, received or both."""
    return _with_span(
        lambda first, last: st.builds(
            lambda step, designation, known, **fields: Filing(
                step=step, designation=designation if step == "designation" else None, **known, **fields
            ),
            **_common(),
            person=people(),
            credential=_credentials(),
            step=st.sampled_from(get_args(Step)),
            designation=words("designations"),
            method=maybe(words("filing-methods")),
            known=st.sampled_from([{"sent": first}, {"received": last}, {"sent": first, "received": last}]),
        )
    )


def documents() -> SearchStrategy[Document]:
    """Return documents, with values of every kind or none."""
    birthdays = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: MonthDay(day.month, day.day))
    values: SearchStrategy[DocumentValue] = st.one_of(
        st.booleans(),
        days(),
        birthdays,
        words("topics"),
        st.builds(Quantity, amount=amounts(zero=True), unit=words("units")),
    )
    return st.builds(
        Document,
        **_common(),
        person=people(),
        kind=words("documents"),
        on=days(),
        by=maybe(identifiers()),
        credential=maybe(_credentials()),
        step=maybe(st.sampled_from(get_args(Step))),
        value=maybe(values),
    )


def reviews() -> SearchStrategy[Review]:
    """Return decisions about training events."""
    decided = st.sampled_from(["approved", "rejected"]).map(lambda decision: (decision, None)) | st.lists(
        credits(), max_size=2
    ).map(lambda granted: ("granted", tuple(granted)))
    return decided.flatmap(
        lambda pair: st.builds(
            Review,
            **_common(),
            person=people(),
            event=identifiers(),
            decision=st.just(pair[0]),
            credits=st.just(pair[1]),
            on=days(),
            credential=maybe(_credentials()),
            by=maybe(identifiers()),
            reason=maybe(texts()),
        )
    )


def rulings() -> SearchStrategy[Ruling]:
    """Return a board's decisions about one person."""
    return _with_span(
        lambda first, last: st.builds(
            lambda effect, figure, day, **fields: Ruling(
                effect=effect,
                figure=figure if effect == "sets" else None,
                day=day if effect == "moves" else None,
                **fields,
            ),
            **_common(),
            person=people(),
            credential=_credentials(),
            on=days(),
            requirement=identifiers(),
            effect=st.sampled_from(get_args(Effect)),
            figure=st.builds(Quantity, amount=amounts(zero=True), unit=words("units")),
            day=days(),
            first_day=maybe(st.just(first)),
            last_day=maybe(st.just(last)),
            by=maybe(identifiers()),
            reason=maybe(texts()),
        )
    )


def coverages() -> SearchStrategy[Coverage]:
    """Return statements that all records of a kind are on file."""
    return _with_span(
        lambda first, last: st.builds(
            lambda covers, document_kind, **fields: Coverage(
                covers=covers, document_kind=document_kind if covers == "document" else None, **fields
            ),
            **_common(),
            covers=st.sampled_from(get_args(CoveredType)),
            document_kind=maybe(words("documents")),
            person=maybe(people()),
            credential=maybe(_credentials()),
            first_day=maybe(st.just(first)),
            last_day=maybe(st.just(last)),
        )
    )


def retractions(retracts: SearchStrategy[str] | None = None) -> SearchStrategy[Retraction]:
    """
    Return retractions.

    Args:
        retracts: The ids that they retract; `None` for any ids.
    """
    return st.builds(
        Retraction, **_common(), retracts=retracts or identifiers(), reason=texts(), by=maybe(identifiers())
    )


def same_persons() -> SearchStrategy[SamePerson]:
    """Return statements that two ids are the same person."""
    return st.builds(
        SamePerson, **_common(), people=st.frozensets(people(), min_size=2, max_size=2), by=maybe(identifiers())
    )


def rule_set_texts() -> SearchStrategy[RuleSetText]:
    """Return kept rule sets; their texts are arbitrary, not rule files."""
    return st.builds(
        RuleSetText,
        **_common(),
        ruleset=_credentials(),
        version=texts(),
        digest=st.text("0123456789abcdef", min_size=64, max_size=64),
        text=st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=30),
    )


def records() -> SearchStrategy[Record]:
    """Return records of every type that a user appends, including retractions of any id."""
    return st.one_of(
        training_events(),
        courses(),
        designations(),
        certifications(),
        verifications(),
        filings(),
        documents(),
        reviews(),
        rulings(),
        coverages(),
        retractions(),
        same_persons(),
        rule_set_texts(),
    )


def _common() -> dict[str, SearchStrategy[Any]]:
    cells = st.lists(st.just("") | texts().filter(lambda text: len(text) < 100), min_size=1, max_size=3).map(tuple)
    origins = st.builds(Origin, source=texts(), key=cells, occurrence=st.integers(1, 2**53 - 1))
    return {"id": identifiers(), "origin": maybe(origins), "replaces": maybe(identifiers())}


def _approvals() -> SearchStrategy[Approval]:
    return _with_span(
        lambda first, last: st.builds(
            Approval,
            by=words("approvers"),
            number=maybe(texts()),
            first_day=maybe(st.just(first)),
            last_day=maybe(st.just(last)),
        )
    )


def _credentials() -> SearchStrategy[str]:
    return st.sampled_from(["us-nc-cpss", "us-ga-cps-mh", "us-wa-cpss"])


def _with_span(build: Callable[[date, date], SearchStrategy[Built]]) -> SearchStrategy[Built]:
    return st.tuples(days(), days()).map(sorted).flatmap(lambda pair: build(pair[0], pair[1]))
