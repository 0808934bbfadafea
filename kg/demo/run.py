"""`kg demo`: the main job from files to a graph that answers, on the data that is shipped."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kg.evaluate import evaluate
from kg.home import Home
from kg.ingest import CatalogInput, DocumentInput, ingest_catalog, ingest_documents
from kg.resolve import resolve

DATA = Path(__file__).parent / "data"
"""Folder of the shipped catalog, documents and gold."""

QUERIES = (
    (
        "Which artists are talked about most?",
        "MATCH (d:Document)-[m:MENTIONS]->(e:Entity {type: 'artist', status: 'catalog'}) "
        "RETURN e.name AS artist, count(d) AS documents, sum(m.count) AS mentions "
        "ORDER BY mentions DESC, artist LIMIT 8",
    ),
    (
        "Which documents speak of an album and of the act that made it?",
        "MATCH (d:Document)-[:MENTIONS]->(a:Entity {type: 'album'})-[:PERFORMED_BY]->(b:Entity)<-[:MENTIONS]-(d) "
        "RETURN d.id AS document, a.name AS album, b.name AS artist ORDER BY document, album LIMIT 8",
    ),
    (
        "What is spoken of that the catalog does not hold?",
        "MATCH (d:Document)-[m:MENTIONS]->(e:Entity {status: 'provisional'}) "
        "RETURN e.name AS name, e.type AS type, count(d) AS documents, sum(m.count) AS mentions "
        "ORDER BY documents DESC, mentions DESC, name LIMIT 8",
    ),
)
"""A question and the Cypher that answers it, on both homes."""


def run_demo(home: Home, tell: Callable[[str], None]) -> dict[str, Any]:
    """Ingest the shipped data, resolve it, compare with the gold and query the graph.

    tell: called with a sentence after each step. Returns {"gold": counts, "queries": [question, cypher, columns,
    rows]}. Running it again changes nothing.
    """
    relations = str(DATA / "relations.jsonl")
    music = ingest_catalog(home, CatalogInput([str(DATA / "catalog-music.jsonl")], (), "discography"))
    podcasts = ingest_catalog(home, CatalogInput([str(DATA / "catalog-podcasts.csv")], [relations], "directory"))
    tell(f"catalog: {_rows(music.rows)}; then {_rows(podcasts.rows)}")
    documents = ingest_documents(home, DocumentInput([str(DATA / "documents")]))
    tell(f"documents: {_rows(documents.rows)}")
    summary = resolve(home)
    tell(f"resolved: {', '.join(f'{number} {kind}' for kind, number in summary.decisions.items())}")
    gold = evaluate(home, DATA / "gold.jsonl")
    return {"gold": gold.summary(), "queries": [_ask(home, question, cypher) for question, cypher in QUERIES]}


def _rows(rows: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in rows.items()) or "unchanged"


def _ask(home: Home, question: str, cypher: str) -> dict[str, Any]:
    result = home.graph.query(cypher)
    return {"question": question, "cypher": cypher, "columns": result.columns, "rows": result.rows}
