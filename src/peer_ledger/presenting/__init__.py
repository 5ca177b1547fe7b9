"""
Answers for people and other programs: tables, rosters, transcripts, pictures and rules in sentences.

Import from the modules: `peer_ledger.presenting.tables`, `peer_ledger.presenting.rosters`,
`peer_ledger.presenting.transcripts`, `peer_ledger.presenting.pictures`, `peer_ledger.presenting.rule_sentences`.
"""
