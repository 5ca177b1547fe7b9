"""
What open questions cost: ratios of answering with them to answering the same rules without any.

`python tests/benchmarks/questions.py [PEOPLE]` (500 unless told) prints, for people with 30 events each, how much longer an
answer takes under rules of which every figure hangs on a question: of questions that do not arise for these people, and
of 1, 2, 4 and 8 that do.  Both are measured in the same run, in turns.
"""

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from time import process_time

from peer_ledger import Ledger, evaluate_all
from peer_ledger.records import Certification, Coverage, Credit, TrainingEvent
from peer_ledger.rules import (
    Anniversary,
    ByQuestion,
    Edition,
    Hours,
    Interval,
    Part,
    Procedure,
    Question,
    Reading,
    RelativeDate,
    RuleSet,
    Source,
    TrainingFilter,
)

SEED = 20261121
TOPICS = ("ethics", "recovery", "crisis", "advocacy", "boundaries", "documentation", "wellness", "supervision")
ON = date(2026, 3, 1)
TURNS = 5


def people(count: int) -> Ledger:
    """A ledger of so many people, awarded over two years, with 30 events each."""
    random = Random(SEED)
    ledger = Ledger()

    def records() -> Iterator[Certification | TrainingEvent | Coverage]:
        yield Coverage(id="acts", covers="certification")
        for number in range(count):
            person = f"p-{number:05}"
            awarded = date(2024, 3, 2) + timedelta(days=random.randint(0, 700))
            yield Certification(id=f"c-{number}", person=person, credential="xx", act="awarded", on=awarded)
            for place in range(30):
                amount = random.choice(("0.5", "1", "1.5", "2"))
                topics = set(random.sample(TOPICS, random.randint(1, 2)))
                completed = awarded + timedelta(days=random.randint(1, 720))
                yield TrainingEvent(
                    id=f"e-{number}-{place}",
                    person=person,
                    completed=completed,
                    credits=[Credit(amount=amount, topics=topics)],
                )

    ledger.append(records())
    return ledger


def rules(open_questions: int, *, arising: bool) -> RuleSet:
    """Eight requirements of hours, so many of which hang on a question of their own."""
    source = Source(id="P", title="The page", address="https://board.example", kind="board", seen=date(2026, 1, 2))
    questions = tuple(
        Question(
            id=f"q-{number}",
            asks="More?",
            readings=(Reading(id="no", says="No."), Reading(id="yes", says="Yes.")),
            assumed="no",
            weight="blocking",
            last_day=None if arising else date(2020, 12, 31),
        )
        for number in range(open_questions)
    )

    def need(number: int) -> Decimal | ByQuestion:
        if number >= open_questions:
            return Decimal(10)
        return ByQuestion(by=f"q-{number}", values=(("no", Decimal(10)), ("yes", Decimal(12))))

    requirements = tuple(
        Hours(
            id=f"hours-{number}",
            says="So many hours.",
            need=need(number),
            parts=(
                Part(
                    id=f"part-{number}", says="Of which.", need=2, counts=TrainingFilter(topics={topic}), cites=("P",)
                ),
            ),
            cites=("P",),
        )
        for number, topic in enumerate(TOPICS)
    )
    earning = Interval(begins=RelativeDate(of="last-grant", included=False), cites=("P",))
    edition = Edition(id="renewal-1", says="All.", earning=earning, requirements=requirements)
    return RuleSet(
        id="xx", name="Peer specialist", body="The board", jurisdiction="xx", time_zone="UTC", version="1",
        seen_on=date(2026, 1, 4), cycle=Anniversary(months=24), cycle_cites=("P",), sources=(source,), questions=questions,
        procedures=(Procedure(step="renewal", editions=(edition,)),),
    )  # fmt: skip


def seconds(ledger: Ledger, ruleset: RuleSet) -> float:
    began = process_time()
    for _ in evaluate_all(ledger, on=ON, ruleset=ruleset):
        pass
    return process_time() - began


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    ledger = people(count)
    none = rules(0, arising=True)
    tried = [("8 that do not arise", rules(8, arising=False))]
    tried += [(f"{number} that arise", rules(number, arising=True)) for number in (1, 2, 4, 8)]
    best = dict.fromkeys(["none", *(name for name, _ in tried)], float("inf"))
    for _ in range(TURNS):
        best["none"] = min(best["none"], seconds(ledger, none))
        for name, ruleset in tried:
            best[name] = min(best[name], seconds(ledger, ruleset))
    print(
        f"{count} people with 30 events, 8 requirements; without questions {best['none'] / count * 1e6:.0f} us an answer"
    )
    for name, _ in tried:
        print(f"  questions: {name:20} {best[name] / best['none']:5.2f} x")


if __name__ == "__main__":
    main()
