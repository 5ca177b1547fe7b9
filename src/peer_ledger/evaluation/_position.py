"""
What a caller takes as given: a rule set, answers to some questions, and how strictly open questions are taken.
"""

from collections.abc import Mapping

from peer_ledger.evaluation._known import Known
from peer_ledger.rules import Readings


class Position:
    """
    The questions of a rule set, with what the caller says about them.

    Args:
        known: The results that depend on the rule set alone.
        given: The readings that the caller chose, by question.
        strict: Whether questions that only cause a caveat also leave the answer undetermined.

    Attributes:
        known: The results that depend on the rule set alone.
        given: The readings that the caller chose, by question.
        base: The given or else the assumed reading of each question, by id.
        weighing: The questions that leave an answer undetermined while they are open.

    Raises:
        InvalidValue: A question or reading given is unknown.
    """

    def __init__(self, known: Known, given: Mapping[str, str], *, strict: bool = False) -> None:
        Readings(known.questions.values(), given)
        self.known, self.given = known, dict(given)
        self.base = {**known.assumed, **given}
        self.weighing = frozenset(
            name
            for name, question in known.questions.items()
            if name not in given and (strict or question.weight == "blocking")
        )

    def readings(self) -> Readings:
        """Return the readings that the caller chose, and the assumed ones of all other questions."""
        return Readings.known(self.known.questions, self.base)
