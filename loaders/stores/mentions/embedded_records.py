"""The part of the embedded store that holds decisions on records: resolutions, pairs, what is remembered."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple
from typing import Any

import pyarrow as pa

from loaders.stores.mentions import codec
from loaders.stores.mentions.embedded_session import EmbeddedSession
from schemas.resolution import RecordMemory, Resolution

_RESOLUTION = "record_key, entity_id, probability, decided_by, run_id"
_PAIR = ", ".join(codec.PAIR_COLUMNS)


class EmbeddedRecords(EmbeddedSession):
    """Resolutions, decisions about pairs, and what is remembered of records; a part of EmbeddedMentions."""

    def resolutions(self) -> dict[str, Resolution]:
        """Return the current resolution of every record, by record key."""
        return {row[0]: Resolution(*row) for row in self._all(f"SELECT {_RESOLUTION} FROM resolutions")}

    def put_resolutions(self, resolutions: Iterable[Resolution], run_id: str, sequence: int) -> None:
        """Write or replace resolutions; what is replaced becomes former by the run."""
        rows = list(resolutions)
        with self._transaction() as db:
            db.executemany(*self._former_resolutions([r.record_key for r in rows], run_id, sequence))
            db.executemany("REPLACE INTO resolutions VALUES (?, ?, ?, ?, ?)", map(astuple, rows))

    def remove_resolutions(self, record_keys: Iterable[str], run_id: str, sequence: int) -> None:
        """Delete resolutions; what is deleted becomes former by the run."""
        keys = list(record_keys)
        with self._transaction() as db:
            db.executemany(*self._former_resolutions(keys, run_id, sequence))
            db.executemany("DELETE FROM resolutions WHERE record_key = ?", ((key,) for key in keys))

    @staticmethod
    def _former_resolutions(keys: Iterable[str], run_id: str, sequence: int) -> tuple[str, list[tuple[Any, ...]]]:
        # what the same run wrote before it was killed is not what stood before it
        query = (
            f"INSERT OR IGNORE INTO former_resolutions SELECT ?, {_RESOLUTION} FROM resolutions "
            "WHERE record_key = ? AND run_id <> ?"
        )
        return query, [(sequence, key, run_id) for key in keys]

    def former_resolutions(self, sequence: int) -> dict[str, Resolution]:
        """Return what a run replaced or deleted, by record key."""
        rows = self._all(f"SELECT {_RESOLUTION} FROM former_resolutions WHERE sequence = ?", (sequence,))
        return {row[0]: Resolution(*row) for row in rows}

    def pairs(self) -> pa.Table:
        """Return the current decisions about pairs, ordered by key."""
        return codec.pairs_table(self._all(f"SELECT {_PAIR} FROM pairs ORDER BY left_key, right_key"))

    def put_pairs(self, pairs: pa.Table, sequence: int) -> None:
        """Make decisions about pairs current; what is replaced becomes former by the run."""
        rows = codec.pair_rows(pairs)
        with self._transaction() as db:
            db.executemany(*self._former_pairs(((row[0], row[1]) for row in rows), sequence))
            db.executemany(f"REPLACE INTO pairs ({_PAIR}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def withdraw_pairs(self, keys: Iterable[tuple[str, str]], sequence: int) -> None:
        """Delete current decisions; what is deleted becomes former by the run."""
        gone = list(keys)
        with self._transaction() as db:
            db.executemany(*self._former_pairs(gone, sequence))
            db.executemany("DELETE FROM pairs WHERE left_key = ? AND right_key = ?", gone)

    @staticmethod
    def _former_pairs(keys: Iterable[tuple[str, str]], sequence: int) -> tuple[str, list[tuple[Any, ...]]]:
        query = (
            f"INSERT OR IGNORE INTO former_pairs (until, {_PAIR}) SELECT ?, {_PAIR} FROM pairs "
            "WHERE left_key = ? AND right_key = ? AND sequence <> ?"
        )
        return query, [(sequence, *key, sequence) for key in keys]

    def former_pairs(self, sequence: int) -> pa.Table:
        """Return what a run replaced or deleted, ordered by key."""
        query = f"SELECT {_PAIR} FROM former_pairs WHERE until = ? ORDER BY left_key, right_key"
        return codec.pairs_table(self._all(query, (sequence,)))

    def pair_history(self, left_key: str, right_key: str) -> list[dict[str, Any]]:
        """Return all decisions about a pair, newest first."""
        place = (left_key, right_key)
        rows = self._all(f"SELECT {_PAIR}, NULL FROM pairs WHERE left_key = ? AND right_key = ?", place)
        former = f"SELECT {_PAIR}, until FROM former_pairs WHERE left_key = ? AND right_key = ? ORDER BY until DESC"
        return codec.pair_history([*rows, *self._all(former, place)])

    def memory(self) -> dict[str, RecordMemory]:
        """Return what is remembered of each record, by record key."""
        rows = self._all("SELECT record_key, since, compared FROM record_memory")
        return {row[0]: RecordMemory(row[1], row[2]) for row in rows}

    def put_memory(self, memory: Mapping[str, RecordMemory]) -> None:
        """Write or replace what is remembered of records."""
        with self._transaction() as db:
            rows = ((key, entry.since, entry.compared) for key, entry in memory.items())
            db.executemany("REPLACE INTO record_memory VALUES (?, ?, ?)", rows)

    def forget(self, record_keys: Iterable[str]) -> None:
        """Delete what is remembered of records."""
        with self._transaction() as db:
            db.executemany("DELETE FROM record_memory WHERE record_key = ?", ((key,) for key in record_keys))
