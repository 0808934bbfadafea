"""Endpoints: documents, and the mentions of one."""

from fastapi import APIRouter

from kg.documents import document, document_mentions, documents
from kg.server.contract import ANY, FOUND, After, Id, MentionPage, MentionTold, PageSize, Told, needs
from kg.server.desk import AskedDesk

router = APIRouter(dependencies=[needs("reader")], tags=["documents"])


class DocumentTold(Told):
    """A document without its text."""

    id: str
    title: str
    kind: str
    published: str
    uri: str
    language: str


class CueTold(Told):
    """A stretch of text and when it was spoken; offsets in code points, times in milliseconds."""

    start: int
    end: int
    start_ms: int
    end_ms: int
    speaker: str | None


class WholeDocument(DocumentTold):
    """A document with its text."""

    text: str
    cues: list[CueTold]


class DocumentPage(Told):
    """Documents ordered by id, and the token of the next page; "" after the last."""

    documents: list[DocumentTold]
    next: str


@router.get("/documents", responses=ANY)
async def list_documents(desk: AskedDesk, limit: PageSize = 100, after: After = "") -> DocumentPage:
    """List documents, page by page."""
    rows, token = await desk.read(lambda home: documents(home, limit=limit, after=after))
    return DocumentPage(documents=[DocumentTold.model_validate(row) for row in rows], next=token)


@router.get("/document", responses=FOUND)
async def one_document(desk: AskedDesk, id: Id) -> WholeDocument:
    """Show a document with its text and cues."""
    return WholeDocument.model_validate(await desk.read(lambda home: document(home, id)))


@router.get("/document/mentions", responses=FOUND)
async def mentions_in_document(desk: AskedDesk, id: Id, limit: PageSize = 200, after: After = "") -> MentionPage:
    """List the mentions of a document in order, page by page."""
    rows, token = await desk.read(lambda home: document_mentions(home, id, limit=limit, after=after))
    return MentionPage(mentions=[MentionTold.model_validate(row) for row in rows], next=token)
