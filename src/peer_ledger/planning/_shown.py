"""
How results of planning show themselves: as sentences, and as a part of a page.
"""

from collections.abc import Iterator
from html import escape
from typing import Any

from peer_ledger._visible import visible
from peer_ledger.presenting.tables import Table
from peer_ledger.reports._html import part


class Shown:
    """
    A result that is read aloud, and shown in a notebook with its table.
    """

    __slots__ = ()

    @property
    def title(self) -> str:
        """What it shows."""
        raise NotImplementedError

    def sentences(self) -> Iterator[str]:
        """Yield what it says, sentence by sentence."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        raise NotImplementedError

    def table(self) -> Table:
        """Return it as a table."""
        raise NotImplementedError

    def __str__(self) -> str:
        return "\n".join(map(visible, self.sentences()))

    def _repr_html_(self) -> str:
        said = "".join(f"<p>{escape(visible(sentence))}</p>" for sentence in self.sentences())
        table = self.table()
        shown = table.html_part(self.title) if table.rows else ""
        return part(f'<div class="card"><p class="head">{escape(self.title)}</p>{said}{shown}</div>', label=self.title)
