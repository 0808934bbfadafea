"""Documents of every format: what a format says is completed by the name of the file and the options."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from loaders.readers.document_rows import document_layout, parse_document_row
from loaders.readers.draft import Draft
from loaders.readers.lines import read_text
from loaders.readers.markdown import parse_markdown
from loaders.readers.plain_text import parse_text
from loaders.readers.publication import is_date
from loaders.readers.row import Row
from loaders.readers.rows import Layout, read_rows
from loaders.readers.source import STANDARD_INPUT, Found
from loaders.readers.subrip import parse_srt
from loaders.readers.transcript_json import parse_json
from loaders.readers.webvtt import parse_webvtt
from schemas.document import Document
from schemas.errors import DocumentError, FormatError, InputError

_SURROGATE = re.compile("[\ud800-\udfff]")
STANDARD_INPUT_ID = "stdin"
_PARSERS: dict[str, Callable[[str, Path], Draft]] = {
    "vtt": parse_webvtt,
    "srt": parse_srt,
    "json": parse_json,
    "markdown": parse_markdown,
    "text": parse_text,
}


@dataclass(frozen=True, slots=True)
class DocumentOptions:
    """How documents are read.

    mapping:  ours -> theirs, for JSONL and Parquet.
    kind:     what the documents are; "" takes what they say, or what their format suggests.
    language: BCP 47 tag of documents that do not say theirs; "" when not known.

    Raises ConfigError for a mapping of no field of ours.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    language: str = ""

    def __post_init__(self) -> None:
        document_layout(self.mapping)

    @property
    def layout(self) -> Layout:
        """The fields of a document in JSONL and Parquet."""
        return document_layout(self.mapping)


def read_documents(found: Found, options: DocumentOptions) -> Iterator[Document | DocumentError]:
    """Yield the documents of a file, and a DocumentError for each that is wrong.

    A file of any format but JSONL and Parquet is one document, so it yields one or the other. Its id is its name
    without suffix ("stdin" for standard input), its uri the name; in JSONL and Parquet they are fields, and an id that
    stood in the file before is an error. Raises FormatError for such a file that cannot be read as a whole,
    NotFoundError.
    """
    documents = _rows(found, options) if found.format in ("jsonl", "parquet") else _whole(found, options)
    try:
        for each in documents:
            yield _shown(found, each) if isinstance(each, DocumentError) else each
    except FormatError as error:
        raise FormatError(_path(found), error.problem, error.line) from error


def _path(found: Found) -> Path | str:
    """Return what an error calls the file: for standard input not the file in which it is kept."""
    return STANDARD_INPUT if found.name == STANDARD_INPUT else found.path


def _shown(found: Found, error: DocumentError) -> DocumentError:
    return DocumentError(_path(found), error.problem, error.line)


def _whole(found: Found, options: DocumentOptions) -> Iterator[Document | DocumentError]:
    try:
        draft = _PARSERS[found.format](read_text(found.path, DocumentError), found.path)
        doc_id = _name(found)
        document = completed(doc_id, found.name, draft, options)
        if document.cues and not document.title:
            document = replace(document, title=PurePosixPath(doc_id).name)
        yield checked(found.path, document)
    except DocumentError as error:
        yield error


def _name(found: Found) -> str:
    """Return the id of a document that is a whole file."""
    if found.name == STANDARD_INPUT:
        return STANDARD_INPUT_ID
    return PurePosixPath(found.name).with_suffix("").as_posix()


def _rows(found: Found, options: DocumentOptions) -> Iterator[Document | DocumentError]:
    layout = options.layout
    first_lines: dict[str, int] = {}
    for row in read_rows(found.path, layout):
        line = row.line or 0
        doc_id, document = read_document_row(found, row, layout, options)
        first = first_lines.setdefault(doc_id, line) if doc_id else line
        yield document if first == line else repeated_id(found.path, doc_id, first, line)


def read_document_row(
    found: Found, row: Row | InputError, layout: Layout, options: DocumentOptions
) -> tuple[str, Document | DocumentError]:
    """Return the id of a row, "" when it tells none, and its document, or what is wrong with it."""
    doc_id = ""
    try:
        doc_id, draft, uri = parse_document_row(found.path, row, layout)
        document = completed(doc_id, uri or f"{found.name}#{doc_id}", draft, options)
        return doc_id, checked(found.path, document, row.line or 0)
    except DocumentError as error:
        return doc_id, error


def repeated_id(path: Path | str, doc_id: str, first: int, line: int) -> DocumentError:
    """Return the error of an id that stood in the file before."""
    return DocumentError(path, f"id {doc_id!r} stands in line {first} already", line)


def completed(doc_id: str, uri: str, draft: Draft, options: DocumentOptions) -> Document:
    """Return the document of a draft; the options say what it does not."""
    return Document(
        id=doc_id,
        text=draft.text,
        title=draft.title,
        kind=options.kind or draft.kind,
        published=draft.published,
        uri=uri,
        language=draft.language or options.language,
        cues=draft.cues,
    )


def checked(path: Path, document: Document, line: int | None = None) -> Document:
    """Return a document whose text, names and date are such that every store can hold them; raises DocumentError."""
    problem = ""
    speakers = "".join(cue.speaker or "" for cue in document.cues)
    described = (document.id, document.uri, document.title, document.kind, document.published, document.language)
    if not document.text.strip():
        problem = "there is no text in it"
    elif any("\0" in part for part in (document.text, speakers, *described)):
        problem = "it holds a NUL character"
    elif half := _SURROGATE.search("".join(described)):
        problem = f"what describes it, or its file's name, holds {half[0]!r}, which cannot be written as UTF-8"
    elif not is_date(document.published):
        problem = f"published {document.published!r} is not a date; write it as ISO 8601, such as 2024-05-31"
    if problem:
        raise DocumentError(path, problem, line)
    return document
