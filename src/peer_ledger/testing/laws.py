"""
Laws that every rule set must obey, and the functions that check a rule set against them.

A law is a function that takes a `Situation` (a life under a rule set, and a day) and raises an `AssertionError` when
the law is broken; it may draw more values from the situation.  `LAWS` holds the laws of the package.  `check_ruleset`
looks for a life that breaks one of them, makes it as small as possible, and shows it as a worked case.

>>> from peer_ledger import ruleset
>>> check_law(ruleset("us-nc-cpss"), LAWS["twice_is_once"], examples=5)
5
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from zlib import crc32

from peer_ledger.errors import InvalidValue, PeerLedgerError, UnusableCheck, shown
from peer_ledger.rules import RuleSet
from peer_ledger.rules.soundness import problems_of
from peer_ledger.testing import _calendar_laws as of_days
from peer_ledger.testing import _combination_laws as of_combinations
from peer_ledger.testing import _hours_laws as of_hours
from peer_ledger.testing import _question_laws as of_questions
from peer_ledger.testing import _record_laws as of_records
from peer_ledger.testing import _rule_laws as of_rules
from peer_ledger.testing._hypothesis import (
    Flaky,
    HealthCheck,
    HypothesisException,
    Phase,
    Unsatisfiable,
    given,
    seed,
    settings,
    st,
)
from peer_ledger.testing._situations import Situation, situations
from peer_ledger.testing.case_text import as_case

__all__ = ["LAWS", "Law", "check_law", "check_ruleset"]

Law = Callable[[Situation], None]
"""A function that fails when a situation breaks the law; the first line of its docstring states the law."""

LAWS: Mapping[str, Law] = MappingProxyType(
    {
        law.__name__: law
        for law in (
            of_rules.rule_set_is_sound_and_survives_a_file,
            of_rules.report_survives_json,
            of_days.every_day_lies_in_one_cycle,
            of_days.first_cycle_lies_where_a_calendar_says,
            of_days.a_life_is_a_walk_day_by_day,
            of_days.the_deciding_date_selects_the_edition,
            of_days.lapsed_does_not_come_back_by_itself,
            of_questions.decided_is_what_all_readings_agree_in,
            of_questions.strict_is_never_more_decided,
            of_questions.a_reading_taken_is_a_reading_written,
            of_rules.neither_clock_nor_chance_plays_a_part,
            of_records.records_survive_json,
            of_records.order_of_recording_is_irrelevant,
            of_records.twice_is_once,
            of_records.retraction_is_absence,
            of_records.a_correction_takes_the_records_place,
            of_records.later_knowledge_alters_no_earlier_answer,
            of_records.other_people_do_not_matter,
            of_records.erasing_one_alters_no_other,
            of_records.names_do_not_matter,
            of_hours.one_more_hour_never_hurts,
            of_hours.no_hour_is_lost,
            of_hours.splitting_a_credit_changes_nothing,
            of_hours.an_hour_is_sixty_minutes,
            of_hours.what_is_not_recorded_is_a_question,
            of_hours.no_minute_counts_twice,
            of_hours.no_cap_is_exceeded,
            of_hours.what_counts_is_what_the_rules_name,
            of_combinations.an_unstated_figure_may_be_any_figure,
            of_combinations.no_hour_counts_for_two_credentials,
        )
    }
)
"""The laws, by name."""


def check_law(
    ruleset: RuleSet,
    law: Law,
    *,
    rulesets: Mapping[str, RuleSet] | None = None,
    examples: int | None = None,
    start: int | None = None,
    shrink: bool = True,
) -> int:
    """
    Look for a life that breaks a law.

    Args:
        ruleset: The rule set.
        law: The law.
        rulesets: Rule sets that take the place of those found by their ids, where the rule set looks at others.
        examples: How many lives to try; `None` for the number in the current Hypothesis profile.
        start: The seed from which lives are drawn; `None` for the choice of the current profile, which is always the
            same seed when the profile is derandomized.
        shrink: Whether to make a life that breaks the law as small as possible.

    Returns:
        How many lives were tried.

    Raises:
        AssertionError: The rule set is not sound, or the law is broken; the message shows the life as a worked case.
        InvalidValue: `examples` is not a whole number from 1.
    """
    profile = _profile(examples)
    looked = 0
    broken_by_last: AssertionError | None = None
    problems = "\n".join(f"  {problem}" for problem in problems_of(ruleset))
    assert not problems, f"{ruleset.id} is not sound:\n{problems}"

    def look(data: st.DataObject) -> None:
        nonlocal looked, broken_by_last
        broken_by_last = None
        try:
            situation = data.draw(situations(ruleset, rulesets))
        except UnusableCheck as error:  # drawing a life evaluates it, so that its records are near its own boundaries
            broken_by_last = AssertionError(
                f"{ruleset.id} breaks {law.__name__}: no life could be drawn\n  UnusableCheck: {error}"
            )
            raise broken_by_last from error
        try:
            law(situation)
        except HypothesisException:
            raise
        except (AssertionError, ArithmeticError, LookupError, TypeError, ValueError, PeerLedgerError) as error:
            broken_by_last = AssertionError(_broken(law, situation, error))
            raise broken_by_last from error
        looked += 1

    if start is None and profile.derandomize:
        start = crc32(f"{ruleset.id} {law.__name__}".encode())
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    run = settings(
        profile, phases=phases, deadline=None, database=None, report_multiple_bugs=False, print_blob=False,
        suppress_health_check=list(HealthCheck),
    )(given(st.data())(look))  # fmt: skip
    if start is not None:
        run = seed(start)(run)
    try:
        run()
    except Unsatisfiable:
        return looked
    except Flaky:
        why = "an answer depends on an earlier answer, or on something that is not in the records"
        once = f"{ruleset.id} breaks {law.__name__} with a life, but not with the same life again: {why}"
        # A life that breaks the law again, in another way, tells more than that it is another way.
        raise AssertionError(str(broken_by_last or once)) from None
    except AssertionError as error:
        # Without what Hypothesis adds to the message: pages with the whole rule set.
        raise AssertionError(str(error)) from None
    return looked


def check_ruleset(
    ruleset: RuleSet,
    *,
    rulesets: Mapping[str, RuleSet] | None = None,
    examples: int | None = None,
    laws: Mapping[str, Law] | None = None,
) -> dict[str, int]:
    """
    Check a rule set against all laws, and then report every law that is broken.

    Args:
        ruleset: Any rule set.
        rulesets: Rule sets that take the place of those found by their ids, where the rule set looks at others.
        examples: How many lives to try for each law; `None` for the number in the current Hypothesis profile.
        laws: The laws, by name; `None` for those in `LAWS`.

    Returns:
        How many lives were tried for each law, by name: fewer than `examples` when the law applies to few lives, 0 when
        the rule set has nothing that the law is about.

    Raises:
        AssertionError: The rule set is not sound, or breaks laws; the message shows a life for each broken law.
        InvalidValue: `examples` is not a whole number from 1.
    """
    looked: dict[str, int] = {}
    broken: list[str] = []
    for name, law in (LAWS if laws is None else laws).items():
        try:
            looked[name] = check_law(ruleset, law, rulesets=rulesets, examples=examples)
        except AssertionError as error:
            broken.append(str(error))
    assert not broken, "\n\n".join(broken)
    return looked


def _profile(examples: int | None) -> settings:
    """Return the current profile, with another number of lives unless it is `None`."""
    if examples is None:
        return settings()
    if type(examples) is not int or examples < 1:
        raise InvalidValue(f"examples must be a whole number from 1, or None, not {shown(examples)}")
    return settings(max_examples=examples)


def _broken(law: Law, situation: Situation, error: Exception) -> str:
    """Return the message that a law is broken: which law, how, and by which life."""
    must = (law.__doc__ or "").strip().partition("\n")[0]
    found = str(error) if isinstance(error, AssertionError) else f"{type(error).__name__}: {error}"
    case = as_case(
        situation.records, on=situation.on, ruleset=situation.ruleset, readings=situation.readings,
        says=f"A life that breaks {law.__name__}.",
    )  # fmt: skip
    chosen = [f"  with {choice}" for choice in situation.chosen]
    lines = [f"{situation.ruleset.id} breaks {law.__name__}: {must}", *(f"  {line}" for line in found.splitlines())]
    return "\n".join([*lines, *chosen, "", case])
