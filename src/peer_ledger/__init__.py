"""
An immutable ledger of what certified peer support specialists have learned, filed and been awarded.
"""

from peer_ledger._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__)
