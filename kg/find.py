"""Finding entities of the catalog: by their exact name, by names like it, or by what a text means."""

from typing import Literal, get_args

from kg.home import Home
from kg.search import SearchHit, search
from schemas.errors import OntologyError

Way = Literal["exact", "fuzzy", "vector"]
WAYS: tuple[Way, ...] = get_args(Way)
AMONG = 200
"""Hits among which those of a type are looked for."""


def find(home: Home, text: str, *, way: Way = "fuzzy", type_name: str = "", limit: int = 10) -> list[SearchHit]:
    """Return at most `limit` entities, the likeliest first.

    way:       "exact": the same name after normalisation; "fuzzy": `kg search`; "vector": the cosine of what the text
               and the entity's name, type and description mean, as score.
    type_name: only entities of this type, among the first 200 hits; "" for any.
    Raises OntologyError for a vector search in a home without vectors.
    """
    wanted = home.config.ontology.canonical_type(type_name) if type_name else ""
    among = max(limit, AMONG) if wanted else limit
    hits = _by_meaning(home, text, among) if way == "vector" else search(home, text, limit=among)
    if way == "exact":
        hits = [hit for hit in hits if hit.score == 1.0]
    return [hit for hit in hits if not wanted or hit.type == wanted][:limit]


def _by_meaning(home: Home, text: str, limit: int) -> list[SearchHit]:
    if home.encoder is None or not home.index.vectors.shape[1]:
        raise OntologyError("vector", "is no way to search a home without vectors", WAYS[:2])
    hits = home.index.vector_search(home.encoder.encode([text]), min(limit, home.index.size))
    rows = home.index.entities.select(["id", "name", "type"]).take(hits.target).to_pylist()
    return [
        SearchHit(row["id"], row["name"], row["type"], row["name"], round(float(score), 4))
        for row, score in zip(rows, hits.score, strict=True)
    ]
