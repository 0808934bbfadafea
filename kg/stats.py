"""`kg stats`: how much a home holds."""

from typing import Any

from kg.catalog import is_current, pairs_are_current
from kg.home import Home
from kg.resolve import undecided
from schemas.errors import IndexMissingError


def stats(home: Home) -> dict[str, Any]:
    """Return counts of the mention store and the graph, the index and what waits to be done."""
    counts: dict[str, Any] = {
        "home": str(home.config.home),
        "graph": home.graph.url,
        "mentions": home.mentions.url,
    }
    counts["stored"] = home.mentions.counts()
    counts["nodes"] = {
        label: home.graph.query(f"MATCH (n:{label}) RETURN count(n)").rows[0][0]
        for label in ("Entity", "Record", "Document")
    }
    counts["entity_types"] = dict(
        home.graph.query("MATCH (e:Entity) RETURN e.type AS type, count(e) AS n ORDER BY n DESC, type").rows
    )
    try:
        counts["index"] = {"version": home.index.version, "entities": home.index.size}
        counts["waiting"] = {
            "documents_to_resolve": undecided(home),
            "catalog_to_refresh": not is_current(home),
            "records_to_compare": not pairs_are_current(home),
            "files_not_whole": sum(not file.complete for file in home.mentions.files()),
        }
    except IndexMissingError:
        counts["index"] = None
    return counts
