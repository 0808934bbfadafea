"""The mention store on Cassandra: a table per question, written so that a repeated write converges."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from heapq import merge
from itertools import chain, islice, tee
from typing import Any

import pyarrow as pa

from loaders.stores.mentions import codec
from loaders.stores.mentions.cassandra_catalog import CassandraCatalog
from loaders.stores.mentions.cassandra_lease import Lease
from loaders.stores.mentions.cassandra_records import bucket
from loaders.stores.mentions.cassandra_session import CassandraSession, CassandraSettings
from loaders.stores.mentions.decision_codec import decisions_table, packed_decisions, unpacked_decision
from schemas.batches import DOCUMENT_ROWS
from schemas.document import Document
from schemas.writer import Writer

__all__ = ["CassandraMentions", "CassandraSettings"]

ENTITY_BUCKETS = 256
REVIEW_BUCKETS = 16
DOCUMENTS_AT_ONCE = 64
BEHIND_S = 60.0
"""A clock that is further behind is told; clocks that are set by the network differ by less."""
_DOCUMENT = ("id", "title", "kind", "published", "uri", "language")


class CassandraMentions(CassandraCatalog):
    """Documents, mentions, decisions and records in a keyspace; implements MentionStore.

    hosts:    contact points. keyspace: made by `prepare` when it is missing.
    Raises StoreUnavailable when no node answers, StoreRejected when the password is wrong.
    """

    def __init__(
        self,
        hosts: Sequence[str],
        port: int,
        keyspace: str,
        *,
        user: str,
        password: str,
        settings: CassandraSettings | None = None,
    ) -> None:
        url = f"cassandra://{','.join(hosts)}:{port}/{keyspace}"
        super().__init__(CassandraSession(url, hosts, port, keyspace, settings or CassandraSettings()))
        try:
            self._db.connect(user, password)
        except BaseException:
            self._db.close()
            raise

    @property
    def url(self) -> str:
        """Address of the keyspace."""
        return self._db.url

    def prepare(self) -> None:
        """Create the keyspace and the tables that are missing."""
        self._db.create_tables()

    @contextmanager
    def writing(self, writer: Writer, *, shared: bool = False) -> Iterator[None]:
        """Hold the right to write; raises StoreHeld when another process holds it, and says which."""
        lease = Lease(self._db, writer, shared=shared)
        self._db.patience.keep(lease.take)
        if lease.behind_s > BEHIND_S:
            told = f"this machine's clock is {lease.behind_s:.0f} s behind that of who wrote before"
            self._db.patience.tell(f"{self.url}: {told}; what is written now counts as later all the same")
        self._db.may_write = lease.check
        try:
            yield
        finally:
            self._db.may_write = lambda: None
            lease.give_back()

    def written_until(self) -> int:
        """Return the latest timestamp that was given, or the clock's, in microseconds since 1970."""
        return self._db.stamps.newest

    def write_after(self, mark: int) -> None:
        """Give writes later timestamps than this one."""
        self._db.stamps.begin_after(mark)

    # documents and their mentions

    def put_documents(self, file_id: str, documents: Sequence[Document]) -> None:
        """Write or replace documents; what their mentions and decisions depend on stays noted."""
        rows = (
            (d.id, d.title, d.kind, d.published, d.uri, d.language, file_id, d.content_hash, codec.pack_document(d))
            for d in documents
        )
        columns = f"{', '.join(_DOCUMENT)}, file_id, content_hash, body"
        self._db.write(f"INSERT INTO documents ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def document(self, doc_id: str) -> Document | None:
        """Return a document, or None."""
        return next(iter(self.documents([doc_id])), None)

    def documents(self, doc_ids: Sequence[str]) -> list[Document]:
        """Return those documents that exist, in the order asked."""
        query = f"SELECT {', '.join(_DOCUMENT)}, body FROM documents WHERE id = ?"
        found = self._db.rows_of_each(query, [(doc_id,) for doc_id in doc_ids])
        return [
            codec.unpack_document(dict(zip(_DOCUMENT, row, strict=False)), row[-1])
            for rows in found
            for row in rows
            if row[-1] is not None
        ]

    def document_rows(self, doc_ids: Sequence[str] | None = None) -> pa.Table:
        """Return DOCUMENT_ROWS of all documents, or of those that are asked for, ordered by id."""
        query = f"SELECT {', '.join(DOCUMENT_ROWS.names)} FROM documents"
        if doc_ids is None:
            found = self._db.rows(query)
        else:
            wanted = [(doc_id,) for doc_id in set(doc_ids)]
            found = chain.from_iterable(self._db.rows_of_each(f"{query} WHERE id = ?", wanted))
        # a row without content is what an update of a removed document leaves behind
        rows = sorted([value or "" for value in row] for row in found if row[7])
        columns = list(zip(*rows, strict=True)) if rows else [() for _ in DOCUMENT_ROWS.names]
        return pa.table([pa.array(column, pa.string()) for column in columns], schema=DOCUMENT_ROWS)

    def remove_documents(self, doc_ids: Sequence[str]) -> None:
        """Delete documents with their mentions and current decisions; the log stays."""
        for doc_id in doc_ids:
            mentions = [(row[3],) for row in self._places("mentions", doc_id)]
            self._drop_current(self._current([doc_id]))
            self._db.write("DELETE FROM mention_places WHERE mention_id = ?", mentions)
            self._db.write("DELETE FROM mentions WHERE doc_id = ?", [(doc_id,)])
        self._db.write("DELETE FROM documents WHERE id = ?", [(doc_id,) for doc_id in doc_ids])

    def _places(self, table: str, doc_id: str) -> list[tuple[Any, ...]]:
        return list(self._db.rows(f'SELECT doc_id, start, "end", mention_id FROM {table} WHERE doc_id = ?', (doc_id,)))

    def put_mentions(self, doc_id_keys: Mapping[str, str], mentions: pa.Table) -> None:
        """Replace the mentions of documents; decisions of mentions that are gone are dropped."""
        kept = set(mentions["mention_id"].to_pylist())
        query = 'SELECT doc_id, start, "end", mention_id FROM mentions WHERE doc_id IN ?'
        gone = [row for row in self._db.rows_of_keys(query, doc_id_keys) if row[3] not in kept]
        packed, again = tee(codec.packed_mentions(mentions))
        places = ((mention_id, doc_id, start, end) for doc_id, start, end, mention_id, _ in again)
        into = 'INSERT INTO mentions (doc_id, start, "end", mention_id, body) VALUES (?, ?, ?, ?, ?)'
        placed = 'INSERT INTO mention_places (mention_id, doc_id, start, "end") VALUES (?, ?, ?, ?)'
        self._db.write_together([(into, packed, 1), (placed, places, 1)])
        if gone:
            ids = {row[3] for row in gone}
            self._drop_current([row for row in self._current(sorted({row[0] for row in gone})) if row[3] in ids])
            self._db.write('DELETE FROM mentions WHERE doc_id = ? AND start = ? AND "end" = ? AND mention_id = ?', gone)
            self._db.write("DELETE FROM mention_places WHERE mention_id = ?", [(row[3],) for row in gone])
        keys = ((key, doc_id) for doc_id, key in doc_id_keys.items())
        self._db.write("UPDATE documents SET extraction_key = ? WHERE id = ?", keys, 2)

    def mentions(self, doc_ids: Sequence[str]) -> pa.Table:
        """Return the MENTIONS of documents, ordered by (doc_id, start, end)."""
        query = 'SELECT doc_id, start, "end", mention_id, body FROM mentions WHERE doc_id = ?'
        found = self._db.rows_of_each(query, [(doc_id,) for doc_id in sorted(set(doc_ids))])
        return codec.mentions_table(row for rows in found for row in rows)

    def mention(self, mention_id: str) -> pa.Table:
        """Return the MENTIONS row of one mention: one row, or none."""
        places = list(
            self._db.rows('SELECT doc_id, start, "end" FROM mention_places WHERE mention_id = ?', (mention_id,))
        )
        query = (
            'SELECT doc_id, start, "end", mention_id, body FROM mentions '
            'WHERE doc_id = ? AND start = ? AND "end" = ? AND mention_id = ?'
        )
        found = self._db.rows_of_each(query, [(*place, mention_id) for place in places])
        return codec.mentions_table(row for rows in found for row in rows)

    # decisions

    def append_decisions(self, decisions: pa.Table, decision_keys: Mapping[str, str]) -> None:
        """Append decisions to the log and make them current."""
        rows = list(chain.from_iterable(packed_decisions(decisions)))
        before = self._current(sorted({row["doc_id"] for row, _ in rows}))
        logged = ((r["mention_id"], r["sequence"], r["run_id"], r["decision"], body) for r, body in rows)
        columns = "mention_id, sequence, run_id, decision, body"
        log = (f"INSERT INTO decision_log ({columns}) VALUES (?, ?, ?, ?, ?)", logged, 1)
        current = [
            (*codec.place(r), r["decision"], codec.asserted_entity(r), codec.review_doubt(r), body) for r, body in rows
        ]
        self._db.write_together([log, *_places_of(current)])
        columns = 'doc_id, start, "end", mention_id, decision, asserted, doubt, body'
        self._db.write(f"INSERT INTO decisions ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", current)
        now = {row[3]: row for row in current}
        self._drop_places([row for row in before if row[3] in now and row[5:7] != now[row[3]][5:7]], now)
        self._note_decided(decision_keys)

    def withdraw_decisions(
        self, mentions: pa.Table, run_id: str, sequence: int, decision_keys: Mapping[str, str]
    ) -> None:
        """Append to the log that mentions are undecided again; drop what is current."""
        ids = set(mentions["mention_id"].to_pylist())
        columns = "mention_id, sequence, run_id, decision, body"
        logged = [(mention_id, sequence, run_id, "withdrawn", None) for mention_id in sorted(ids)]
        self._db.write(f"INSERT INTO decision_log ({columns}) VALUES (?, ?, ?, ?, ?)", logged)
        current = self._current(sorted(set(mentions["doc_id"].to_pylist())))
        self._drop_current([row for row in current if row[3] in ids])
        self._note_decided(decision_keys)

    def _note_decided(self, decision_keys: Mapping[str, str]) -> None:
        keys = ((key, doc_id) for doc_id, key in decision_keys.items())
        self._db.write("UPDATE documents SET decision_key = ? WHERE id = ?", keys, 2)

    def _current(self, doc_ids: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return (doc_id, start, end, mention_id, decision, asserted, doubt) of what is decided in documents."""
        query = 'SELECT doc_id, start, "end", mention_id, decision, asserted, doubt FROM decisions WHERE doc_id IN ?'
        return list(self._db.rows_of_keys(query, doc_ids))

    def _drop_places(self, rows: Sequence[tuple[Any, ...]], now: Mapping[str, tuple[Any, ...]]) -> None:
        """Delete the places of decisions that hold no longer; what still holds in `now` stays."""
        asserted = [
            (row[5], bucket(row[0], ENTITY_BUCKETS), row[0], row[1], row[3])
            for row in rows
            if row[5] and (row[3] not in now or now[row[3]][5] != row[5])
        ]
        condition = "entity_id = ? AND bucket = ? AND doc_id = ? AND start = ? AND mention_id = ?"
        self._db.write(f"DELETE FROM entity_mentions WHERE {condition}", asserted, 2)
        doubted = [
            (bucket(row[3], REVIEW_BUCKETS), row[6], row[3])
            for row in rows
            if row[6] is not None and (row[3] not in now or now[row[3]][6] != row[6])
        ]
        self._db.write("DELETE FROM review_queue WHERE bucket = ? AND doubt = ? AND mention_id = ?", doubted)

    def _drop_current(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Delete current decisions, given as `_current` returns them, with their places."""
        places = [row[:4] for row in rows]
        self._db.write('DELETE FROM decisions WHERE doc_id = ? AND start = ? AND "end" = ? AND mention_id = ?', places)
        self._drop_places(rows, {})

    def decisions(
        self, doc_ids: Sequence[str] | None = None, columns: Sequence[str] | None = None
    ) -> Iterator[pa.Table]:
        """Yield current STORED_DECISIONS in bounded batches, ordered by (doc_id, start, end)."""
        wanted = iter(sorted(set(doc_ids)) if doc_ids is not None else self.document_rows()["id"].to_pylist())
        while chunk := [(doc_id,) for doc_id in islice(wanted, DOCUMENTS_AT_ONCE)]:
            found = self._db.rows_of_each("SELECT body FROM decisions WHERE doc_id = ?", chunk)
            bodies = [row[0] for rows in found for row in rows]
            if bodies:
                yield decisions_table(bodies, columns)

    def decision(self, mention_id: str) -> pa.Table:
        """Return the current STORED_DECISIONS row of a mention: one row, or none."""
        places = self._db.rows(
            'SELECT doc_id, start, "end", mention_id FROM mention_places WHERE mention_id = ?', (mention_id,)
        )
        return decisions_table(body for body, _ in self._decided_at(places))

    def _decided_at(self, places: Iterable[tuple[Any, ...]]) -> Iterator[tuple[bytes, tuple[Any, ...]]]:
        """Yield (body, (asserted, doubt)) of the current decisions at places (doc_id, start, end, mention_id)."""
        query = (
            "SELECT body, asserted, doubt FROM decisions "
            'WHERE doc_id = ? AND start = ? AND "end" = ? AND mention_id = ?'
        )
        for rows in self._db.rows_of_each(query, places):
            for body, asserted, doubt in rows:
                yield body, (asserted, doubt)

    def decision_log(self, mention_id: str) -> list[dict[str, Any]]:
        """Return the log of a mention, newest first."""
        query = "SELECT sequence, run_id, decision, body FROM decision_log WHERE mention_id = ?"
        return [
            unpacked_decision(body) if body else {"sequence": sequence, "run_id": run_id, "decision": decision}
            for sequence, run_id, decision, body in self._db.rows(query, (mention_id,))
        ]

    def decisions_at(self, mention_ids: Sequence[str], sequence: int) -> pa.Table:
        """Return the STORED_DECISIONS that were current after a run, in the order of `mention_ids`."""
        query = "SELECT body FROM decision_log WHERE mention_id = ? AND sequence <= ? LIMIT 1"
        asked = [(mention_id, sequence) for mention_id in dict.fromkeys(mention_ids)]
        found = self._db.rows_of_each(query, asked)
        return decisions_table(body for rows in found for (body,) in rows if body)

    def entity_mentions(self, entity_id: str, *, limit: int, after: str = "") -> tuple[pa.Table, str]:
        """Return current decisions that assert an entity, ordered by (doc_id, start), and the next page's token."""
        place = tuple(codec.page_place(after) or ["", -1, ""])
        query = (
            'SELECT doc_id, start, mention_id, "end" FROM entity_mentions '
            "WHERE entity_id = ? AND bucket = ? AND (doc_id, start, mention_id) > (?, ?, ?)"
        )
        buckets = [
            row[0] for row in self._db.rows("SELECT bucket FROM entity_buckets WHERE entity_id = ?", (entity_id,))
        ]
        ordered = merge(*(self._db.rows(query, (entity_id, number, *place)) for number in buckets))
        bodies: list[bytes] = []
        last: tuple[Any, ...] = ()
        while chunk := list(islice(ordered, limit + 1 - len(bodies))):
            for doc_id, start, mention_id, end in chunk:
                for body, (asserted, _) in self._decided_at([(doc_id, start, end, mention_id)]):
                    if asserted != entity_id:
                        continue
                    if len(bodies) == limit:
                        return decisions_table(bodies), codec.page_token(*last)
                    bodies.append(body)
                    last = (doc_id, start, mention_id)
        return decisions_table(bodies), ""

    def review_queue(self, limit: int) -> pa.Table:
        """Return the current reviews, those with probability nearest one half first."""
        query = 'SELECT doubt, mention_id, doc_id, start, "end" FROM review_queue WHERE bucket = ?'
        ordered = merge(*(self._db.rows(query, (number,)) for number in range(REVIEW_BUCKETS)))
        bodies: list[bytes] = []
        while len(bodies) < limit and (chunk := list(islice(ordered, limit))):
            for doubt, mention_id, doc_id, start, end in chunk:
                decided = self._decided_at([(doc_id, start, end, mention_id)])
                bodies.extend(body for body, (_, current) in decided if current == doubt)
        return decisions_table(bodies[:limit])

    def counts(self) -> dict[str, int]:
        """Return how many rows of each kind there are."""
        keys = {"files": "file_id", "records": "record_id", "relations": "subject", "documents": "content_hash"}
        counted = {
            table: sum(row[0] is not None for row in self._db.rows(f"SELECT {column} FROM {table}"))
            for table, column in (keys | {"mentions": "mention_id"}).items()
        }
        named = {"links": "link", "reviews": "review", "nils": "nil"}
        decided = [row[0] for row in self._db.rows("SELECT decision FROM decisions")]
        return counted | {name: decided.count(kind) for name, kind in named.items()}

    def check(self) -> str:
        """Return the name and version of what answers."""
        version = next(iter(self._db.rows("SELECT release_version FROM system.local")))[0]
        return f"Cassandra {version}"

    def close(self) -> None:
        """Close all connections."""
        self._db.close()


def _places_of(current: Sequence[tuple[Any, ...]]) -> Iterator[tuple[str, Iterable[tuple[Any, ...]], int]]:
    """Yield what writes where decisions are found by entity and by doubt: statement, rows, width of the partition."""
    asserted = sorted(
        (row[5], bucket(row[0], ENTITY_BUCKETS), row[0], row[1], row[3], row[2]) for row in current if row[5]
    )
    buckets = sorted({row[:2] for row in asserted})
    yield "INSERT INTO entity_buckets (entity_id, bucket) VALUES (?, ?)", buckets, 1
    columns = 'entity_id, bucket, doc_id, start, mention_id, "end"'
    yield f"INSERT INTO entity_mentions ({columns}) VALUES (?, ?, ?, ?, ?, ?)", asserted, 2
    doubted = sorted(
        (bucket(row[3], REVIEW_BUCKETS), row[6], row[3], row[0], row[1], row[2])
        for row in current
        if row[6] is not None
    )
    columns = 'bucket, doubt, mention_id, doc_id, start, "end"'
    yield f"INSERT INTO review_queue ({columns}) VALUES (?, ?, ?, ?, ?, ?)", doubted, 1
