"""A batch of documents: read, linked and stored by the functions of `kg ingest documents` and `kg resolve`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from kg.decided_batch import DecidedBatch, link_mentions
from kg.extraction import extraction_key
from kg.home import Home
from kg.resolve import decision_key
from kg.runs import OpenRun
from linkers.decision_figures import decision_figures
from schemas.document import Document
from schemas.errors import KgError


@dataclass
class Decided:
    """What came of a batch.

    documents: those that the home holds now, in the order of the batch; `repeated` were in it as they are.
    changed:   ids of those that the home held otherwise before.
    refused:   what was wrong with the others, by id.
    """

    documents: list[Document] = field(default_factory=list)
    repeated: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Linked:
    """Documents with their mentions and decisions, in memory."""

    documents: Sequence[Document]
    mentions: pa.Table
    decisions: pa.Table


Extract = Callable[[Sequence[Document]], pa.Table]


def decide_documents(
    home: Home, run: OpenRun, file_id: str, documents: Sequence[Document], *, extract: Extract
) -> Decided:
    """Decide about documents of different ids and store what is decided; what is current already stays as it is.

    file_id: owner of the documents; one that another file owns is refused, and so is one that makes the linker fail.
    extract: gives the mentions of documents as the home's extractor does.
    Calling it again with the same documents changes nothing. Raises StoreError, IndexMissingError, ModelError.
    """
    with run.stage("look up"):
        rows = home.mentions.document_rows([document.id for document in documents]).to_pylist()
    known = {row["id"]: row for row in rows}
    decided, fresh = Decided(), list[Document]()
    for document in documents:
        row = known.get(document.id)
        if row and row["file_id"] != file_id:
            decided.refused[document.id] = "a document of this id was taken in from another file or topic; rename one"
        elif row and row["content_hash"] == document.content_hash and _is_current(home, document, row["decision_key"]):
            decided.repeated.add(document.id)
        else:
            fresh.append(document)
    linked = _linked(lambda each: _link(home, run, each, extract), fresh, decided.refused)
    with run.stage("store"):
        _store(home, run, file_id, linked)
    decided.documents = [document for document in documents if document.id not in decided.refused]
    decided.changed = {document.id for document in linked.documents if document.id in known} | decided.repeated
    return decided


def _is_current(home: Home, document: Document, present: str) -> bool:
    return present == decision_key(home, document.content_hash, extraction_key(home, document))


def _linked(
    link: Callable[[Sequence[Document]], Linked], documents: Sequence[Document], refused: dict[str, str]
) -> Linked:
    """Link documents, each by itself where one of them makes the linker fail."""
    try:
        return link(documents)
    except KgError:
        raise
    except Exception as failure:
        return link(_sound(documents, failure, lambda each: link([each]), refused))


def _sound(
    documents: Sequence[Document], failure: Exception, attempt: Callable[[Document], object], refused: dict[str, str]
) -> list[Document]:
    """Return the documents that can be linked; raises the failure when there are several and none of them can."""
    sound: list[Document] = []
    for document in documents:
        try:
            attempt(document)
        except KgError:
            raise
        except Exception as own:
            refused[document.id] = f"it cannot be linked: {type(own).__name__}: {own}"
        else:
            sound.append(document)
    if len(documents) > 1 and not sound:
        # it is not the documents that are wrong, and none of them must be lost
        raise failure
    return sound


def _link(home: Home, run: OpenRun, documents: Sequence[Document], extract: Extract) -> Linked:
    with run.stage("extract"):
        mentions = extract(documents)
    with run.stage("link"):
        decisions = link_mentions(home, mentions)
    return Linked(documents, mentions, decisions)


def _store(home: Home, run: OpenRun, file_id: str, linked: Linked) -> None:
    """Write documents, mentions and decisions; only when the last are there is a document taken for decided."""
    if not linked.documents:
        return
    extracted = {document.id: extraction_key(home, document) for document in linked.documents}
    decided = {
        document.id: decision_key(home, document.content_hash, extracted[document.id]) for document in linked.documents
    }
    home.mentions.put_documents(file_id, linked.documents)
    home.mentions.put_mentions(extracted, linked.mentions)
    batch = DecidedBatch.of(home, decided, linked.decisions)
    batch.store(home, run)
    run.figures.add(decision_figures(batch.decided, home.index))
