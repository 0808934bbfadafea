"""Endpoint: texts against the catalog, in real time; nothing is stored."""

from collections import Counter
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field

from kg.home import Home
from kg.link import LinkText, link_texts, names_of
from kg.server.contract import ANY, Asked, CandidateTold, Told, needs
from kg.server.desk import AskedDesk

MOST_TEXTS = 10_000
MOST_CHARACTERS = 200_000
AT_ONCE_CHARACTERS = 20_000
"""Texts of a batch are linked in parts of about this size, so that others are answered between them."""

router = APIRouter(dependencies=[needs("reader")], tags=["link"])


class GivenMention(Asked):
    """A mention that the caller knows: half-open [start, end) in code points of its text."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]
    type: Annotated[str, Field(max_length=64)] = ""


class AskedText(Asked):
    """A text; without `mentions` they are extracted."""

    text: Annotated[str, Field(max_length=MOST_CHARACTERS)]
    title: Annotated[str, Field(max_length=1_000)] = ""
    mentions: Annotated[list[GivenMention], Field(max_length=10_000)] | None = None


class LinkAsked(Asked):
    """Texts to link; each is decided by itself."""

    texts: Annotated[list[AskedText], Field(min_length=1, max_length=MOST_TEXTS)]
    candidates: Annotated[int, Field(ge=0, le=10, description="candidates shown of each mention")] = 0


class LinkedMention(Told):
    """A mention with its decision. probability: of the likeliest answer; entity_id: what is asserted, only for link."""

    start: int
    end: int
    surface: str
    type: str
    decision: Literal["link", "review", "nil"]
    entity_id: str | None
    best_entity_id: str | None
    name: str
    probability: float = Field(ge=0, le=1)
    provisional_id: str | None
    reason: str
    candidates: list[CandidateTold]


class LinkTold(Told):
    """The mentions of each text, in order."""

    results: list[list[LinkedMention]]
    index_version: str
    model_version: str


@router.post("/link", responses=ANY)
async def link(asked: LinkAsked, desk: AskedDesk) -> LinkTold:
    """Find the mentions of texts, or take those given, and say what each one means."""
    results: list[list[LinkedMention]] = []
    versions = ("", "")
    for part in _parts(asked.texts):
        found, versions = await desk.read_with_models(partial(_linked, texts=part, shown=asked.candidates))
        results += found
    for decision, number in Counter(mention.decision for text in results for mention in text).items():
        desk.metrics.decisions.labels(decision).inc(number)
    return LinkTold(results=results, index_version=versions[0], model_version=versions[1])


def _parts(texts: list[AskedText]) -> list[list[LinkText]]:
    parts: list[list[LinkText]] = [[]]
    size = 0
    for text in texts:
        if size + len(text.text) > AT_ONCE_CHARACTERS and parts[-1]:
            parts.append([])
            size = 0
        given = None if text.mentions is None else tuple((m.start, m.end, m.type) for m in text.mentions)
        parts[-1].append(LinkText(text.text, text.title, given))
        size += len(text.text)
    return parts


def _linked(home: Home, texts: list[LinkText], shown: int) -> tuple[list[list[LinkedMention]], tuple[str, str]]:
    linked = link_texts(home, texts)
    candidates = (c["entity_id"] for rows in linked for row in rows for c in row["candidates"][:shown])
    names = names_of(home, candidates) if shown else {}
    told = [[_told(row, names, shown) for row in rows] for rows in linked]
    return told, (home.index.version, home.model.version)


def _told(row: dict[str, Any], names: dict[str | None, str], shown: int) -> LinkedMention:
    fields = {name: row[name] for name in LinkedMention.model_fields if name != "candidates"}
    candidates = [
        {name: c[name] for name in ("entity_id", "alias", "channels", "score", "probability")}
        | {"name": names.get(c["entity_id"], "")}
        for c in row["candidates"][:shown]
    ]
    return LinkedMention.model_validate(fields | {"candidates": candidates})
