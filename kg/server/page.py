"""The explorer: a built web page that is shipped with the package, or what to do where it was not built."""

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from kg.server.contract import PREFIX
from kg.server.problems import ApiError
from kg.version import VERSION

FOLDER = Path(__file__).parent / "explorer"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'"
)
"""The page runs its own files and nothing else: no inline script, no inline style, no other host."""

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_FOR_EVER = "public, max-age=31536000, immutable"
"""Names of assets hold a hash of their content."""

_NOT_BUILT = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>kg</title></head>
<body><h1>kg {VERSION}</h1>
<p>The explorer was not built here. With Node.js 20.19 or newer, run <code>make explorer</code> in the source tree of kg
and load this page again.</p>
<p>The API answers: it is described at <a href="{PREFIX}/openapi.json">{PREFIX}/openapi.json</a>.</p></body></html>
"""

router = APIRouter(include_in_schema=False)


@router.get("/")
async def page() -> Response:
    """Show the explorer."""
    index = FOLDER / "index.html"
    if not index.is_file():
        return HTMLResponse(_NOT_BUILT)
    headers = {"Content-Security-Policy": POLICY}
    return HTMLResponse(index.read_bytes(), headers=headers)


@router.get("/assets/{name}")
async def asset(name: str) -> Response:
    """Send a file of the explorer."""
    if name not in _names():
        raise ApiError(404, "not-found", "this is no file of the explorer")
    file = FOLDER / "assets" / name
    return Response(file.read_bytes(), media_type=_TYPES[file.suffix], headers={"Cache-Control": _FOR_EVER})


def _names() -> frozenset[str]:
    """Return the names of the files that may be asked for: what lies there, never what a request says."""
    folder = FOLDER / "assets"
    return (
        frozenset(file.name for file in folder.iterdir() if file.suffix in _TYPES) if folder.is_dir() else frozenset()
    )
