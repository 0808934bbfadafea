"""Vectors of entities in Neo4j, and their index."""

from collections.abc import Sequence

import neo4j
import pyarrow as pa

INDEX = "kg_entity_vectors"
PROPERTIES = ("embedding", "embedding_key")
"""The vector and its key; they are no columns of an entity, and answers leave them out."""

_PUT = (
    "UNWIND $rows AS row MATCH (n:Entity {id: row.id}) "
    "CALL db.create.setNodeVectorProperty(n, 'embedding', row.vector) SET n.embedding_key = row.key"
)
_KEYS = "MATCH (n:Entity) WHERE n.embedding_key IS NOT NULL RETURN n.id, n.embedding_key"
_LENGTH = (
    "SHOW VECTOR INDEXES YIELD name, options WHERE name = $name "
    "RETURN options.indexConfig['vector.dimensions'] AS length"
)
_CREATE = (
    f"CREATE VECTOR INDEX {INDEX} IF NOT EXISTS FOR (n:Entity) ON (n.embedding) OPTIONS "
    "{indexConfig: {`vector.dimensions`: $length, `vector.similarity_function`: 'cosine'}}"
)
_DROP = f"DROP INDEX {INDEX} IF EXISTS"
_REMOVE = (
    "MATCH (n:Entity) WHERE n.embedding_key IS NOT NULL "
    "CALL (n) { REMOVE n.embedding, n.embedding_key } IN TRANSACTIONS OF 2000 ROWS"
)


def vector_keys(session: neo4j.Session) -> dict[str, str]:
    """Return the key of every vector, by the id of its entity."""
    return dict(session.execute_read(lambda transaction: transaction.run(_KEYS).values()))


def make_index(session: neo4j.Session, length: int) -> None:
    """Make the index of vectors of a length; one of another length is dropped first."""
    found = session.run(_LENGTH, name=INDEX).single()
    if found is not None and found["length"] != length:
        session.run(_DROP).consume()
    session.run(_CREATE, length=length).consume()


def put_vectors(session: neo4j.Session, keys: Sequence[tuple[str, str]], vectors: pa.FixedSizeListArray) -> None:
    """Write vectors in one transaction, which is tried again when the server says so."""
    rows = [
        {"id": entity_id, "key": key, "vector": vector}
        for (entity_id, key), vector in zip(keys, vectors.to_pylist(), strict=True)
    ]
    session.execute_write(lambda transaction: transaction.run(_PUT, rows=rows).consume())


def drop_vectors(session: neo4j.Session) -> None:
    """Delete the index and then the vectors, in many small transactions."""
    session.run(_DROP).consume()
    session.run(_REMOVE).consume()
