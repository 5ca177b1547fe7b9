"""
Where the missing hours of an allocation are missing that a requirement has in common with those settled before it.

A common allocation may leave the gap anywhere, also in a requirement that was settled earlier and had its hours.  So
exactly the missing hours are added as credits that only this requirement may use: then the earlier requirements keep
the training on file, and where those credits sit is what is short here.
"""

from peer_ledger import allocation
from peer_ledger.reports import Proof

RELIEF = "~ what is short"
"""The key of a credit that stands for missing hours; no credit on file has it."""


def relief(
    proof: Proof, requirement: str, own: frozenset[str]
) -> tuple[allocation.Allocation, dict[str, allocation.Units]]:
    """
    Return a common allocation with the missing hours added, and how many of them the requirement and its parts get.

    A part gets only the hours that would not help elsewhere in the requirement: while the training on file can serve
    it, hours of any kind are what is missing.

    Args:
        proof: The common allocation, which is short.
        requirement: The name of the requirement.
        own: The names of the requirement and its parts.
    """
    short, anywhere = int(proof.allocation.shortfall), frozenset({requirement})
    made = _added(proof, (short, anywhere))
    if not made.met:
        of_parts = int(made.shortfall)
        made = _added(proof, (short - of_parts, anywhere), (of_parts, own))
    if not made.met:  # of trainings that are one, another may be chosen for what was added above
        made = _added(proof, (short, own))
    gets: dict[str, allocation.Units] = {}
    for given in made.assignment:
        if given.cell.key == RELIEF:
            gets[given.demand] = gets.get(given.demand, 0) + given.amount
    return made, gets


def _added(proof: Proof, *amounts: tuple[int, frozenset[str]]) -> allocation.Allocation:
    """Return the allocation with some hours added, each amount with what it may serve."""
    cells = [
        allocation.Cell(amount=amount, serves=serves, limits=frozenset(), key=RELIEF)
        for amount, serves in amounts
        if amount
    ]
    return proof.plan.allocate([*proof.cells, *cells], alternatives=proof.alternatives)
