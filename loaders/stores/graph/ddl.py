"""Reads the statements that make a graph store ready."""

from collections.abc import Iterable
from importlib.resources import files

PLACE = "{relation}"


def quoted(name: str) -> str:
    """Return an identifier of the ontology in the back quotes of Cypher, so that ORDER or IN may be one."""
    return f"`{name}`"


def statements(file_name: str, relations: Iterable[str] = ()) -> list[str]:
    """Return the statements of a file of schemas/ddl, in order.

    file_name: such as "neo4j.cypher"; statements end with ";" and comments are whole lines.
    relations: names of the ontology's relation types; a statement that holds {relation} is repeated for each.
    """
    text = files("schemas").joinpath("ddl", file_name).read_text(encoding="utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//"))
    names = [quoted(name) for name in relations]
    found: list[str] = []
    for statement in filter(None, (part.strip() for part in code.split(";"))):
        repeated = [statement.replace(PLACE, name) for name in names] if PLACE in statement else [statement]
        found.extend(repeated)
    return found
