"""Endpoint: the graph, the records or the decisions as a file."""

import tempfile
from collections.abc import Iterator
from typing import IO, Literal

from fastapi import APIRouter
from starlette.responses import StreamingResponse

from kg.export import export
from kg.home import Home
from kg.server.contract import ANY, needs
from kg.server.desk import AskedDesk

AT_ONCE = 1 << 18
MEDIA_TYPES = {
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "jsonld": "application/ld+json",
    "turtle": "text/turtle; charset=utf-8",
}
Format = Literal["jsonl", "csv", "parquet", "graphml", "gexf", "jsonld", "turtle"]

router = APIRouter(dependencies=[needs("reader")], tags=["export"])
_FILE = {"description": "the file", "content": {kind.partition(";")[0]: {} for kind in MEDIA_TYPES.values()}}


@router.get("/export/{what}", response_class=StreamingResponse, responses={**ANY, 200: _FILE})
async def export_file(
    what: Literal["graph", "records", "decisions"],
    desk: AskedDesk,
    format: Format = "jsonl",
) -> StreamingResponse:
    """Export as `kg export` does: graph as jsonl, graphml, gexf, jsonld or turtle, the others as jsonl, csv or parquet.

    It is written whole before the first byte is sent, so that a failure is a problem and never half a file.
    """
    file = await desk.read_long(lambda home: _written(home, what, format))
    headers = {"Content-Disposition": f'attachment; filename="{what}.{format}"'}
    return StreamingResponse(_chunks(file), media_type=MEDIA_TYPES[format], headers=headers)


def _written(home: Home, what: str, file_format: str) -> IO[bytes]:
    file = tempfile.TemporaryFile(prefix="kg-export-")  # noqa: SIM115 - closed when it was sent
    try:
        export(home, what, file_format, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(AT_ONCE):
            yield chunk
