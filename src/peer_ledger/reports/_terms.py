"""
The words in which an answer is given.
"""

from typing import Literal, TypedDict, get_args

Standing = Literal[
    "not certified", "current", "filing closed", "pending", "late", "lapsed", "inactive", "suspended", "revoked",
    "surrendered", "undetermined",
]  # fmt: skip
"""Where a certification is in its life."""

Step = Literal["initial", "renewal", "reinstatement"]
"""What can be applied for next."""

Outcome = Literal["met", "short", "undetermined", "not applicable"]
"""Whether the requirements of the step are all met with what is on file."""

InForce = Literal["yes", "no", "undetermined"]
"""Whether the person may practice on the day."""

Status = Literal[
    "revoked", "suspended", "surrendered", "inactive", "undetermined", "lapsed", "late", "pending",
    "filing closed", "not certified", "ready to apply", "compliant", "due soon", "in progress",
]  # fmt: skip
"""The headline of an answer."""

Component = Literal["standing", "in_force", "outcome", "hours", "documents", "status"]
"""A component of an answer, apart from its dates."""

DateName = Literal[
    "due", "expiry", "timely_until", "late_until", "reinstate_until", "opens", "earning_begins", "earning_ends"
]
"""A date of an answer."""

UNLIMITED = "unlimited"
"""What stands for a date in an alternative answer where no day limits something, or none is known."""

STATUSES: tuple[Status, ...] = get_args(Status)
"""The headlines that an answer may have."""

COMPONENTS: tuple[Component, ...] = get_args(Component)
"""The components of an answer, apart from its dates."""

DATE_NAMES: tuple[DateName, ...] = get_args(DateName)
"""The dates that an answer may have."""


class Components(TypedDict):
    """
    The components of one answer, by name.
    """

    standing: Standing
    in_force: InForce
    outcome: Outcome
    hours: Outcome
    documents: Outcome
    status: Status
