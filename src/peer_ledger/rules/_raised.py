"""
The questions that a rule set asks: its own, and those that its editions, bodies and days raise about themselves.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache

from peer_ledger.rules._approvals import approval_question, bodies_named
from peer_ledger.rules._completions import completion_questions
from peer_ledger.rules._provisional import level_questions
from peer_ledger.rules._questions import Question, Reading
from peer_ledger.rules._ruleset import Edition, RuleSet
from peer_ledger.values._wording import spoken_day

MOST_ASKED = 256
"""Of how many rule sets the questions are remembered."""


@lru_cache(maxsize=MOST_ASKED)
def questions_of(ruleset: RuleSet) -> tuple[Question, ...]:
    """
    Return a rule set's questions, and those that its editions raise about themselves.

    An edition whose effective date is known only as a range raises the question whether it had begun; a range without
    an end closes on the day the facts were seen.  An edition that begins on a different day for one filing method
    raises the question whether a filing without a recorded method was made that way.  A rule set that names approving
    bodies raises the question whether an approval by a body that it does not know is one of theirs.  A rule set with a
    provisional stage raises the question whether an award of unknown level is provisional.  Days that are counted from
    the completion of some training raise the question when that was, for people of whom it is not on file.
    """
    editions = [edition for procedure in ruleset.procedures for edition in procedure.editions]
    return (
        *ruleset.questions,
        *(_begun(ruleset, edition) for edition in editions if _is_open(edition)),
        *(question for edition in editions for question in _by_methods(ruleset, edition)),
        *level_questions(ruleset.provisional, ruleset.cycle),
        *((approval_question(bodies),) if (bodies := bodies_named(ruleset.procedures)) else ()),
        *completion_questions(ruleset.procedures),
    )


def edition_question(edition: Edition) -> str:
    """Return the id of the question whether an edition had begun."""
    return f"{edition.id}-begun"


def method_question(edition: Edition, method: str) -> str:
    """Return the id of the question whether a filing was made by a method for which the edition begins differently."""
    return f"{edition.id}-by-{method}"


def _is_open(edition: Edition) -> bool:
    return edition.begins is not None and edition.begins.day is None


def _begun(ruleset: RuleSet, edition: Edition) -> Question:
    begins = edition.begins
    assert begins is not None, "only an edition with an unknown first day raises this question"
    return Question(
        id=edition_question(edition),
        asks=f"Was this already required: “{edition.says.rstrip('.')}”?",
        readings=(
            Reading(id="begun", says="Yes.", cites=begins.cites),
            Reading(id="not-yet", says="No, not yet.", cites=begins.cites),
        ),
        assumed="begun" if begins.assumed else "not-yet",
        weight=begins.weight,
        first_day=begins.not_before,
        last_day=(begins.not_after or ruleset.seen_on) - timedelta(days=1),
    )


def _by_methods(ruleset: RuleSet, edition: Edition) -> Iterator[Question]:
    begins = edition.begins
    if begins is None:
        return
    for own in begins.by_method:
        method = own.method
        first_day = min(own.day, begins.day or begins.not_before or own.day)
        last_day = max(own.day, begins.day or begins.not_after or ruleset.seen_on) - timedelta(days=1)
        if first_day <= last_day:
            yield Question(
                id=method_question(edition, method),
                asks=(
                    f"Was the application filed by {method}? Then this applies from {spoken_day(own.day)} on: "
                    f"“{edition.says.rstrip('.')}”."
                ),
                readings=(
                    Reading(id="yes", says=f"Yes, it was filed by {method}.", cites=begins.cites),
                    Reading(id="no", says=f"No, it was not filed by {method}.", cites=begins.cites),
                ),
                assumed="yes",
                weight="blocking",
                about="facts",
                first_day=first_day,
                last_day=last_day,
            )
