"""
How much of a credential's rules is known, and whether its body recognizes certificates of other states.
"""

from typing import Literal

import attrs
from attrs import field

from peer_ledger.rules._questions import CITES
from peer_ledger.values._checks import fused
from peer_ledger.values._fields import TEXT, one_of

Grade = Literal["complete", "partial", "named"]
"""
How much of the rules is known: cycle, hours and papers of renewal (`complete`); some of that, while the rest is open
(`partial`); or only that the credential exists, which body awards it, and where to ask (`named`).
"""

Accepts = Literal["yes", "no", "with-conditions"]
"""Whether a body accepts a certificate of another state in place of its own requirements."""


@attrs.frozen(kw_only=True, field_transformer=fused)
class Recognition:
    """
    Whether the body recognizes the certificates of other states.

    Attributes:
        accepts: Whether it accepts them: `yes`, `no` or `with-conditions`.
        says: What it accepts, or what it asks instead, in a plain sentence.
        cites: The ids of the sources.
    """

    accepts: Accepts = field(validator=one_of(Accepts))
    says: str = field(validator=TEXT)
    cites: tuple[str, ...] = field(validator=CITES)
