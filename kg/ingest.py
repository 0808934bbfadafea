"""`kg ingest`: catalog files become records, entities and the index; documents become mentions."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any

from kg import runs
from kg.catalog import CatalogChange, is_current, mark_stale, refresh_catalog
from kg.config import SourceConfig
from kg.extraction import extract_documents
from kg.extraction_ahead import ExtractionAhead
from kg.files import IngestSummary, InputFile, changed_files, chunks, find_files, good_rows
from kg.home import Home
from kg.projection import sync_graph
from loaders.readers.catalog import CatalogOptions, read_catalog
from loaders.readers.documents import DocumentOptions, read_documents
from loaders.readers.relations import RelationOptions, read_relations
from loaders.readers.source import discover
from loaders.readers.spans import read_spans
from schemas.document import Document
from schemas.errors import DocumentError, InputError
from schemas.identity import content_id
from schemas.record import Record
from schemas.relation import Relation
from schemas.run import FileKind, RunKind, SourceFile
from schemas.span import Span

RECORDS_AT_ONCE = 10_000
DOCUMENTS_AT_ONCE = 128


@dataclass(frozen=True, slots=True)
class CatalogInput:
    """Which catalog files to take in, and how they are read.

    source:  name of the source; a `source` column in the file wins.
    columns: ours -> theirs; None takes the mapping that the configuration has for the source.
    type:    entity type of rows that do not say.
    strict:  stop at the first bad row, before anything of its file is taken.
    """

    files: Sequence[str] = ()
    relations: Sequence[str] = ()
    source: str = "catalog"
    columns: Mapping[str, str] | None = None
    type: str = ""
    strict: bool = False


@dataclass(frozen=True, slots=True)
class DocumentInput:
    """Which documents to take in, and how they are read.

    paths: files, folders, globs, or "-" for standard input.
    spans: file of given mentions that are taken instead of extracting; None extracts.
    """

    paths: Sequence[str]
    spans: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    language: str = ""
    strict: bool = False


def ingest_catalog(home: Home, given: CatalogInput) -> IngestSummary:
    """Take in catalog files and relations, then bring index and graph up to date.

    Raises InputError for the first bad row when `given.strict`, NotFoundError for a file that is not there,
    ConfigError, StoreError.
    """
    summary = IngestSummary()
    files, relation_files = _catalog_files(home, given), _relation_files(home, given)
    with home.writing():
        opening = _Opening(home, "catalog", _fingerprint([*files, *relation_files]))
        for file, row in changed_files(home.mentions, files, summary, strict=given.strict):
            with opening.run.stage("records", row.rows):
                _take_records(home, file, row, summary)
        for relation_file, row in changed_files(home.mentions, relation_files, summary, strict=given.strict):
            with opening.run.stage("relations", row.rows):
                _take_relations(home, relation_file, row, summary)
        if not opening.needed:
            return summary
        _tell(refresh_catalog(home, opening.run), summary)
        with opening.run.stage("graph"):
            change = sync_graph(home, catalog=True, documents=True, mentions=True)
        opening.run.count_rows("graph", change.rows)
        _finish(home, opening.run, summary)
    return summary


def ingest_documents(home: Home, given: DocumentInput) -> IngestSummary:
    """Take in documents and find their mentions by the current catalog's names.

    Raises InputError for the first bad document or span when `given.strict`, NotFoundError for a path that is
    not there, IndexMissingError before a catalog was ingested, WorkerError, StoreError.
    """
    summary = IngestSummary()
    spans, hashed = _given_spans(given, summary)
    files = _document_files(given, hashed, summary)
    with home.writing():
        opening = _Opening(home, "documents", _fingerprint(files))
        if not is_current(home) and home.mentions.files():
            refresh_catalog(home, opening.run)
        rows = home.mentions.document_rows()
        owners = dict(zip(rows["id"].to_pylist(), rows["file_id"].to_pylist(), strict=True))
        with ExtractionAhead(home, lambda: _changed_documents(home, files)) as ahead:
            taking = _Taking(home, summary, owners, spans, ahead)
            for done, (file, row) in enumerate(changed_files(home.mentions, files, summary, strict=given.strict)):
                home.progress("documents", done, len(files))
                with opening.run.stage("documents", row.rows):
                    taking.take(file, row)
        home.progress("documents", len(files), len(files))
        if not opening.needed:
            return summary
        with opening.run.stage("graph"):
            change = sync_graph(home, catalog=False, documents=True, mentions=True)
        opening.run.count_rows("graph", change.rows)
        _finish(home, opening.run, summary)
    return summary


class _Opening:
    """A run that begins when the first changed file is met, so that an ingest of nothing new leaves no trace."""

    def __init__(self, home: Home, kind: RunKind, fingerprint: str) -> None:
        self._home, self._kind, self._fingerprint = home, kind, fingerprint
        self._run: runs.OpenRun | None = None

    @property
    def run(self) -> runs.OpenRun:
        """The run, begun now if it was not yet."""
        if self._run is None:
            if self._kind == "catalog":
                # before the first row changes, so that a killed ingest is seen by whatever comes next
                mark_stale(self._home)
            self._run = runs.begin(self._home.mentions, self._kind, self._fingerprint, {})
        return self._run

    @property
    def needed(self) -> bool:
        """Whether there is anything to end: rows were taken, or a killed run of the same files was not ended."""
        killed = runs.interrupted(self._home.mentions)
        return self._run is not None or (killed is not None and killed.fingerprint == self._fingerprint)


def _tell(change: CatalogChange, summary: IngestSummary) -> None:
    summary.rows["entities"] = change.entities
    if change.joined:
        summary.notices.append(f"{change.joined} records stand for an entity that another record describes too")
    summary.notices.extend(change.refused)
    if change.dangling:
        summary.notices.append(f"{change.dangling} relations name an id that no record has; they wait for it")


def _fingerprint(files: Sequence[InputFile[Any]]) -> str:
    return run_fingerprint([(file.kind, file.content_hash()) for file in files])


def run_fingerprint(files: Sequence[tuple[FileKind, str]]) -> str:
    """Return the fingerprint of a run that takes in files, each told by its kind and content hash."""
    return content_id("ingest", *sorted(f"{kind}|{content_hash}" for kind, content_hash in files))


def _finish(home: Home, run: runs.OpenRun, summary: IngestSummary) -> None:
    for name, number in {**summary.rows, "bad_rows": summary.bad_rows}.items():
        run.count(name, number)
    for name, number in summary.removed.items():
        run.count(f"removed_{name}", number)
    finished = runs.finish(home.mentions, run, index_version=home.index.version)
    summary.run_id = finished.run_id
    summary.seconds = dict(finished.seconds)


def _catalog_files(home: Home, given: CatalogInput) -> list[InputFile[Record]]:
    configured = home.config.sources.get(given.source, SourceConfig())
    columns = configured.columns if given.columns is None else given.columns
    options = CatalogOptions(given.source, given.type or configured.type, columns, home.config.ontology)
    how = repr((options.type, sorted(columns.items())))
    return [
        InputFile(path, str(path), "catalog", given.source, how, partial(read_catalog, path, options))
        for path in find_files(given.files)
    ]


def _relation_files(home: Home, given: CatalogInput) -> list[InputFile[Relation]]:
    options = RelationOptions(given.source, {}, home.config.ontology)
    return [
        InputFile(path, str(path), "relations", given.source, "", partial(read_relations, path, options))
        for path in find_files(given.relations)
    ]


def _document_files(given: DocumentInput, spans_hash: str, summary: IngestSummary) -> list[InputFile[Document]]:
    options = DocumentOptions(given.columns, given.kind, given.language)
    how = how_read(given, spans_hash)
    skipped: list[str] = []
    files = [
        InputFile(found.path, found.name, "documents", "", how + found.name, partial(read_documents, found, options))
        for found in discover(given.paths, on_skip=lambda path: skipped.append(path.name))
    ]
    if skipped:
        shown = ", ".join(sorted(skipped)[:5]) + (" ..." if len(skipped) > 5 else "")
        summary.notices.append(f"{len(skipped)} files of other formats were passed over: {shown}")
    return files


def how_read(given: DocumentInput, spans_hash: str) -> str:
    """Return what decides, beside its bytes and its name, what is read from a file of documents."""
    return repr((sorted(given.columns.items()), given.kind, given.language, spans_hash))


def _changed_documents(home: Home, files: Sequence[InputFile[Document]]) -> Iterator[list[Document]]:
    """Yield the batches of documents that will be taken; what goes wrong in reading is told when they are taken."""
    taken = {file.file_id: file.content_hash for file in home.mentions.files() if file.complete}
    for file in files:
        with suppress(InputError):
            if taken.get(file.file_id) != file.content_hash():
                yield from chunks(good_rows(file), DOCUMENTS_AT_ONCE)


def _take_records(home: Home, file: InputFile[Record], row: SourceFile, summary: IngestSummary) -> None:
    store, kept = home.mentions, set[tuple[str, str]]()
    for records in chunks(good_rows(file), RECORDS_AT_ONCE):
        store.put_records(file.file_id, records)
        kept.update((record.source, record.record_id) for record in records)
        home.progress(f"records of {file.path.name}", len(kept), row.rows)
    gone = store.record_keys(file.file_id) - kept
    store.remove_records(sorted(gone))
    count_rows(summary, "records", len(kept), len(gone))


def _take_relations(home: Home, file: InputFile[Relation], row: SourceFile, summary: IngestSummary) -> None:
    store, kept = home.mentions, set[tuple[str, str, str, str]]()
    for relations in chunks(good_rows(file), RECORDS_AT_ONCE):
        store.put_relations(file.file_id, relations)
        kept.update((each.subject, each.relation, each.object, each.source) for each in relations)
        home.progress(f"relations of {file.path.name}", len(kept), row.rows)
    gone = store.relation_keys(file.file_id) - kept
    store.remove_relations(sorted(gone))
    count_rows(summary, "relations", len(kept), len(gone))


@dataclass
class _Taking:
    """What taking in documents needs to know: who owns which document, the given spans, and who extracts."""

    home: Home
    summary: IngestSummary
    owners: dict[str, str]
    spans: dict[str, list[Span]] | None
    ahead: ExtractionAhead

    def take(self, file: InputFile[Document], row: SourceFile) -> None:
        """Store a file's documents and their mentions; documents that it no longer holds are removed."""
        store, kept = self.home.mentions, set[str]()
        mentions = 0
        for documents in chunks(good_rows(file), DOCUMENTS_AT_ONCE):
            mine = [document for document in documents if self._is_mine(document, file)]
            store.put_documents(file.file_id, mine)
            mentions += extract_documents(self.home, mine, self.spans, self.ahead)
            kept.update(document.id for document in mine)
            if row.rows > DOCUMENTS_AT_ONCE:
                self.home.progress(f"documents of {file.path.name}", len(kept), row.rows)
        gone = {doc_id for doc_id, owner in self.owners.items() if owner == file.file_id} - kept
        store.remove_documents(sorted(gone))
        self.owners.update(dict.fromkeys(kept, file.file_id))
        count_rows(self.summary, "documents", len(kept), len(gone))
        count_rows(self.summary, "mentions", mentions, 0)

    def _is_mine(self, document: Document, file: InputFile[Document]) -> bool:
        """Whether the file may take the document: no other file has taken one of that id."""
        owner = self.owners.get(document.id, file.file_id)
        if owner != file.file_id:
            self.summary.refuse(taken_elsewhere(file.shown, document.id))
        return owner == file.file_id


