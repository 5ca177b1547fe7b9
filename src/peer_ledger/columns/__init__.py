"""
Answers for everybody from frames and files of Parquet, as frames: without a record for each row.

It needs the extra `columns`.
"""

from peer_ledger.columns._evaluate import FrameAnswers, evaluate_batches, evaluate_frame
from peer_ledger.columns._ledgers import read_parquet, tables_in, write_parquet
from peer_ledger.columns._partitions import answer_schema, partition_answers
from peer_ledger.columns._pictures import due_picture
from peer_ledger.columns._records import tables_of

__all__ = [
    "FrameAnswers",
    "answer_schema",
    "due_picture",
    "evaluate_batches",
    "evaluate_frame",
    "partition_answers",
    "read_parquet",
    "tables_in",
    "tables_of",
    "write_parquet",
]
