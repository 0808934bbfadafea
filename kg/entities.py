"""`kg show` and `kg mentions`: what is known of an entity or a document."""

import re
from dataclasses import dataclass, field
from typing import Any

import orjson

from kg.home import Home
from kg.paging import place_of
from kg.provisional import followed_id
from kg.raw_ids import entity_by_any_id
from schemas.batches import STORED_DECISIONS
from schemas.document import Document
from schemas.errors import IndexMissingError, NotFoundError

_AROUND = 60
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class EntityView:
    """An entity with what hangs on it.

    facts:       the node's own values.
    records:     keys of the records that it is made of.
    relations:   {relation, direction ("out" or "in"), id, name, type, source}, ordered.
    documents:   {id, title, count, probability, first_ms} of documents that mention it, most mentions first.
    co_mentions: {id, name, documents, npmi} of entities that share documents with it, most documents first.
    """

    facts: dict[str, Any]
    records: list[str] = field(default_factory=list)
    relations: list[dict[str, Any]] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)
    co_mentions: list[dict[str, Any]] = field(default_factory=list)


def entity_id_of(home: Home, given: str) -> str:
    """Return the canonical id for an entity id, a raw record id, ``source:record_id`` or an exact name.

    A provisional id that went into another, or that was promoted or assigned, leads there.

    Raises NotFoundError with the nearest names when there is none, or with the ids when a name has several.
    """
    from kg.search import search

    if home.graph.query("MATCH (e:Entity {id: $id}) RETURN e.id", {"id": given}).rows:
        return given
    by_id = entity_by_any_id(home)
    if given in by_id:
        return by_id[given]
    followed = followed_id(home, given)
    if followed != given:
        return entity_id_of(home, followed)
    named = home.graph.query("MATCH (e:Entity {name: $name}) RETURN e.id ORDER BY e.id", {"name": given}).rows
    if len(named) == 1:
        return str(named[0][0])
    if named:
        raise NotFoundError("one entity named", given, [row[0] for row in named], "several have this name; give an id")
    try:
        nearest = [f"{hit.name} ({hit.id})" for hit in search(home, given, limit=3)]
    except IndexMissingError:
        nearest = []
    raise NotFoundError("entity", given, nearest)


def show(home: Home, given: str, *, limit: int = 10, relations: int | None = None) -> EntityView:
    """Return what is known of an entity. Raises NotFoundError.

    At most `limit` documents and co-mentions, and `relations` of each kind and direction (None: all).
    """
    entity_id = entity_id_of(home, given)
    key = {"id": entity_id}
    facts = home.graph.query("MATCH (e:Entity {id: $id}) RETURN e", key).rows[0][0]
    facts["properties"] = orjson.loads(facts["properties"] or "{}")
    facts.pop("_label", None)
    records = home.graph.query("MATCH (r:Record)-[:RESOLVED_TO]->(e:Entity {id: $id}) RETURN r.id ORDER BY r.id", key)
    documents = home.graph.query(
        "MATCH (d:Document)-[m:MENTIONS]->(e:Entity {id: $id}) "
        "RETURN d.id AS id, d.title AS title, m.count AS count, m.probability AS probability, m.first_ms AS first_ms "
        "ORDER BY count DESC, id",
        key,
        limit=limit,
    )
    together = home.graph.query(
        "MATCH (e:Entity {id: $id})-[c:CO_MENTIONED]-(o:Entity) "
        "RETURN o.id AS id, o.name AS name, c.documents AS documents, c.npmi AS npmi "
        "ORDER BY documents DESC, npmi DESC, id",
        key,
        limit=limit,
    )
    return EntityView(
        facts=facts,
        records=[row[0] for row in records.rows],
        relations=_relations(home, entity_id, relations),
        documents=[dict(zip(documents.columns, row, strict=True)) for row in documents.rows],
        co_mentions=[dict(zip(together.columns, row, strict=True)) for row in together.rows],
    )


def _relations(home: Home, entity_id: str, most: int | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for relation in home.config.ontology.relation_types:
        for direction, pattern in (("out", "(e)-[r:{0}]->(o:Entity)"), ("in", "(e)<-[r:{0}]-(o:Entity)")):
            query = (
                "MATCH (e:Entity {id: $id}) MATCH "
                + pattern.format(relation.name)
                + " RETURN o.id, o.name, o.type, r.source ORDER BY o.id"
            )
            name = relation.name if direction == "out" else relation.inverse
            found.extend(
                {"relation": name, "direction": direction, "id": i, "name": n, "type": t, "source": s}
                for i, n, t, s in home.graph.query(query, {"id": entity_id}, limit=most).rows
            )
    return sorted(found, key=lambda row: (row["relation"], row["id"]))


def mentions_of_entity(home: Home, given: str, *, limit: int = 20, after: str = "") -> tuple[list[dict[str, Any]], str]:
    """Return mentions that mean an entity, with quote and time code, and a token for the next page.

    Raises NotFoundError, PageError.
    """
    place_of(after, str, int, str)
    table, token = home.mentions.entity_mentions(entity_id_of(home, given), limit=limit, after=after)
    rows = table.drop_columns(["candidates"]).to_pylist()
    documents = {d.id: d for d in home.mentions.documents(sorted({row["doc_id"] for row in rows}))}
    return [_quoted(row, documents[row["doc_id"]]) for row in rows if row["doc_id"] in documents], token


def mentions_of_document(home: Home, doc_id: str) -> list[dict[str, Any]]:
    """Return the mentions of a document in order, decided or not, with quote and time code.

    Raises NotFoundError.
    """
    document = home.mentions.document(doc_id)
    if document is None:
        raise NotFoundError("document", doc_id, hint="`kg query 'MATCH (d:Document) RETURN d.id'` lists them")
    columns = [name for name in STORED_DECISIONS.names if name != "candidates"]
    decided = {
        row["mention_id"]: row for batch in home.mentions.decisions([doc_id], columns) for row in batch.to_pylist()
    }
    rows = []
    for mention in home.mentions.mentions([doc_id]).to_pylist():
        row = decided.get(mention["mention_id"]) or {**mention, "decision": None}
        rows.append(_quoted({**row, "speaker": mention["speaker"], "start_ms": mention["start_ms"]}, document))
    return rows


def _quoted(row: dict[str, Any], document: Document) -> dict[str, Any]:
    start, end = row["start"], row["end"]
    before = document.text[max(0, start - _AROUND) : start]
    after = document.text[end : end + _AROUND]
    kept = (
        "mention_id",
        "doc_id",
        "start",
        "end",
        "surface",
        "type",
        "decision",
        "entity_id",
        "best_entity_id",
    )
    return {
        **{name: row.get(name) for name in kept},
        "probability": row.get("probability"),
        "provisional_id": row.get("provisional_id"),
        "time": time_code(row.get("start_ms")),
        "start_ms": row.get("start_ms"),
        "speaker": row.get("speaker") or _speaker(document, start),
        "quote": _SPACES.sub(" ", f"{before}[{document.text[start:end]}]{after}").strip(),
    }


def _speaker(document: Document, place: int) -> str | None:
    return next((cue.speaker for cue in document.cues if cue.start <= place < cue.end), None)


def time_code(milliseconds: int | None) -> str:
    """Return h:mm:ss, "" for None.

    >>> time_code(3_723_400)
    '1:02:03'
    """
    if milliseconds is None:
        return ""
    seconds = milliseconds // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