def taken_elsewhere(shown: str, doc_id: str) -> DocumentError:
    """Return the error of a document whose id another file has taken."""
    problem = f"document id {doc_id!r} was taken in from another file; rename one, or give an id field"
    return DocumentError(shown, problem)


def count_rows(summary: IngestSummary, name: str, taken: int, gone: int) -> None:
    """Add to how many rows of a kind were taken, and left."""
    summary.rows[name] = summary.rows.get(name, 0) + taken
    if gone:
        summary.removed[name] = summary.removed.get(name, 0) + gone


def _given_spans(given: DocumentInput, summary: IngestSummary) -> tuple[dict[str, list[Span]] | None, str]:
    """Return the given mentions by document with a hash of their file; (None, "") when they are to be extracted."""
    if given.spans is None:
        return None, ""
    path = Path(given.spans)
    spans: dict[str, list[Span]] = {}
    for row in read_spans(path):
        if isinstance(row, Span):
            spans.setdefault(row.doc_id, []).append(row)
        elif given.strict:
            raise row
        else:
            summary.refuse(row)
    for rows in spans.values():
        rows.sort(key=attrgetter("start", "end", "type"))
    return spans, spans_hash({doc_id: document_spans_hash(rows) for doc_id, rows in spans.items()})


def document_spans_hash(spans: Sequence[Span]) -> str:
    """Return a hash of the given mentions of one document, ordered by start, end and type."""
    return content_id("spans", *map(repr, spans))


def spans_hash(documents: Mapping[str, str]) -> str:
    """Return a hash of all given mentions, made of those of their documents."""
    return content_id("spans", *(f"{doc_id}={documents[doc_id]}" for doc_id in sorted(documents)))
