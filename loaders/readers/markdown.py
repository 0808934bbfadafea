"""Markdown, such as show notes: what a reader sees of it."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import yaml  # type: ignore[import-untyped]
from markdown_it import MarkdownIt
from markdown_it.token import Token

from loaders.readers.cues import collapsed
from loaders.readers.draft import Draft
from schemas.errors import DocumentError

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_DEEPEST = 100
_BREAKS = {"softbreak": " ", "hardbreak": "\n"}


def parse_markdown(text: str, path: Path) -> Draft:
    """Return the plain text of Markdown; its title is that of the front matter, or the first heading.

    Paragraphs, headings, list items, table cells and code are divided by an empty line. Of links there is the
    text, of images what stands for them; HTML is dropped. Front matter in YAML is no part of the text; its
    title, kind, published (or date) and language are read. Raises DocumentError with the line for broken front matter.
    """
    front, body = _front_matter(text, path)
    tokens = _parser().parse(body)
    blocks = (block.strip() for _, block in _blocks(tokens))
    headings = (collapsed(block) for opened_by, block in _blocks(tokens) if opened_by == "heading_open")
    return Draft(
        "\n\n".join(block for block in blocks if block),
        front.get("kind", "") or "notes",
        title=front.get("title", "") or next(headings, ""),
        published=front.get("published", "") or front.get("date", ""),
        language=front.get("language", ""),
    )


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])


def _front_matter(text: str, path: Path) -> tuple[dict[str, str], str]:
    """Return what stands in YAML between the first two lines `---`, and the text behind it."""
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    try:
        # The base loader makes nothing but texts, lists and dictionaries, and runs nothing.
        values = yaml.load(match[1], Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 2 if fault.problem_mark else 1
        raise DocumentError(path, f"the front matter is not YAML: {fault.problem}", line) from None
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError) as fault:  # the last two: no such character
        raise DocumentError(path, f"the front matter is not YAML: {type(fault).__name__}", 1) from None
    if not isinstance(values, dict):
        return {}, text
    return {name: value.strip() for name, value in values.items() if isinstance(value, str)}, text[match.end() :]


def _blocks(tokens: Iterable[Token]) -> Iterator[tuple[str, str]]:
    """Yield the text of each block with the type of the token that opened it."""
    opened_by = ""
    for token in tokens:
        if token.type == "inline":
            yield opened_by, "".join(_inline(token.children or ()))
        elif token.type in ("fence", "code_block"):
            yield token.type, token.content
        opened_by = token.type


def _inline(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "image":
            yield from _inline(token.children or ())
        elif token.type in _BREAKS:
            yield _BREAKS[token.type]
        elif token.type != "html_inline":
            yield token.content
