"""The part of the Cassandra store that is not about documents: files, records, relations, runs, state."""

from collections.abc import Iterable, Iterator
from typing import Any

from loaders.stores.mentions import codec
from loaders.stores.mentions.cassandra_records import ROW_BUCKETS, CassandraRecords, bucket
from schemas.record import Record
from schemas.relation import Relation
from schemas.run import Run, SourceFile

FILE_BUCKETS = 64


class CassandraCatalog(CassandraRecords):
    """Files, records, relations, runs and state in a keyspace; a part of CassandraMentions."""

    # what was taken in

    def files(self) -> list[SourceFile]:
        """Return the files that were taken in, ordered by (kind, path)."""
        rows = self._db.rows("SELECT file_id, kind, path, source, content_hash, rows, bad_rows, complete FROM files")
        return sorted((SourceFile(*row) for row in rows), key=lambda file: (file.kind, file.path))

    def put_file(self, file: SourceFile) -> None:
        """Write or replace the row of a file."""
        columns = "kind, file_id, path, source, content_hash, rows, bad_rows, complete"
        values = (file.kind, file.file_id, file.path, file.source, file.content_hash, file.rows, file.bad_rows)
        self._db.write(f"INSERT INTO files ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [(*values, file.complete)])

    def remove_file(self, file_id: str) -> None:
        """Forget a file."""
        kinds = [row[0] for row in self._db.rows("SELECT kind, file_id FROM files") if row[1] == file_id]
        self._db.write("DELETE FROM files WHERE kind = ? AND file_id = ?", [(kind, file_id) for kind in kinds])

    # the catalog

    def put_records(self, file_id: str, records: Iterable[Record]) -> None:
        """Write or replace records."""
        rows = sorted(
            (bucket(r.record_id, ROW_BUCKETS), r.source, r.record_id, file_id, codec.pack_record(r)) for r in records
        )
        owned = sorted((file_id, bucket(row[2], FILE_BUCKETS), row[1], row[2]) for row in rows)
        self._db.write("INSERT INTO records_of_file (file_id, bucket, source, record_id) VALUES (?, ?, ?, ?)", owned, 2)
        self._db.write("INSERT INTO records (bucket, source, record_id, file_id, body) VALUES (?, ?, ?, ?, ?)", rows)

    def put_relations(self, file_id: str, relations: Iterable[Relation]) -> None:
        """Write or replace relations."""
        keys = [(r.subject, r.relation, r.object, r.source) for r in relations]
        owned = sorted((file_id, bucket(key[0], FILE_BUCKETS), *key) for key in keys)
        columns = "subject, relation, object, source"
        self._db.write(
            f"INSERT INTO relations_of_file (file_id, bucket, {columns}) VALUES (?, ?, ?, ?, ?, ?)", owned, 2
        )
        rows = sorted((bucket(key[0], ROW_BUCKETS), *key, file_id) for key in keys)
        self._db.write(f"INSERT INTO relations (bucket, {columns}, file_id) VALUES (?, ?, ?, ?, ?, ?)", rows)

    def records(self) -> Iterator[Record]:
        """Yield every record, ordered by (source, record_id)."""
        rows = self._db.rows("SELECT source, record_id, body FROM records")
        for row in sorted(rows, key=lambda row: (row[0], row[1])):
            yield codec.unpack_record(*row)

    def record_keys(self, file_id: str) -> set[tuple[str, str]]:
        """Return the keys of a file's records; a record that another file took over is no longer among them."""
        owned = self._owned("records_of_file", "source, record_id", file_id)
        keys = [(bucket(key[1], ROW_BUCKETS), *key) for key in owned]
        query = "SELECT file_id FROM records WHERE bucket = ? AND source = ? AND record_id = ?"
        found = zip(keys, self._db.rows_of_each(query, keys), strict=True)
        return {(key[1], key[2]) for key, rows in found if (file_id,) in rows}

    def relations(self) -> Iterator[Relation]:
        """Yield every relation, ordered by its four fields."""
        for row in sorted(self._db.rows("SELECT subject, relation, object, source FROM relations")):
            yield Relation(*row)

    def relation_keys(self, file_id: str) -> set[tuple[str, str, str, str]]:
        """Return the keys of a file's relations; one that another file took over is no longer among them."""
        owned = self._owned("relations_of_file", "subject, relation, object, source", file_id)
        keys = [(bucket(key[0], ROW_BUCKETS), *key) for key in owned]
        condition = "bucket = ? AND subject = ? AND relation = ? AND object = ? AND source = ?"
        query = f"SELECT file_id FROM relations WHERE {condition}"
        found = zip(keys, self._db.rows_of_each(query, keys), strict=True)
        return {(key[1], key[2], key[3], key[4]) for key, rows in found if (file_id,) in rows}

    def _owned(self, table: str, columns: str, file_id: str) -> list[tuple[Any, ...]]:
        query = f"SELECT {columns} FROM {table} WHERE file_id = ? AND bucket = ?"
        places = [(file_id, number) for number in range(FILE_BUCKETS)]
        return [row for rows in self._db.rows_of_each(query, places) for row in rows]

    def remove_records(self, keys: Iterable[tuple[str, str]]) -> None:
        """Delete records."""
        rows = [(bucket(key[1], ROW_BUCKETS), *key) for key in keys]
        self._db.write("DELETE FROM records WHERE bucket = ? AND source = ? AND record_id = ?", rows)

    def remove_relations(self, keys: Iterable[tuple[str, str, str, str]]) -> None:
        """Delete relations."""
        rows = [(bucket(key[0], ROW_BUCKETS), *key) for key in keys]
        condition = "bucket = ? AND subject = ? AND relation = ? AND object = ? AND source = ?"
        self._db.write(f"DELETE FROM relations WHERE {condition}", rows)

    # runs and state

    def put_run(self, run: Run) -> None:
        """Write or replace a run."""
        values = (run.started_at[:7], run.run_id, run.sequence, codec.pack_run(run))
        self._db.write("INSERT INTO runs (month, run_id, sequence, body) VALUES (?, ?, ?, ?)", [values])

    def runs(self) -> list[Run]:
        """Return all runs, newest first."""
        found = [codec.unpack_run(row[0]) for row in self._db.rows("SELECT body FROM runs")]
        return sorted(found, key=lambda run: -run.sequence)

    def get_state(self, key: str) -> str:
        """Return a value of the home's state, "" when it was never set."""
        return next((str(row[0]) for row in self._db.rows("SELECT value FROM state WHERE key = ?", (key,))), "")

    def set_state(self, key: str, value: str) -> None:
        """Set a value of the home's state."""
        self._db.write("INSERT INTO state (key, value) VALUES (?, ?)", [(key, value)])
