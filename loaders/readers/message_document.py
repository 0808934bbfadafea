"""A document that comes as one message: the same JSON object that a line of a JSONL file holds."""

from pathlib import Path

from loaders.readers.document_rows import parse_document_row
from loaders.readers.documents import DocumentOptions, checked, completed
from loaders.readers.jsonl import row_of
from loaders.readers.lines import Line
from schemas.document import Document
from schemas.errors import DocumentError


def read_message(data: bytes | None, *, place: str, source: str, options: DocumentOptions, most: int) -> Document:
    """Return the document of a message.

    place:  what an error calls the message. source: what its uri begins with where the message says none.
    most:   bytes that it may have.
    Raises DocumentError for what is no JSON object in UTF-8, lacks an id or a text, or has more than `most` bytes.
    """
    if not data:
        raise DocumentError(place, "the message is empty; a document is a JSON object with an id and a text")
    if len(data) > most:
        raise DocumentError(place, f"it has {len(data)} bytes; at most {most} are read (stream.message_bytes)")
    path = Path(place)
    try:
        doc_id, draft, uri = parse_document_row(path, row_of(path, Line(1, data), DocumentError), options.layout)
        return checked(path, completed(doc_id, uri or f"{source}#{doc_id}", draft, options))
    except DocumentError as error:
        raise DocumentError(place, error.problem) from error
    except RecursionError as error:
        raise DocumentError(place, "its JSON is nested too deep") from error
