"""
The kinds of remarks: what a report may say beside its figures.
"""

from typing import Literal, get_args

LineReason = Literal[
    "after-day-asked",
    "rejected-in-review",
    "not-granted",
    "before-first-day",
    "after-last-day",
    "days-not-known",
    "after-filing",
    "not-of-kind",
    "not-of-kind-here",
    "kind-not-recorded",
    "kind-not-recorded-here",
    "approver-not-known",
    "amount-not-recorded",
    "unit-without-worth",
    "same-course",
    "same-title",
    "recorded-twice",
    "recorded-otherwise",
    "course-counted-before",
    "likely-counted-before",
    "same-months",
    "counted-elsewhere",
    "left-to-period-before",
    "over-cap",
    "not-needed",
    "not-needed-here",
    "cannot-replace",
    "document-before",
    "document-after",
    "for-other-step",
    "perhaps-for-other-step",
    "perhaps-paid-for-other",
    "value-not-stated",
    "value-stated-earlier",
    "value-too-small",
    "value-too-large",
    "amount-not-stated",
    "same-writer",
    "writer-not-recorded",
    "not-of-what-counts",
    "own-words",
    "own-words-not-recorded",
]
"""Why a training or a document, or some of it, did not count."""

FindingReason = Literal[
    "perhaps-not-recorded",
    "writers-not-recorded",
    "perhaps-given-for-other-step",
    "perhaps-paid-for-other-certificate",
    "values-not-stated",
    "values-stated-earlier",
    "details-not-recorded",
    "option-met",
    "no-option-met",
    "waived",
    "asked-first",
    "too-little-together",
    "other-served-first",
    "at-least-short",
    "at-least-by-records",
    "figure-not-stated",
    "figure-decides",
    "ask-for-figure",
    "hours-not-known",
    "too-many-ways",
    "approvers-not-known",
    "kinds-not-recorded",
    "completion-not-on-file",
    "alike-decides",
    "alike-too-many",
    "own-finding",
]
"""What keeps a requirement from being met, or why it was not asked."""

DayReason = Literal[
    "computed",
    "printed",
    "day-before-printed",
    "moved-by-board",
    "timely-filing-ends",
    "late-filing-ends",
    "reinstatement-ends",
    "filing-opens",
    "training-begins",
    "training-ends",
]
"""Where a date comes from."""

CaveatKind = Literal[
    "other-credentials",
    "no-rule-set",
    "not-asked-about",
    "renewed-though-short",
    "assumed-reading",
    "not-all-readings",
    "unknown-approver",
    "unknown-topic",
    "more-unknown-topics",
    "several-acts",
    "early-renewal",
    "early-expiry",
    "ruling-unknown-requirement",
    "ruling-other-unit",
    "other-rules-assumed",
    "no-other-rules",
    "level-not-used",
    "designation-not-used",
    "begin-assumed",
    "renewal-missing",
    "length-not-known",
    "end-not-known",
    "due-computed",
    "filed-after-close",
    "earlier-filing-lacks",
    "filed-too-early",
    "filed-late",
    "filing-lacks",
    "note",
    "rules-incomplete",
    "rules-seen",
    "looks-recorded-twice",
    "may-be-same-course",
    "counted-before",
]
"""What a reader should know beside the findings."""

RemarkKind = Literal[LineReason, FindingReason, DayReason, CaveatKind]
"""Everything that a remark may say."""

REMARK_KINDS: tuple[RemarkKind, ...] = get_args(RemarkKind)
"""All kinds, those of lines first."""
