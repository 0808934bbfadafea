"""What a store promises. Each protocol has one contract suite in tests/contracts, run on every store."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

import pyarrow as pa

from schemas.document import Document
from schemas.record import Record
from schemas.record_decisions import RecordDecisions
from schemas.relation import Relation
from schemas.run import Run, SourceFile
from schemas.writer import Writer

NodeLabel = Literal["Entity", "Record", "Document"]


@dataclass(frozen=True, slots=True)
class QueryResult:
    """Rows of a Cypher query, in its own order.

    truncated: True when there were more rows than were asked for.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    truncated: bool = False


@runtime_checkable
class GraphStore(Protocol):
    """The graph: a projection of the mention store, rebuilt at any time, never the only copy.

    Every write is idempotent: the same call twice leaves the same graph. Tables follow
    schemas.batches (NODES, edge_schema). Failures are StoreUnavailable or StoreRejected.
    """

    @property
    def url(self) -> str:
        """Address of the store, without credentials."""

    def prepare(self) -> None:
        """Create tables, constraints and indexes that are missing (needs every relation type's name)."""

    def nodes(self, label: NodeLabel) -> pa.Table:
        """Return all nodes of a label in the columns of NODES, ordered by id."""

    def edges(self, edge_type: str, from_ids: Sequence[str] | None = None) -> pa.Table:
        """Return the edges of a type, ordered by (from_id, to_id); only those from `from_ids` when given."""

    def put_nodes(self, label: NodeLabel, rows: pa.Table) -> None:
        """Create nodes, or replace every property of those whose id exists; edges stay."""

    def put_edges(self, edge_type: str, rows: pa.Table) -> None:
        """Create edges, or replace the properties of those whose (from_id, to_id) exists.

        Rows whose ends do not exist are not written; the caller sends none.
        """

    def delete_nodes(self, label: NodeLabel, ids: Sequence[str]) -> None:
        """Delete nodes with their edges; ids that do not exist are passed over."""

    def delete_edges(self, edge_type: str, pairs: pa.Table) -> None:
        """Delete edges by their from_id and to_id; pairs that do not exist are passed over."""

    def clear(self) -> None:
        """Delete every Entity, Record and Document node, and nothing else."""

    def query(
        self,
        cypher: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        limit: int | None = None,
    ) -> QueryResult:
        """Run a query; raises QueryError on bad Cypher, and on any write unless `write`.

        Nodes come back as dictionaries of their properties with "_label", edges with "_type"; internal ids
        do not.
        At most `limit` rows are fetched.
        """

    def check(self) -> str:
        """Return the name and version of what answers; raises StoreUnavailable."""

    def close(self) -> None:
        """Release connections and files; the object is not used afterwards."""


@runtime_checkable
class VectorGraph(Protocol):
    """A graph store that can hold a vector of each entity too, and find the nearest by an index of its own.

    Replacing a node by put_nodes takes its vector away.
    """

    def vector_keys(self) -> dict[str, str]:
        """Return the key of every vector that there is, by the id of its entity."""

    def put_vectors(self, keys: Sequence[tuple[str, str]], vectors: pa.FixedSizeListArray) -> None:
        """Write the vectors of entities, of one length; `keys` holds for each the entity's id and the vector's key.

        Makes the index when it is missing or is of another length. Ids that do not exist are passed over.
        """

    def drop_vectors(self) -> None:
        """Delete all vectors and their index."""


