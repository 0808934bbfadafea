"""What the graph should hold: its nodes and edges as frames, made from the mention store and the index."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson
import polars as pl
import pyarrow as pa

from kg.catalog import canonical_relations
from kg.frames import frame
from kg.home import Home
from schemas.batches import MENTIONS_EDGES, NODES, RELATION_EDGES, RESOLVED_TO_EDGES, STORED_DECISIONS
from schemas.record import Record
from schemas.resolution import Resolution

DECISION_COLUMNS = [
    "doc_id",
    "start",
    "surface",
    "type",
    "decision",
    "entity_id",
    "probability",
    "provisional_id",
    "start_ms",
]


def _empty(schema: pa.Schema) -> pl.DataFrame:
    return frame(schema.empty_table())


def _from_rows(rows: Iterable[Mapping[str, object]], schema: pa.Schema) -> pl.DataFrame:
    return frame(pa.Table.from_pylist(list(rows), schema=schema))


def properties_json(properties: Mapping[str, object]) -> str:
    """Return properties as JSON with sorted keys, the same bytes for the same content."""
    return orjson.dumps(dict(properties), option=orjson.OPT_SORT_KEYS).decode()


def catalog_entities(home: Home) -> pl.DataFrame:
    """Return the Entity nodes of the catalog."""
    return frame(home.index.entities.select(NODES["Entity"].names))


def records(home: Home) -> pl.DataFrame:
    """Return the Record nodes."""
    return _from_rows(map(_record_row, home.mentions.records()), NODES["Record"])


def documents(home: Home) -> pl.DataFrame:
    """Return the Document nodes."""
    return frame(home.mentions.document_rows().select(NODES["Document"].names))


def current_decisions(home: Home, more: Sequence[str] = ()) -> pl.DataFrame:
    """Return what is decided now, without the candidates; `more` names further columns."""
    columns = [*DECISION_COLUMNS, *more]
    frames = [frame(batch) for batch in home.mentions.decisions(columns=columns)]
    return pl.concat(frames) if frames else _empty(pa.schema([STORED_DECISIONS.field(c) for c in columns]))


def resolved_to(resolutions: Mapping[str, Resolution]) -> pl.DataFrame:
    """Return the RESOLVED_TO edges."""
    rows = [
        {
            "from_id": row.record_key,
            "to_id": row.entity_id,
            "probability": row.probability,
            "run_id": row.run_id,
            "decided_by": row.decided_by,
        }
        for row in resolutions.values()
    ]
    return _from_rows(rows, RESOLVED_TO_EDGES)


def relations(home: Home, resolutions: dict[str, Resolution]) -> dict[str, pl.DataFrame]:
    """Return the edges of every relation type of the ontology; types without edges have an empty frame."""
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in home.config.ontology.relation_names}
    for subject, relation, target, sources in canonical_relations(home, resolutions)[0]:
        # a type that has left kg.toml keeps its rows in the store, and its edges come back with it
        if relation in rows:
            rows[relation].append({"from_id": subject, "to_id": target, "source": sources})
    return {name: _from_rows(edges, RELATION_EDGES) for name, edges in rows.items()}


@dataclass(frozen=True)
class NameUses:
    """How often unknown things are called what; counts that add up over sets of whole documents.

    surfaces: provisional_id, surface, uses. types: provisional_id, type (not ""), uses.
    """

    surfaces: pl.DataFrame
    types: pl.DataFrame


def name_uses(decisions: pl.DataFrame) -> NameUses:
    """Count the surfaces and types of the mentions of unknown things."""
    nil = decisions.filter(pl.col("provisional_id").is_not_null())
    uses = pl.len().cast(pl.Int64).alias("uses")
    return NameUses(
        nil.group_by("provisional_id", "surface").agg(uses),
        nil.filter(pl.col("type") != "").group_by("provisional_id", "type").agg(uses),
    )


def provisional_entities(uses: NameUses) -> pl.DataFrame:
    """Return one entity per provisional id.

    Its name is a surface of several words if it has one, with a capital if it has one (speech recognition writes
    none), and of these the one used most, then the longest, then the first.
    """
    if uses.surfaces.is_empty():
        return _empty(NODES["Entity"])
    order = {
        "provisional_id": False,
        "several": True,
        "capital": True,
        "uses": True,
        "length": True,
        "surface": False,
    }
    surfaces = uses.surfaces.with_columns(
        pl.col("surface").str.len_chars().alias("length"),
        pl.col("surface").str.contains(r"\S\s+\S").alias("several"),
        (pl.col("surface").str.to_lowercase() != pl.col("surface")).alias("capital"),
    ).sort(list(order), descending=list(order.values()))
    types = uses.types.sort(["provisional_id", "uses", "type"], descending=[False, True, False])
    best_type = types.group_by("provisional_id", maintain_order=True).first().select("provisional_id", "type")
    named = surfaces.group_by("provisional_id", maintain_order=True).agg(
        pl.col("surface").first().alias("name"), pl.col("surface").slice(1).sort().alias("aliases")
    )
    joined = named.join(best_type, on="provisional_id", how="left").sort("provisional_id")
    return joined.select(
        pl.col("provisional_id").alias("id"),
        "name",
        pl.col("type").fill_null(""),
        "aliases",
        pl.lit("").alias("description"),
        pl.lit(None, dtype=pl.Float64).alias("popularity"),
        pl.lit("provisional").alias("status"),
        pl.lit("{}").alias("properties"),
    ).cast(_empty(NODES["Entity"]).schema)


def mention_edges(decisions: pl.DataFrame, known: set[str]) -> pl.DataFrame:
    """Return one edge per document and entity; links to entities that left the catalog wait for the next resolve."""
    asserted = decisions.with_columns(
        pl.when(pl.col("decision") == "link").then("entity_id").otherwise("provisional_id").alias("to_id")
    ).filter(pl.col("to_id").is_in(list(known)))
    if asserted.is_empty():
        return _empty(MENTIONS_EDGES)
    return (
        asserted.sort("doc_id", "start")
        .group_by("doc_id", "to_id")
        .agg(
            pl.len().cast(pl.Int64).alias("count"),
            pl.col("probability").max(),
            pl.col("start").first().cast(pl.Int64).alias("first_start"),
            pl.col("start_ms").first().alias("first_ms"),
        )
        .rename({"doc_id": "from_id"})
        .select(MENTIONS_EDGES.names)
        .sort("from_id", "to_id")
    )


def _record_row(record: Record) -> dict[str, object]:
    return {
        "id": record.key,
        "source": record.source,
        "name": record.name,
        "type": record.type,
        "aliases": list(record.aliases),
        "description": record.description,
        "popularity": record.popularity,
        "properties": properties_json(record.properties),
    }
