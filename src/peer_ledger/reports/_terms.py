"""
The words in which an answer is given.
"""

from typing import Literal

Standing = Literal[
    "not certified", "current", "late", "lapsed", "inactive", "suspended", "revoked", "surrendered", "undetermined"
]
"""Where a certificate is in its life."""

Outcome = Literal["met", "short", "undetermined", "not applicable"]
"""Whether the requirements of the step are all met with what is on file."""

InForce = Literal["yes", "no", "undetermined"]
"""Whether the person may practice on the day."""


COMPONENTS = ("standing", "in_force", "outcome", "hours", "documents", "status")
"""The components of an answer, apart from its dates."""

STATUSES = (
    "revoked", "suspended", "surrendered", "inactive", "undetermined", "lapsed", "late", "not certified",
    "ready to apply", "compliant", "due soon", "in progress",
)  # fmt: skip
"""The headlines that an answer may have."""
