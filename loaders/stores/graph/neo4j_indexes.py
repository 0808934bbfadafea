"""Makes the constraints and indexes of Neo4j that are not there yet."""

import re
from collections.abc import Iterable

import neo4j

_NAME = re.compile(r"(?:CONSTRAINT|INDEX) (\w+) IF NOT EXISTS")
_ONLINE_WITHIN_S = 300
_KEY = "kg_entity_id"
_EMPTY_LISTS = (
    "MATCH (n:Entity|Record) WHERE n.aliases IS NULL CALL (n) { SET n.aliases = [] } IN TRANSACTIONS OF 10000 ROWS"
)


def make_missing(session: neo4j.Session, statements: Iterable[str]) -> None:
    """Run those of the statements whose constraint or index does not exist, and wait until all are online.

    The server answers once what there is, so that opening a graph that is ready costs one query and not one for each.
    A database without the key of entities is new, or the offline importer made it, which leaves empty lists out.
    """
    states = dict(session.run("SHOW INDEXES YIELD name, state RETURN name, state").values())
    missing = [statement for statement in statements if _name(statement) not in states]
    if _KEY not in states:
        session.run(_EMPTY_LISTS).consume()
    for statement in missing:
        session.run(statement).consume()
    if missing or any(state != "ONLINE" for state in states.values()):
        session.run("CALL db.awaitIndexes($seconds)", seconds=_ONLINE_WITHIN_S).consume()


def _name(statement: str) -> str:
    found = _NAME.search(statement)
    if found is None:
        message = f"no name in {statement!r}"
        raise ValueError(message)
    return found[1]
