"""A kind of requirement is a class and its check: nothing else of the package needs to know it."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, ClassVar

import attrs

from boards import AWARD, COVERED, board
from peer_ledger import Coverage, Designation, Ledger, check_proof, evaluate
from peer_ledger.evaluation import _requirements as requirements
from peer_ledger.presenting.rosters import Roster
from peer_ledger.presenting.rule_sentences import describe
from peer_ledger.reports import Finding
from peer_ledger.rules import Kind, with_inner
from peer_ledger.rules.soundness import problems_of
from peer_ledger.rulesets import ruleset_to_dict
from peer_ledger.rulesets._files import digest_of


@attrs.frozen(kw_only=True)
class Held:
    """A designation that must be held."""

    kind: ClassVar[str] = "held"
    subject: ClassVar[str] = "documents"
    unit: ClassVar[str] = "designation"
    units: ClassVar[frozenset[str] | None] = frozenset()
    inner: ClassVar[tuple[Any, ...]] = ()

    id: str
    says: str
    held: str
    called: Any = None
    designation: Any = None
    only_if: Any = None
    first_day: Any = None
    last_day: Any = None
    cites: tuple[str, ...]

    def ids(self) -> Iterator[str]:
        yield self.id


def check_held(context, requirement):
    """The whole check of the kind."""
    held = context.history.holds(requirement.held, context.life.as_of)
    return requirements._Found(
        Finding(
            requirement=requirement.id, says=requirement.says, subject="documents", result="met" if held else "short",
            unit="designation", need=Fraction(1), counted=Fraction(held), short=Fraction(not held),
            cites=context.sources(requirement.cites),
        )
    )  # fmt: skip


ON = "2026-01-15"
MILITARY = Held(id="military", says="The military designation.", held="military", cites=("P",))
RULES = board(MILITARY)


def asked(*records):
    """Evaluate a person certified by a board that asks for the designation."""
    ledger = Ledger()
    ledger.append([AWARD, *COVERED, *records])
    return evaluate(ledger, "p", on=ON, ruleset=RULES)


def test_its_check_is_found(monkeypatch):
    """Its class and its row in the table of checks are enough for an answer."""
    monkeypatch.setitem(requirements.CHECKS, Held, check_held)
    held = Designation(id="d", person="p", name="military", awarded="2024-06-02")
    assert ("short", "met") == (asked().documents_outcome, asked(held).documents_outcome)
    assert "1" == str(asked().finding("military").short)
    assert () == check_proof(asked())


def test_it_is_shown_like_every_other(monkeypatch):
    """The report in words, the card, the roster and the rules in sentences name it without knowing it."""
    monkeypatch.setitem(requirements.CHECKS, Held, check_held)
    report = asked(Coverage(id="all", covers="designation"))
    assert "The military designation." in str(report)
    assert "The military designation." in report._repr_html_()
    assert "short" in {row["result"] for row in Roster([report]).findings().to_rows()}
    assert "    - The military designation. [P]\n      military\n" in describe(RULES)  # it has no figure


def test_it_is_data_like_every_other():
    """It is sound, has a digest that its fields change, is written as a table, and is found among the requirements."""
    assert () == problems_of(RULES)
    other = board(attrs.evolve(MILITARY, held="youth"))
    assert digest_of(RULES) != digest_of(other)
    assert "held" in str(ruleset_to_dict(RULES))
    assert [MILITARY] == list(with_inner([MILITARY]))
    assert isinstance(MILITARY, Kind)


def test_what_is_wrong_with_it_is_found():
    """Citations of nothing, and ids that stand twice, are problems of any kind of requirement."""
    assert "not one of the sources" in str(problems_of(board(attrs.evolve(MILITARY, cites=("NOWHERE",)))))
    assert "2 times" in str(problems_of(board(MILITARY, MILITARY)))
