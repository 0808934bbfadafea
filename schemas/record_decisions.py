"""What a mention store promises about decisions on records: the part of it that `kg resolve` and `kg review` write."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import pyarrow as pa

from schemas.resolution import RecordMemory, Resolution


class RecordDecisions(Protocol):
    """Resolutions, decisions about pairs of records, and what is remembered of records.

    Nothing that a run replaces or removes is lost: it stays as a former row of that run. A run that was killed may be
    repeated: what was current before its first try stays the former row.
    """

    def resolutions(self) -> dict[str, Resolution]:
        """Return the current resolution of every record, by record key."""

    def put_resolutions(self, resolutions: Iterable[Resolution], run_id: str, sequence: int) -> None:
        """Write or replace resolutions (key: record_key); what is replaced becomes former by that run."""

    def remove_resolutions(self, record_keys: Iterable[str], run_id: str, sequence: int) -> None:
        """Delete resolutions by record key; what is deleted becomes former by that run."""

    def former_resolutions(self, sequence: int) -> dict[str, Resolution]:
        """Return the resolutions that run number `sequence` replaced or deleted, as they were, by record key."""

    def pairs(self) -> pa.Table:
        """Return the current PAIR_DECISIONS, ordered by (left_key, right_key) in code point order."""

    def put_pairs(self, pairs: pa.Table, sequence: int) -> None:
        """Make PAIR_DECISIONS current (key: left_key, right_key); what is replaced becomes former by that run.

        The rows keep their own run_id and sequence, for an undo writes rows of former runs.
        """

    def withdraw_pairs(self, keys: Iterable[tuple[str, str]], sequence: int) -> None:
        """Delete current decisions by (left_key, right_key); what is deleted becomes former by that run."""

    def former_pairs(self, sequence: int) -> pa.Table:
        """Return the PAIR_DECISIONS that run number `sequence` replaced or deleted, as they were, in order of key."""

    def pair_history(self, left_key: str, right_key: str) -> list[dict[str, Any]]:
        """Return all decisions about a pair, newest first: rows of PAIR_DECISIONS with `until`.

        until: number of the run that replaced or deleted the row; None for the current one, which comes first.
        """

    def memory(self) -> dict[str, RecordMemory]:
        """Return what is remembered of each record, by record key."""

    def put_memory(self, memory: Mapping[str, RecordMemory]) -> None:
        """Write or replace what is remembered of records."""

    def forget(self, record_keys: Iterable[str]) -> None:
        """Delete what is remembered of records."""
