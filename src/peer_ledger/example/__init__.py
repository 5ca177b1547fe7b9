"""
The files of an employer of forty-one invented people, with the mistakes that such files contain.

They are a course catalog, the export of a learning system, and lists of certificates, documents and filings.

>>> ledger, files = import_example()
>>> len(list(ledger.people()))
41
"""

from peer_ledger.example._files import FILES, ON, SHOWN, import_example

__all__ = ["FILES", "ON", "SHOWN", "import_example"]
