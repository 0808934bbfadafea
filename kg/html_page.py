"""A page of HTML that needs nothing else: tables and plots, no scripts, every text escaped."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from schemas.errors import InputError

_UNPRINTABLE = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.45 system-ui, sans-serif; color: #1c2430; background: #fff; }
body { max-width: 1100px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; border-bottom: 1px solid #d5dae2; }
p.note { color: #55606f; max-width: 75ch; }
table { border-collapse: collapse; margin: .8rem 0; font-size: .9rem; }
th, td { text-align: left; padding: .25rem .8rem .25rem 0; vertical-align: top; border-bottom: 1px solid #eceff3; }
th { color: #55606f; font-weight: 600; } td.number { text-align: right; font-variant-numeric: tabular-nums; }
svg { max-width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: #38424f; }
.grid { stroke: #e3e7ec; stroke-width: 1; } .even { stroke: #98a2b0; stroke-dasharray: 5 4; fill: none; }
.line { fill: none; stroke: #1f5fa8; stroke-width: 2; } .dot { fill: #1f5fa8; fill-opacity: .75; }
.right { fill: #2e7d4f; } .review { fill: #d9a514; } .missed { fill: #98a2b0; } .wrong { fill: #b3322b; }
"""


def new_page(title: str) -> tuple[Element, Element]:
    """Return an HTML element with its head, and its empty body."""
    page = Element("html", {"lang": "en"})
    head = SubElement(page, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    told(head, "title", title)
    SubElement(head, "style").text = _STYLE
    return page, SubElement(page, "body")


def html_of(page: Element) -> str:
    """Return a page as HTML 5."""
    for element in page.iter():
        element.text = _UNPRINTABLE.sub("\ufffd", element.text or "")
    return "<!DOCTYPE html>\n" + tostring(page, encoding="unicode", method="html") + "\n"


def write_page(html: str, path: Path) -> None:
    """Write a page, which appears only when it is whole. Raises InputError."""
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        unfinished.write_text(html, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise InputError(path, f"cannot be written: {error.strerror}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def table(body: Element, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Add a table; numbers stand to the right."""
    made = SubElement(body, "table")
    header = SubElement(SubElement(made, "thead"), "tr")
    for column in columns:
        told(header, "th", column)
    lines = SubElement(made, "tbody")
    for row in rows:
        line = SubElement(lines, "tr")
        for value in row:
            number = isinstance(value, (int, float))
            told(line, "td", _shown(value), "number" if number else "")


def _shown(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def told(parent: Element, tag: str, text: str, kind: str = "") -> None:
    """Add an element that holds a text."""
    element = SubElement(parent, tag, {"class": kind} if kind else {})
    element.text = text
