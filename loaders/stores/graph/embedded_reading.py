"""Says whether a query of the embedded graph is about the graph, and only reads it.

The engine itself refuses to change the graph in a read-only transaction. It does not refuse what touches files or
settings, and some of its table functions crash when they are called by hand; that is refused here, twice: by the
words of the query, and by the plan that the engine makes of it.
"""

import re
from collections.abc import Mapping
from itertools import pairwise

import ladybug

from loaders.stores.graph.embedded_answers import execute
from schemas.errors import QueryError

_FIRST = {"MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN", "CALL", "EXPLAIN"}
_FIRST_OF_WRITES = {"CREATE", "MERGE"}
_CALLABLE = {
    "SHOW_TABLES",
    "SHOW_CONNECTION",
    "SHOW_FUNCTIONS",
    "SHOW_INDEXES",
    "SHOW_MACROS",
    "SHOW_SEQUENCES",
    "TABLE_INFO",
    "DB_VERSION",
    "CURRENT_SETTING",
    "STORAGE_INFO",
    "STATS_INFO",
}
_TOKEN = re.compile(
    r"""
      (?P<space>\s+ | //[^\r\n]*\r?(?:\n|\Z) | /\*.*?\*/)
    | (?P<quoted>'(?:\\.|[^'\\])*' | "(?:\\.|[^"\\])*" | `[^`]*`)
    | (?P<word>[^\W\d]\w*)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_FILE_FUNCTION = re.compile(r"Function:\s*(?!READ_FTABLE\b)(READ_\w*)")
_LINE = re.compile(r"\(line: (\d+)")
_OUTSIDE = re.compile(r"\b(COPY_TO|COPY_FROM|EXPORT_\w+|IMPORT_\w+|ATTACH_\w+|STANDALONE_CALL|EXTENSION)\b\[")


def refuse_unless_about_the_graph(query: str, *, write: bool) -> None:
    """Raise QueryError when the words of a query say that it does more than read the graph, or with `write` change it.

    Changing means to create, set, merge and delete; loading files and dropping tables are not for queries.
    """
    tokens = _tokens(query)
    if not tokens:
        raise QueryError("it is empty", query)
    allowed = _FIRST | _FIRST_OF_WRITES if write else _FIRST
    if tokens[0].upper() not in allowed:
        problem = f"it begins with {tokens[0]!r}; it may begin with {', '.join(sorted(allowed))}"
        raise QueryError(problem, query)
    if ";" in tokens[:-1]:
        raise QueryError("it holds several statements; give one", query)
    for here, after in pairwise([*tokens, ""]):
        if here.upper() == "LOAD" and after.upper() in {"FROM", "WITH"}:
            raise QueryError("it reads from outside the graph (LOAD FROM)", query)
        if here.upper() == "CALL" and after.upper() not in _CALLABLE:
            problem = f"it calls {after!r}; valid: {', '.join(sorted(_CALLABLE))}"
            raise QueryError(problem, query)


def refuse_plan_unless_reading(connection: ladybug.Connection, query: str, parameters: Mapping[str, object]) -> None:
    """Raise QueryError when the engine's plan touches files or settings; RuntimeError as the engine does."""
    if _tokens(query)[0].upper() == "EXPLAIN":
        return
    try:
        explained = execute(connection, f"EXPLAIN\n{query}", parameters)
    except RuntimeError as error:
        raise RuntimeError(_LINE.sub(lambda m: f"(line: {int(m[1]) - 1}", str(error))) from error
    plan = "\n".join(str(row) for row in explained.get_all())
    touched = _FILE_FUNCTION.search(plan) or _OUTSIDE.search(plan)
    if touched:
        raise QueryError(f"it does more than read the graph ({touched[1]})", query)


def _tokens(query: str) -> list[str]:
    return [found[0] for found in _TOKEN.finditer(query) if found.lastgroup != "space"]
