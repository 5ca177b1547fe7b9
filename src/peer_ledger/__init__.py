"""
An immutable ledger of certified peer support specialists' training, documents and certifications.
"""

from peer_ledger._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__)
