"""
The files of some invented people, as an employer would have them, with the mistakes that such files have.

A course catalog, the export of a learning system, and lists of certificates, of documents and of filings.

>>> ledger, files = import_example()
>>> len(list(ledger.people()))
41
"""

from peer_ledger.example._files import FILES, ON, SHOWN, import_example

__all__ = ["FILES", "ON", "SHOWN", "import_example"]
