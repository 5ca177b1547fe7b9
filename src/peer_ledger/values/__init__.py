"""
Values that records and rules are made of: days, exact hours, declared words.

Import them by module: `peer_ledger.values.dates`, `peer_ledger.values.hours`, `peer_ledger.values.vocabularies`.
"""
