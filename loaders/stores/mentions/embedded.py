"""The mention store of the embedded home: one SQLite file in WAL mode."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import astuple
from importlib.resources import files
from typing import Any

import pyarrow as pa

from loaders.stores.mentions import codec
from loaders.stores.mentions.decision_codec import decisions_table, packed_decisions, unpacked_decision
from loaders.stores.mentions.embedded_records import EmbeddedRecords
from schemas.batches import DOCUMENT_ROWS
from schemas.document import Document
from schemas.record import Record
from schemas.relation import Relation
from schemas.run import Run, SourceFile
from schemas.writer import Writer

DECISIONS_AT_ONCE = 4_096
_DOCUMENT_COLUMNS = ", ".join(DOCUMENT_ROWS.names)


class EmbeddedMentions(EmbeddedRecords):
    """Documents, mentions, decisions and records in one SQLite file; implements MentionStore.

    path: the file; made when it is missing. Raises StoreUnavailable when it is locked or the disk is full,
    StoreRejected when it is not a database. May be used by one thread after another, never by two at once.
    """

    def prepare(self) -> None:
        """Create the tables that are missing."""
        script = files("schemas").joinpath("ddl", "sqlite.sql").read_text(encoding="utf-8")
        with self._failures():
            self._db.executescript(script)

    def writing(self, writer: Writer, *, shared: bool = False) -> AbstractContextManager[None]:
        """Hold nothing: whoever writes to this file holds the lock of the home's folder."""
        return nullcontext()

    def written_until(self) -> int:
        """Return 0: the file keeps what was written last, and needs no clock."""
        return 0

    def write_after(self, mark: int) -> None:
        """Do nothing: later is what is written later."""

    def files(self) -> list[SourceFile]:
        """Return the files that were taken in, ordered by (kind, path)."""
        columns = "file_id, kind, path, source, content_hash, rows, bad_rows, complete"
        rows = self._all(f"SELECT {columns} FROM files ORDER BY kind, path")
        return [SourceFile(*(*row[:7], bool(row[7]))) for row in rows]

    def put_file(self, file: SourceFile) -> None:
        """Write or replace the row of a file."""
        with self._transaction() as db:
            db.execute("REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", astuple(file))

    def remove_file(self, file_id: str) -> None:
        """Forget a file."""
        with self._transaction() as db:
            db.execute("DELETE FROM files WHERE file_id = ?", (file_id,))

    def put_records(self, file_id: str, records: Iterable[Record]) -> None:
        """Write or replace records."""
        rows = ((r.source, r.record_id, file_id, codec.pack_record(r)) for r in records)
        with self._transaction() as db:
            db.executemany("REPLACE INTO records VALUES (?, ?, ?, ?)", rows)

    def put_relations(self, file_id: str, relations: Iterable[Relation]) -> None:
        """Write or replace relations."""
        with self._transaction() as db:
            db.executemany("REPLACE INTO relations VALUES (?, ?, ?, ?, ?)", ((*astuple(r), file_id) for r in relations))

    def records(self) -> Iterator[Record]:
        """Yield every record, ordered by (source, record_id)."""
        with self._failures():
            for row in self._db.execute("SELECT source, record_id, body FROM records ORDER BY source, record_id"):
                yield codec.unpack_record(*row)

    def record_keys(self, file_id: str) -> set[tuple[str, str]]:
        """Return the keys of a file's records."""
        return {(r[0], r[1]) for r in self._all("SELECT source, record_id FROM records WHERE file_id = ?", (file_id,))}

    def relations(self) -> Iterator[Relation]:
        """Yield every relation, ordered by its four fields."""
        with self._failures():
            query = "SELECT subject, relation, object, source FROM relations ORDER BY subject, relation, object, source"
            for row in self._db.execute(query):
                yield Relation(*row)

    def relation_keys(self, file_id: str) -> set[tuple[str, str, str, str]]:
        """Return the keys of a file's relations."""
        query = "SELECT subject, relation, object, source FROM relations WHERE file_id = ?"
        return {(r[0], r[1], r[2], r[3]) for r in self._all(query, (file_id,))}

    def remove_records(self, keys: Iterable[tuple[str, str]]) -> None:
        """Delete records."""
        with self._transaction() as db:
            db.executemany("DELETE FROM records WHERE source = ? AND record_id = ?", keys)

    def remove_relations(self, keys: Iterable[tuple[str, str, str, str]]) -> None:
        """Delete relations."""
        condition = "subject = ? AND relation = ? AND object = ? AND source = ?"
        with self._transaction() as db:
            db.executemany(f"DELETE FROM relations WHERE {condition}", keys)

    def put_documents(self, file_id: str, documents: Sequence[Document]) -> None:
        """Write or replace documents; what their mentions and decisions depend on stays noted."""
        query = (
            "INSERT INTO documents (id, title, kind, published, uri, language, file_id, content_hash, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title, "
            "kind = excluded.kind, published = excluded.published, uri = excluded.uri, language = excluded.language, "
            "file_id = excluded.file_id, content_hash = excluded.content_hash, body = excluded.body"
        )
        rows = (
            (d.id, d.title, d.kind, d.published, d.uri, d.language, file_id, d.content_hash, codec.pack_document(d))
            for d in documents
        )
        with self._transaction() as db:
            db.executemany(query, rows)

    def document(self, doc_id: str) -> Document | None:
        """Return a document, or None."""
        return next(iter(self.documents([doc_id])), None)

    def documents(self, doc_ids: Sequence[str]) -> list[Document]:
        """Return those documents that exist, in the order asked."""
        found = []
        for doc_id in doc_ids:
            query = "SELECT id, title, kind, published, uri, language, body FROM documents WHERE id = ?"
            for row in self._all(query, (doc_id,)):
                named = dict(zip(("id", "title", "kind", "published", "uri", "language"), row, strict=False))
                found.append(codec.unpack_document(named, row[6]))
        return found

    def document_rows(self, doc_ids: Sequence[str] | None = None) -> pa.Table:
        """Return DOCUMENT_ROWS of all documents, or of those that are asked for, ordered by id."""
        query = f"SELECT {_DOCUMENT_COLUMNS} FROM documents"
        if doc_ids is None:
            rows = self._all(f"{query} ORDER BY id")
        else:
            rows = [row for doc_id in sorted(set(doc_ids)) for row in self._all(f"{query} WHERE id = ?", (doc_id,))]
        columns = list(zip(*rows, strict=True)) if rows else [() for _ in DOCUMENT_ROWS.names]
        return pa.table([pa.array(column, pa.string()) for column in columns], schema=DOCUMENT_ROWS)

    def remove_documents(self, doc_ids: Sequence[str]) -> None:
        """Delete documents with their mentions and current decisions; the log stays."""
        with self._transaction() as db:
            for table, column in (("documents", "id"), ("mentions", "doc_id"), ("decisions", "doc_id")):
                db.executemany(f"DELETE FROM {table} WHERE {column} = ?", ((doc_id,) for doc_id in doc_ids))

    def put_mentions(self, doc_id_keys: Mapping[str, str], mentions: pa.Table) -> None:
        """Replace the mentions of documents; decisions of mentions that are gone are dropped."""
        with self._transaction() as db:
            db.executemany("DELETE FROM mentions WHERE doc_id = ?", ((doc_id,) for doc_id in doc_id_keys))
            db.executemany("INSERT INTO mentions VALUES (?, ?, ?, ?, ?)", codec.packed_mentions(mentions))
            # the document is named twice: what is kept is then looked up once, not for every decision of it
            kept = "SELECT mention_id FROM mentions WHERE doc_id = ?2"
            gone = f"DELETE FROM decisions WHERE doc_id = ?1 AND mention_id NOT IN ({kept})"
            db.executemany(gone, ((doc_id, doc_id) for doc_id in doc_id_keys))
            keys = ((key, doc_id) for doc_id, key in doc_id_keys.items())
            db.executemany("UPDATE documents SET extraction_key = ? WHERE id = ?", keys)

    def mentions(self, doc_ids: Sequence[str]) -> pa.Table:
        """Return the MENTIONS of documents, ordered by (doc_id, start, end)."""
        query = 'SELECT doc_id, start, "end", mention_id, body FROM mentions WHERE doc_id = ? ORDER BY start, "end"'
        return codec.mentions_table(row for doc_id in sorted(set(doc_ids)) for row in self._all(query, (doc_id,)))

    def mention(self, mention_id: str) -> pa.Table:
        """Return the MENTIONS row of one mention: one row, or none."""
        query = 'SELECT doc_id, start, "end", mention_id, body FROM mentions WHERE mention_id = ?'
        return codec.mentions_table(self._all(query, (mention_id,)))

    def append_decisions(self, decisions: pa.Table, decision_keys: Mapping[str, str]) -> None:
        """Append decisions to the log and make them current."""
        with self._transaction() as db:
            for rows in packed_decisions(decisions):
                logged = ((r["mention_id"], r["sequence"], r["run_id"], r["decision"], body) for r, body in rows)
                db.executemany("REPLACE INTO decision_log VALUES (?, ?, ?, ?, ?)", logged)
                current = (
                    (*codec.place(r), r["decision"], codec.asserted_entity(r), codec.review_doubt(r), body)
                    for r, body in rows
                )
                db.executemany("REPLACE INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", current)
            self._note_decided(db, decision_keys)

    def withdraw_decisions(
        self, mentions: pa.Table, run_id: str, sequence: int, decision_keys: Mapping[str, str]
    ) -> None:
        """Append to the log that mentions are undecided again; drop what is current."""
        ids = mentions["mention_id"].to_pylist()
        with self._transaction() as db:
            logged = ((mention_id, sequence, run_id) for mention_id in ids)
            db.executemany("REPLACE INTO decision_log VALUES (?, ?, ?, 'withdrawn', NULL)", logged)
            db.executemany("DELETE FROM decisions WHERE mention_id = ?", ((mention_id,) for mention_id in ids))
            self._note_decided(db, decision_keys)

    @staticmethod
    def _note_decided(db: sqlite3.Connection, decision_keys: Mapping[str, str]) -> None:
        keys = ((key, doc_id) for doc_id, key in decision_keys.items())
        db.executemany("UPDATE documents SET decision_key = ? WHERE id = ?", keys)

    def decisions(
        self, doc_ids: Sequence[str] | None = None, columns: Sequence[str] | None = None
    ) -> Iterator[pa.Table]:
        """Yield current STORED_DECISIONS in bounded batches, ordered by (doc_id, start, end)."""
        wanted = sorted(set(doc_ids)) if doc_ids is not None else [row[0] for row in self._decided_documents()]
        bodies: list[bytes] = []
        for doc_id in wanted:
            query = 'SELECT body FROM decisions WHERE doc_id = ? ORDER BY start, "end"'
            bodies.extend(row[0] for row in self._all(query, (doc_id,)))
            if len(bodies) >= DECISIONS_AT_ONCE:
                yield decisions_table(bodies, columns)
                bodies = []
        if bodies:
            yield decisions_table(bodies, columns)

    def _decided_documents(self) -> list[tuple[Any, ...]]:
        return self._all("SELECT DISTINCT doc_id FROM decisions ORDER BY doc_id")

    def decision(self, mention_id: str) -> pa.Table:
        """Return the current STORED_DECISIONS row of a mention: one row, or none."""
        rows = self._all("SELECT body FROM decisions WHERE mention_id = ?", (mention_id,))
        return decisions_table(row[0] for row in rows)

    def decision_log(self, mention_id: str) -> list[dict[str, Any]]:
        """Return the log of a mention, newest first."""
        query = "SELECT sequence, run_id, decision, body FROM decision_log WHERE mention_id = ? ORDER BY sequence DESC"
        return [
            unpacked_decision(body) if body else {"sequence": sequence, "run_id": run_id, "decision": decision}
            for sequence, run_id, decision, body in self._all(query, (mention_id,))
        ]

    def decisions_at(self, mention_ids: Sequence[str], sequence: int) -> pa.Table:
        """Return the STORED_DECISIONS that were current after a run, in the order of `mention_ids`."""
        query = "SELECT body FROM decision_log WHERE mention_id = ? AND sequence <= ? ORDER BY sequence DESC LIMIT 1"
        rows = (row for mention_id in dict.fromkeys(mention_ids) for row in self._all(query, (mention_id, sequence)))
        return decisions_table(body for (body,) in rows if body)

    def entity_mentions(self, entity_id: str, *, limit: int, after: str = "") -> tuple[pa.Table, str]:
        """Return current decisions that assert an entity, ordered by (doc_id, start), and the next page's token."""
        place = codec.page_place(after) or ["", -1, ""]
        query = (
            "SELECT doc_id, start, mention_id, body FROM decisions WHERE asserted = ? "
            "AND (doc_id, start, mention_id) > (?, ?, ?) ORDER BY doc_id, start, mention_id LIMIT ?"
        )
        rows = self._all(query, (entity_id, *place, limit + 1))
        token = codec.page_token(*rows[limit - 1][:3]) if len(rows) > limit else ""
        return decisions_table(row[3] for row in rows[:limit]), token

    def review_queue(self, limit: int) -> pa.Table:
        """Return the current reviews, those with probability nearest one half first."""
        query = "SELECT body FROM decisions WHERE doubt IS NOT NULL ORDER BY doubt, mention_id LIMIT ?"
        return decisions_table(row[0] for row in self._all(query, (limit,)))

    def put_run(self, run: Run) -> None:
        """Write or replace a run."""
        with self._transaction() as db:
            db.execute("REPLACE INTO runs VALUES (?, ?, ?)", (run.run_id, run.sequence, codec.pack_run(run)))

    def runs(self) -> list[Run]:
        """Return all runs, newest first."""
        return [codec.unpack_run(row[0]) for row in self._all("SELECT body FROM runs ORDER BY sequence DESC")]

    def get_state(self, key: str) -> str:
        """Return a value of the home's state, "" when it was never set."""
        rows = self._all("SELECT value FROM state WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else ""

    def set_state(self, key: str, value: str) -> None:
        """Set a value of the home's state."""
        with self._transaction() as db:
            db.execute("REPLACE INTO state VALUES (?, ?)", (key, value))

    def counts(self) -> dict[str, int]:
        """Return how many rows of each kind there are."""
        tables = ("files", "records", "relations", "documents", "mentions")
        counted = {table: int(self._all(f"SELECT count(*) FROM {table}")[0][0]) for table in tables}
        decided = dict(self._all("SELECT decision, count(*) FROM decisions GROUP BY decision"))
        named = (("links", "link"), ("reviews", "review"), ("nils", "nil"))
        return counted | {name: int(decided.get(kind, 0)) for name, kind in named}

    def check(self) -> str:
        """Return the name and version of what answers."""
        self._all("SELECT 1")
        return f"SQLite {sqlite3.sqlite_version}"
