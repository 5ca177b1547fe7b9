"""
Answers about one partition of a cluster's tables, for the engines that hold everybody's rows of one person together.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Literal, get_args

from peer_ledger.columns._evaluate import ANSWER_ARGUMENTS, evaluate_batches
from peer_ledger.columns._libraries import arrow
from peer_ledger.columns._rows_of_answers import Also, AnswerRows, rejected_table
from peer_ledger.columns._tables import SHARED, TABLES
from peer_ledger.errors import InvalidValue, shown_name
from peer_ledger.evaluation._rule_sets import RuleSetsAtHand
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.values._arguments import Wanted, arguments

What = Literal["people", "findings", "rejected"]
"""Which of the frames of an answer is returned."""

WHAT: Wanted = (lambda value: value in get_args(What), f"one of {', '.join(get_args(What))}")


@arguments(**ANSWER_ARGUMENTS, what=WHAT)
def partition_answers(
    *,
    on: date | str,
    ruleset: str | RuleSet = DEFAULT,
    rulesets: Mapping[str, RuleSet] | None = None,
    readings: Mapping[str, str] | None = None,
    strict: bool = False,
    also: Collection[Also] = (),
    what: What = "people",
    **shared: Any,
) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """
    Return a function that answers about a partition, as Spark's `mapInArrow` takes it.

    The partition's table has a column for each table of `evaluate_frame`, which holds a row of that table as a struct
    and is empty in the rows of all others.  All rows of one person must be in one partition, which is held in memory.

    Args:
        on: The day; events after it do not count yet.
        ruleset: The rules, or their id.
        rulesets: The rule sets that exist, by id; `None` for those that can be found by id.
        readings: Questions that the caller answers, by id.
        strict: Whether questions that only cause a caveat also leave the answer undetermined.
        also: What to return beside the headline, as for `evaluate_frame`.
        what: Which of the frames of an answer to return.
        shared: Tables about nobody in particular, which every partition needs: `courses`, `coverage`.

    Returns:
        A function from batches of Arrow to batches with the columns of `answer_schema`.

    Raises:
        InvalidValue: An argument is not valid.
    """
    for name in shared:
        if name not in ("courses", "coverage"):
            raise InvalidValue(f"only courses and coverage can be shared by all partitions, not {shown_name(name)}")
    asked: dict[str, Any] = {
        "on": on, "ruleset": ruleset, "rulesets": rulesets, "readings": readings, "strict": strict, "also": tuple(also),
    }  # fmt: skip
    kept = {name: arrow().table(table) for name, table in shared.items()}

    def answer(batches: Iterable[Any]) -> Iterator[Any]:
        tables = tables_of_partition(batches)
        if not tables:
            return
        for name, table in kept.items():
            both = [table, *([tables[name]] if name in tables else ())]
            tables[name] = arrow().concat_tables(both, promote_options="permissive")
        for part in evaluate_batches(**asked, **tables, to="pyarrow"):
            yield from plain_columns(getattr(part, what)).to_batches()

    return answer


@arguments(what=WHAT)
def answer_schema(*, ruleset: str | RuleSet = DEFAULT, also: Collection[Also] = (), what: What = "people") -> Any:
    """
    Return the columns of the answers about a partition, as a schema of Arrow.

    Args:
        ruleset: The rules, or their id.
        also: What is returned beside the headline.
        what: Which of the frames of an answer is returned.
    """
    rules = RuleSetsAtHand(None).position(ruleset).known.rules
    people, findings = AnswerRows(rules, also).tables((), ())
    tables = {"people": people, "findings": findings, "rejected": rejected_table(())}
    return plain_columns(tables[what]).schema


def tables_of_partition(batches: Iterable[Any]) -> dict[str, Any]:
    """
    Return the tables of a partition whose columns hold the rows of each as structs.

    Raises:
        InvalidValue: A column is not named for a table that is read by person.
    """
    pa, found = arrow(), dict[str, list[Any]]()
    for batch in batches:
        for name in batch.schema.names:
            if name == "person":
                continue
            if name not in TABLES or name in SHARED:
                raise InvalidValue(f"a column of a partition is named for a table about people, not {shown_name(name)}")
            rows = batch.column(batch.schema.names.index(name)).drop_null()
            if len(rows):
                found.setdefault(name, []).append(pa.Table.from_struct_array(rows))
    return {name: pa.concat_tables(tables) for name, tables in found.items()}


def plain_columns(table: Any) -> Any:
    """Return a table without dictionaries, which not every engine takes."""
    pa = arrow()
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.string()))
    return table
