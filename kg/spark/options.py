"""What `kg resolve --engine spark` is told."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SparkOptions:
    """Where the work is done, and what is read and written there.

    master:    address of the cluster, as Spark takes it.
    documents: files, folders or globs of JSONL or Parquet in the cluster's storage; empty decides what the home holds.
    spans:     file or folder of given mentions of these documents, taken instead of extracting; "" extracts.
    out:       folder that gets documents, mentions and decisions of this resolve as Parquet; "" writes none.
    """

    master: str
    documents: Sequence[str] = ()
    spans: str = ""
    out: str = ""
