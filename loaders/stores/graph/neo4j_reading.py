"""Says whether a query of Neo4j only reads the graph, by the plan that the server makes of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from neo4j import ResultSummary

from schemas.errors import QueryError

_READS_ONLY = "r"
_REFUSED = {"LoadCSV": "reads a file or an address (LOAD CSV)", "TerminateTransactions": "stops other queries"}


def refuse_unless_reading(explained: ResultSummary, query: str) -> None:
    """Raise QueryError when a query does more than read the graph.

    explained: the summary of EXPLAIN with the query.
    The server refuses a write in a read session, but neither files nor administration.
    """
    if explained.query_type != _READS_ONLY:
        problem = "it writes or administers, and only reading is allowed; allow writing (--write) if you mean it"
        raise QueryError(problem, query)
    for operator in _operators(explained.plan or {}):
        if operator in _REFUSED:
            raise QueryError(f"it {_REFUSED[operator]}, which is not reading the graph", query)


def _operators(plan: Mapping[str, Any]) -> Iterator[str]:
    yield str(plan.get("operatorType", "")).split("@", 1)[0]
    for child in plan.get("children", ()):
        yield from _operators(child)
