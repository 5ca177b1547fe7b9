"""
The sentences of a report's remarks, to compare them with the words that a reader must see.
"""

from collections.abc import Iterable

from peer_ledger.reports import Remark


def sentences(remarks: Iterable[Remark]) -> list[str]:
    """
    Return the sentence of each caveat.
    """
    return [str(remark) for remark in remarks]


def in_words(reasons: Remark | tuple[Remark, ...] | None) -> str | None:
    """
    Return a reason, or the reasons of a finding, in words; `None` when there is none.
    """
    reasons = (reasons,) if isinstance(reasons, Remark) else reasons
    return "; ".join(map(str, reasons)) if reasons else None
