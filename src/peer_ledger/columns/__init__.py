"""
Answers for everybody from frames and files of Parquet, as frames: without a record for each row.

It needs the extra `columns`.
"""

from peer_ledger.columns._evaluate import FrameAnswers, evaluate_batches, evaluate_frame
from peer_ledger.columns._records import tables_of

__all__ = ["FrameAnswers", "evaluate_batches", "evaluate_frame", "tables_of"]
