"""The part of the Cassandra store that holds decisions on records: resolutions, pairs, what is remembered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zlib import crc32

import pyarrow as pa

from loaders.stores.mentions import codec
from loaders.stores.mentions.cassandra_session import CassandraSession
from schemas.resolution import RecordMemory, Resolution

ROW_BUCKETS = 256
FORMER_BUCKETS = 16
_READ_ALL_FROM = 2_000
"""From this many rows on, reading a table whole is quicker than asking for each."""
_RESOLUTION = "record_key, entity_id, probability, decided_by, run_id"
_PAIR = ", ".join(codec.PAIR_COLUMNS)
_SEQUENCE = codec.PAIR_COLUMNS.index("sequence")
_Pair = tuple[str, str]


def bucket(key: str, buckets: int) -> int:
    """Return the bucket of a key, the same on every machine."""
    return crc32(key.encode("utf-8", "surrogatepass")) % buckets


class CassandraRecords:
    """Resolutions, decisions about pairs, and what is remembered of records; a part of CassandraMentions."""

    def __init__(self, session: CassandraSession) -> None:
        self._db = session

    # resolutions

    def resolutions(self) -> dict[str, Resolution]:
        """Return the current resolution of every record, by record key."""
        return {row[0]: Resolution(*row) for row in self._db.rows(f"SELECT {_RESOLUTION} FROM resolutions")}

    def put_resolutions(self, resolutions: Iterable[Resolution], run_id: str, sequence: int) -> None:
        """Write or replace resolutions; what is replaced becomes former by the run."""
        rows = sorted(
            (bucket(r.record_key, ROW_BUCKETS), r.record_key, r.entity_id, r.probability, r.decided_by, r.run_id)
            for r in resolutions
        )
        self._keep_resolutions([row[1] for row in rows], run_id, sequence)
        self._db.write(f"INSERT INTO resolutions (bucket, {_RESOLUTION}) VALUES (?, ?, ?, ?, ?, ?)", rows)

    def remove_resolutions(self, record_keys: Iterable[str], run_id: str, sequence: int) -> None:
        """Delete resolutions; what is deleted becomes former by the run."""
        keys = list(record_keys)
        self._keep_resolutions(keys, run_id, sequence)
        rows = [(bucket(key, ROW_BUCKETS), key) for key in keys]
        self._db.write("DELETE FROM resolutions WHERE bucket = ? AND record_key = ?", rows)

    def _keep_resolutions(self, keys: Sequence[str], run_id: str, sequence: int) -> None:
        if len(keys) >= _READ_ALL_FROM:
            wanted = set(keys)
            found = [row for row in self._db.rows(f"SELECT {_RESOLUTION} FROM resolutions") if row[0] in wanted]
        else:
            query = f"SELECT {_RESOLUTION} FROM resolutions WHERE bucket = ? AND record_key = ?"
            places = [(bucket(key, ROW_BUCKETS), key) for key in keys]
            found = [row for rows in self._db.rows_of_each(query, places) for row in rows]
        # what the same run wrote before it was killed is not what stood before it
        former = sorted((sequence, bucket(row[0], FORMER_BUCKETS), *row) for row in found if row[4] != run_id)
        columns = f"sequence, bucket, {_RESOLUTION}"
        self._db.write(f"INSERT INTO former_resolutions ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", former, 2)

    def former_resolutions(self, sequence: int) -> dict[str, Resolution]:
        """Return what a run replaced or deleted, by record key."""
        query = f"SELECT {_RESOLUTION} FROM former_resolutions WHERE sequence = ? AND bucket = ?"
        places = [(sequence, number) for number in range(FORMER_BUCKETS)]
        return {row[0]: Resolution(*row) for rows in self._db.rows_of_each(query, places) for row in rows}

    # decisions about pairs

    def pairs(self) -> pa.Table:
        """Return the current decisions about pairs, ordered by key."""
        return codec.pairs_table(sorted(self._db.rows(f"SELECT {_PAIR} FROM pairs"), key=_key))

    def put_pairs(self, pairs: pa.Table, sequence: int) -> None:
        """Make decisions about pairs current; what is replaced becomes former by the run."""
        rows = codec.pair_rows(pairs)
        self._keep_pairs([_key(row) for row in rows], sequence)
        placed = sorted((bucket(row[0], ROW_BUCKETS), *row) for row in rows)
        self._db.write(f"INSERT INTO pairs (bucket, {_PAIR}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", placed)

    def withdraw_pairs(self, keys: Iterable[_Pair], sequence: int) -> None:
        """Delete current decisions; what is deleted becomes former by the run."""
        gone = list(keys)
        self._keep_pairs(gone, sequence)
        rows = [(bucket(key[0], ROW_BUCKETS), *key) for key in gone]
        self._db.write("DELETE FROM pairs WHERE bucket = ? AND left_key = ? AND right_key = ?", rows)

    def _keep_pairs(self, keys: Sequence[_Pair], sequence: int) -> None:
        if len(keys) >= _READ_ALL_FROM:
            wanted = set(keys)
            found = [row for row in self._db.rows(f"SELECT {_PAIR} FROM pairs") if _key(row) in wanted]
        else:
            query = f"SELECT {_PAIR} FROM pairs WHERE bucket = ? AND left_key = ? AND right_key = ?"
            places = [(bucket(key[0], ROW_BUCKETS), *key) for key in keys]
            found = [row for rows in self._db.rows_of_each(query, places) for row in rows]
        former = sorted((sequence, bucket(row[0], FORMER_BUCKETS), *row) for row in found if row[_SEQUENCE] != sequence)
        histories = [(row[2], row[3], row[0], row[1]) for row in former]
        self._db.write(
            "INSERT INTO pair_history (left_key, right_key, until, bucket) VALUES (?, ?, ?, ?)", histories, 2
        )
        columns = f"until, bucket, {_PAIR}"
        self._db.write(f"INSERT INTO former_pairs ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", former, 2)

    def former_pairs(self, sequence: int) -> pa.Table:
        """Return what a run replaced or deleted, ordered by key."""
        query = f"SELECT {_PAIR} FROM former_pairs WHERE until = ? AND bucket = ?"
        places = [(sequence, number) for number in range(FORMER_BUCKETS)]
        found = [row for rows in self._db.rows_of_each(query, places) for row in rows]
        return codec.pairs_table(sorted(found, key=_key))

    def pair_history(self, left_key: str, right_key: str) -> list[dict[str, Any]]:
        """Return all decisions about a pair, newest first."""
        place = (left_key, right_key)
        query = f"SELECT {_PAIR} FROM pairs WHERE bucket = ? AND left_key = ? AND right_key = ?"
        rows = [(*row, None) for row in self._db.rows(query, (bucket(left_key, ROW_BUCKETS), *place))]
        runs = self._db.rows("SELECT until, bucket FROM pair_history WHERE left_key = ? AND right_key = ?", place)
        query = (
            f"SELECT {_PAIR}, until FROM former_pairs WHERE until = ? AND bucket = ? AND left_key = ? AND right_key = ?"
        )
        former = self._db.rows_of_each(query, [(*run, *place) for run in runs])
        return codec.pair_history([*rows, *(row for found in former for row in found)])

    # what is remembered

    def memory(self) -> dict[str, RecordMemory]:
        """Return what is remembered of each record, by record key."""
        rows = self._db.rows("SELECT record_key, since, compared FROM record_memory")
        return {row[0]: RecordMemory(row[1], row[2]) for row in rows}

    def put_memory(self, memory: Mapping[str, RecordMemory]) -> None:
        """Write or replace what is remembered of records."""
        rows = sorted((bucket(key, ROW_BUCKETS), key, entry.since, entry.compared) for key, entry in memory.items())
        self._db.write("INSERT INTO record_memory (bucket, record_key, since, compared) VALUES (?, ?, ?, ?)", rows)

    def forget(self, record_keys: Iterable[str]) -> None:
        """Delete what is remembered of records."""
        rows = [(bucket(key, ROW_BUCKETS), key) for key in record_keys]
        self._db.write("DELETE FROM record_memory WHERE bucket = ? AND record_key = ?", rows)


def _key(row: Sequence[Any]) -> _Pair:
    return row[0], row[1]
