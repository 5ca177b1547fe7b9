"""
How many examples a property looks at, in the proportions of the profile that is loaded.
"""

import os
from collections.abc import Iterable
from typing import Any

from hypothesis import settings

from peer_ledger import ruleset

PROFILE = os.environ.get("PEER_LEDGER_PROFILE", "quick")
"""The profile: `quick`, `full`, `thorough` or `soak`."""

ORDINARY = 100
"""How many examples the full profile looks at where a property does not say."""


def sized(full: int, quick: int) -> int:
    """
    Return how large a run is that does not draw examples: the quick size in the quick profile, else the full one.
    """
    return quick if PROFILE == "quick" else full


def examples(ordinary: int) -> int:
    """
    Return the number of examples that the profile makes of the number in a full run.
    """
    return max(1, ordinary * settings.default.max_examples // ORDINARY)


def looked_at(ids: Iterable[str], *, always_one: bool = False) -> list[str]:
    """
    Return the ids of rule sets to look at: in the quick profile, one of those that are only named stands for them all.

    Args:
        ids: The ids.
        always_one: Whether one stands for them all in every profile.
    """
    known = list(ids)
    named = [name for name in known if ruleset(name).grade == "named"]
    return [name for name in known if name not in named[1:] or (PROFILE != "quick" and not always_one)]


def effort(ordinary: int, **more: Any) -> settings:
    """
    Look at so many examples in a full run, at fewer in a quick one, and at more in a longer one.

    Args:
        ordinary: How many in a full run.
        more: Other settings of Hypothesis.
    """
    return settings(max_examples=examples(ordinary), **more)


ONE_IN: dict[str, int] = {
    "test_arguments.py::test_an_argument_of_a_wrong_type_is_refused_by_name": 2,
    "test_bounds.py::test_a_long_cell_is_read_or_refused_in_no_time": 3,
    "test_bundled.py::test_certificates_at_the_edges_of_the_calendar_are_answered": 3,
    "test_by_reading.py::test_a_fault_in_what_is_shared_shows": 3,
    "test_cache.py::test_a_writer_killed_at_any_line_leaves_a_whole_cache_or_an_earlier_one": 2,
    "test_cli_hostile.py::test_ascii_only": 2,
    "test_cli_hostile.py::test_hostile_arguments": 6,
    "test_cli_shown.py::test_a_command_shows_what_is_hostile_escaped": 3,
    "test_columns.py::test_every_kind_of_table_is_answered_alike": 3,
    "test_columns.py::test_tables_are_answered_as_a_ledger_of_their_records": 6,
    "test_columns_crowds.py::test_a_fault_in_what_is_answered_together_shows": 5,
    "test_columns_crowds.py::test_a_fault_in_what_is_seen_of_amounts_shows": 2,
    "test_columns_crowds.py::test_a_fault_in_what_questions_are_told_together_shows": 4,
    "test_columns_crowds.py::test_people_are_answered_together_as_they_are_one_by_one": 3,
    "test_completions.py::test_a_planted_fault_shows": 3,
    "test_completions.py::test_crowds_and_columns_answer_as_going_through_the_days_does": 2,
    "test_concurrency.py::test_a_ledger_that_another_process_makes_at_any_line_of_making_it_is_the_one": 2,
    "test_crash.py::test_a_write_cut_off_at_any_byte_leaves_all_or_nothing": 2,
    "test_custom_check_laws.py::test_a_law_finds_the_faulty_judge": 5,
    "test_damage.py::test_a_disk_that_fills_at_any_moment_of_making_a_ledger_leaves_none_or_a_whole_one": 3,
    "test_damage.py::test_a_flipped_byte_is_found_or_changes_nothing": 2,
    "test_damage.py::test_whatever_was_changed_through_sql_reading_and_appending_raise_nothing_but_our_own_errors": 3,
    "test_filed_join.py::test_a_joined_headline_of_filings_is_the_defined_one_under_bundled_rules": 3,
    "test_filed_patterns.py::test_the_comparison_finds_a_fault": 3,
    "test_fuzz.py::test_damaged_input_is_accepted_or_refused_in_our_own_words": 3,
    "test_fuzz.py::test_what_it_begins_with_is_accepted": 3,
    "test_grants_over_time.py::test_what_is_known_later_moves_no_grant_before_it_was_known": 3,
    "test_importing_shown_cells.py::test_what_is_about_a_person_is_not_shown_in_a_column_of_days_amounts_or_words_of_a_list": 3,
    "test_join.py::test_a_joined_headline_is_the_defined_one": 6,
    "test_join.py::test_everybody_at_once_is_answered_as_each_alone": 6,
    "test_kill_outputs.py::test_a_planted_fault_is_found": 2,
    "test_kill_outputs.py::test_an_output_is_old_or_new_and_nothing_is_left": 3,
    "test_kills.py::test_a_planted_fault_is_found": 2,
    "test_laws.py::test_bundled_rule_set_obeys_the_laws": 6,
    "test_laws.py::test_law_finds_a_fault_in_what_is_settled_together": 2,
    "test_laws.py::test_rule_set_that_combines_two_things_obeys_the_laws": 3,
    "test_laws.py::test_the_default_rule_set_obeys_every_law": 4,
    "test_outputs.py::test_a_full_disk_leaves_no_folder": 3,
    "test_outputs.py::test_a_full_disk_leaves_the_old_file_and_nothing_else": 2,
    "test_positions.py::test_nothing_of_any_person_is_kept": 4,
    "test_processes.py::test_an_interrupt_ends_all_processes": 2,
    "test_processes.py::test_random_lives_are_reported_on": 2,
    "test_replaced.py::test_whatever_overwrites_a_ledger_it_is_refused_or_whole": 2,
    "test_rule_problems.py::test_no_value_is_told_in_the_words_of_a_program": 2,
    "test_sameness_oracle.py::test_the_worlds_find_a_fault": 3,
    "test_schema.py::test_what_the_schema_accepts_is_read_or_refused_for_a_reason": 3,
    "test_shapes.py::test_due_dates_of_a_shape_are_answered_as_each_alone": 3,
    "test_suppositions.py::test_answers": 2,
    "test_training_sums.py::test_the_comparison_finds_a_fault": 3,
    "test_unstated_together.py::test_hours_that_are_not_shared_with_unstated_figures": 3,
    "test_web.py::test_nothing_of_an_id_runs_in_a_browser": 2,
}
"""The tests of many cases of which a quick run takes only every second case, or fewer."""

FULL_ONLY = frozenset(
    {
        "test_columns_engines.py::test_an_engine_gives_the_same_answers_although_a_worker_is_killed",
        "test_crash.py::test_an_append_killed_at_any_line_leaves_all_or_nothing",
        "test_crash.py::test_an_erasure_killed_at_any_line_has_erased_all_or_nothing",
        "test_crash.py::test_the_making_of_a_ledger_killed_at_any_line_leaves_none_or_a_whole_one",
        "test_evaluation.py::test_more_combinations_than_can_be_looked_at_leave_the_answer_undetermined_and_are_named",
        "test_fuzz.py::test_a_process_that_hangs_or_dies_is_found",
        "test_fuzz.py::test_an_input_follows_from_its_number_alone",
        "test_importing_repeats.py::test_rows_corrected_in_two_rounds_give_what_a_correct_file_gives",
        "test_importing_workbooks.py::test_what_unfolds_to_a_hundred_times_its_size_is_refused",
        "test_interchange.py::test_bytes_do_not_depend_on_the_hash_seed",
        "test_laws.py::test_a_broken_law_is_told_with_the_smallest_life_as_a_case_to_be_pasted",
        "test_laws.py::test_lives_reach_every_standing_and_outcome",
        "test_ledger.py::test_many_records_cost_the_memory_of_a_few",
        "test_plugins.py::test_a_damaged_list_of_entry_points_harms_nothing",
        "test_processes.py::test_a_report_asked_for_alone_is_the_same",
        "test_processes.py::test_a_report_stays_what_it_was",
        "test_processes.py::test_it_works_wherever_it_is_called",
        "test_processes.py::test_parts_that_are_read_are_made_by_the_processes",
        "test_processes.py::test_what_cannot_be_answered_there_is_answered_or_raised_here",
        "test_processes.py::test_what_changes_meanwhile_is_not_reported",
        "test_vocabularies.py::test_the_order_of_the_problems_does_not_depend_on_the_hash_seed",
    }
)
"""The tests that a quick run leaves to the full one, because they take seconds each and cannot be made smaller."""


def is_quick(number: int, name: str) -> bool:
    """
    Return whether a quick run takes a test.

    Args:
        number: Which case of the test it is, from 0.
        name: The file and the function.
    """
    return name not in FULL_ONLY and number % ONE_IN.get(name, 1) == 0