@runtime_checkable
class MentionStore(RecordDecisions, Protocol):
    """Documents, mentions, candidates, records and the append-only decision log: the truth.

    Every write is idempotent. Methods that take a batch write all of it or raise. Failures are
    StoreUnavailable or StoreRejected.
    """

    @property
    def url(self) -> str:
        """Address of the store, without credentials."""

    def prepare(self) -> None:
        """Create the tables that are missing."""

    def writing(self, writer: Writer, *, shared: bool = False) -> AbstractContextManager[None]:
        """Hold the right to write, which processes with other home folders ask for too, as long as a block lasts.

        shared: beside others that share, which write about different documents; else alone.
        Raises StoreHeld, which says who holds it. A store that lies in the home's folder leaves it to the lock there.
        """

    def written_until(self) -> int:
        """Return a mark that no write until now is later than; 0 where one process does all writing."""

    def write_after(self, mark: int) -> None:
        """Let what is written from now on count as later than a mark of another process, whatever clocks say."""

    # what was taken in
    def files(self) -> list[SourceFile]:
        """Return the files that were taken in, ordered by (kind, path)."""

    def put_file(self, file: SourceFile) -> None:
        """Write or replace the row of a file (key: file_id)."""

    def remove_file(self, file_id: str) -> None:
        """Forget a file; its rows must have been removed before."""

    # the catalog
    def put_records(self, file_id: str, records: Iterable[Record]) -> None:
        """Write or replace records (key: source, record_id); `file_id` becomes their owner."""

    def put_relations(self, file_id: str, relations: Iterable[Relation]) -> None:
        """Write or replace relations (key: all four fields); `file_id` becomes their owner."""

    def records(self) -> Iterator[Record]:
        """Yield every record, ordered by (source, record_id) in code point order."""

    def record_keys(self, file_id: str) -> set[tuple[str, str]]:
        """Return the (source, record_id) of the records that a file owns."""

    def relations(self) -> Iterator[Relation]:
        """Yield every relation, ordered by (subject, relation, object, source) in code point order."""

    def relation_keys(self, file_id: str) -> set[tuple[str, str, str, str]]:
        """Return the (subject, relation, object, source) of the relations that a file owns."""

    def remove_records(self, keys: Iterable[tuple[str, str]]) -> None:
        """Delete records by (source, record_id)."""

    def remove_relations(self, keys: Iterable[tuple[str, str, str, str]]) -> None:
        """Delete relations by their four fields."""

    # documents and their mentions
    def put_documents(self, file_id: str, documents: Sequence[Document]) -> None:
        """Write or replace documents; `file_id` becomes their owner."""

    def document(self, doc_id: str) -> Document | None:
        """Return a document with its text and cues, or None."""

    def documents(self, doc_ids: Sequence[str]) -> list[Document]:
        """Return those of `doc_ids` that exist, in their order."""

    def document_rows(self, doc_ids: Sequence[str] | None = None) -> pa.Table:
        """Return DOCUMENT_ROWS of all documents, or of those of `doc_ids` that exist; ordered by id, without texts."""

    def remove_documents(self, doc_ids: Sequence[str]) -> None:
        """Delete documents with their mentions, candidates and current decisions; the log stays."""

    def put_mentions(self, doc_id_keys: Mapping[str, str], mentions: pa.Table) -> None:
        """Replace the mentions of each document in `doc_id_keys` by those in `mentions` (MENTIONS).

        The mapping gives the extraction key of each document, which document_rows returns: what its
        mentions depend on. Documents without mentions are in the mapping too. A mention that is gone loses
        its current decision and candidates; its log stays.
        """

    def mentions(self, doc_ids: Sequence[str]) -> pa.Table:
        """Return the MENTIONS of documents, ordered by (doc_id, start, end)."""

    def mention(self, mention_id: str) -> pa.Table:
        """Return the MENTIONS row of one mention: one row, or none."""

    # decisions
    def append_decisions(self, decisions: pa.Table, decision_keys: Mapping[str, str]) -> None:
        """Append STORED_DECISIONS to the log and make them current.

        `decision_keys` gives for each document what its decisions depend on, which document_rows returns.
        A row that is in the log already (mention_id, sequence) is overwritten: a run that was killed may be
        repeated.
        """

    def withdraw_decisions(
        self, mentions: pa.Table, run_id: str, sequence: int, decision_keys: Mapping[str, str]
    ) -> None:
        """Append to the log that mentions (mention_id, doc_id) are undecided again; drop what is current.

        `decision_keys` gives the new decision key of each of their documents.
        """

    def decisions(
        self, doc_ids: Sequence[str] | None = None, columns: Sequence[str] | None = None
    ) -> Iterator[pa.Table]:
        """Yield current STORED_DECISIONS in bounded batches, ordered by (doc_id, start, end).

        A document is never split over batches. All documents when `doc_ids` is None. columns: only these, in that
        order; a reader that needs no candidates is spared most of the work.
        """

    def decision(self, mention_id: str) -> pa.Table:
        """Return the current STORED_DECISIONS row of a mention: one row, or none."""

    def decision_log(self, mention_id: str) -> list[dict[str, Any]]:
        """Return the log of a mention, newest first (by sequence).

        Each row has at least run_id, sequence and decision ("link", "review", "nil" or "withdrawn") and,
        unless withdrawn, every column of STORED_DECISIONS.
        """

    def decisions_at(self, mention_ids: Sequence[str], sequence: int) -> pa.Table:
        """Return the STORED_DECISIONS that were current after run number `sequence`, read from the log.

        Of each of `mention_ids` the newest entry whose sequence is not higher; in the order of `mention_ids`, each
        id once. Mentions that had no decision then, or whose decision was withdrawn, have no row.
        """

    def entity_mentions(self, entity_id: str, *, limit: int, after: str = "") -> tuple[pa.Table, str]:
        """Return the current STORED_DECISIONS that assert an entity: links, and NIL with that provisional id.

        Ordered by (doc_id, start); with a token for the next page, "" when there is none.
        """

    def review_queue(self, limit: int) -> pa.Table:
        """Return the current decisions "review", those with probability nearest one half first."""

    # runs
    def put_run(self, run: Run) -> None:
        """Write or replace a run (key: run_id)."""

    def runs(self) -> list[Run]:
        """Return all runs, newest first by sequence."""

    # small facts of the home
    def get_state(self, key: str) -> str:
        """Return a value of the home's state, "" when it was never set."""

    def set_state(self, key: str, value: str) -> None:
        """Set a value of the home's state."""

    def counts(self) -> dict[str, int]:
        """Return how many rows of each kind there are: files, records, ..., links, reviews, nils."""

    def check(self) -> str:
        """Return the name and version of what answers; raises StoreUnavailable."""

    def close(self) -> None:
        """Release connections and files; the object is not used afterwards."""
