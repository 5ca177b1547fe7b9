"""
The provisional stage of a certificate, which comes before the full one and has another length.
"""

from collections.abc import Iterator

import attrs
from attrs import field

from peer_ledger.errors import Problem
from peer_ledger.rules._built import placed
from peer_ledger.rules._cycle_editions import CycleEditions
from peer_ledger.rules._cycles import Anniversary, CycleRule
from peer_ledger.rules._points import Condition
from peer_ledger.rules._questions import CITES, ByQuestion, Question, Reading, Weight
from peer_ledger.rules._values import FLAG
from peer_ledger.values._checks import fused, optional, refused
from peer_ledger.values._fields import COUNT, one_of

CERTIFICATE_LEVEL = "certificate-level"
"""The id of the question whether a certificate of unknown level is provisional or full."""


@attrs.frozen(kw_only=True, field_transformer=fused)
class Provisional:
    """
    The provisional stage of a certificate; the `cycle` of the rule set is that of the full one.

    Whether a certificate is provisional or full is the `level` of the board's act.  A renewal or reinstatement without
    a level is of a full certificate.  For an award without one, a printed expiry tells the level; otherwise a question
    arises.

    Attributes:
        months: How many months it lasts; `None` when no source states that.
        longest: The most months that it lasts with extensions: an award of unknown level whose printed expiry is later
            is that of a full certificate.  `None` when the nearer length tells.
        assumed: Whether an award of unknown level is assumed to be provisional.
        weight: Whether an award of unknown level leaves an answer undetermined.
        cites: The ids of the sources.
    """

    months: int | None = field(default=None, validator=optional(COUNT))
    longest: int | None = field(default=None, validator=optional(COUNT))
    assumed: bool = field(default=False, validator=FLAG)
    weight: Weight = field(default="blocking", validator=one_of(Weight))
    cites: tuple[str, ...] = field(validator=CITES)

    def __attrs_post_init__(self) -> None:
        if self.longest is not None and (self.months is None or self.longest < self.months):
            raise refused(self, (Problem("longest", "needs months, and cannot be less"),))


def has_own_length(provisional: Provisional, cycle: CycleRule | CycleEditions | ByQuestion) -> bool:
    """Return whether a provisional certificate ends on other days than a full one."""
    cycles = [value for _, value in cycle.values] if isinstance(cycle, ByQuestion) else [cycle]
    return not all(
        isinstance(value, Anniversary) and (value.first_months or value.months) == provisional.months
        for value in cycles
    )


def level_problems(condition: Condition, stage: Provisional | None, step: str, path: str) -> Iterator[Problem]:
    """
    Find levels in a condition that no certificate can be of.

    Args:
        condition: The condition.
        stage: The provisional stage of the rule set; `None` without one.
        step: The step at which the condition stands.
        path: The path of the condition.
    """
    if condition.level is not None and stage is None:
        yield Problem(f"{path}.level", "never holds: the rule set has no provisional stage; give provisional")
    if condition.level is not None and step == "initial":
        yield Problem(f"{path}.level", "never holds: there is no certificate before the first certification")
    if isinstance(condition.unless, Condition):
        yield from level_problems(condition.unless, stage, step, f"{path}.unless")
    for place, inner in placed(condition.any_of):
        yield from level_problems(inner, stage, step, f"{path}.any_of[{place}]")


def level_questions(
    provisional: Provisional | None, cycle: CycleRule | CycleEditions | ByQuestion
) -> Iterator[Question]:
    """
    Yield the question that an award of unknown level raises; none where the level changes no date.

    Args:
        provisional: The provisional stage; `None` without one.
        cycle: How the board sets the cycles of full certificates.
    """
    if provisional is None or not has_own_length(provisional, cycle):
        return
    months = provisional.months
    lasts = "for a time that no source states" if months is None else f"for {months} month{'s' if months > 1 else ''}"
    yield Question(
        id=CERTIFICATE_LEVEL,
        asks="Is the certificate that was awarded provisional or full?",
        readings=(
            Reading(id="provisional", says=f"It is provisional, {lasts}.", cites=provisional.cites),
            Reading(id="full", says="It is full."),
        ),
        assumed="provisional" if provisional.assumed else "full",
        weight=provisional.weight,
        about="facts",
    )
