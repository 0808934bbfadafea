"""Reads the statements that make a graph store ready."""

from collections.abc import Iterable, Mapping
from importlib.resources import files


def quoted(name: str) -> str:
    """Return an identifier of the ontology in the back quotes of Cypher, so that ORDER or IN may be one."""
    return f"`{name}`"


def statements(file_name: str, names: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the statements of a file of schemas/ddl, in order.

    file_name: such as "neo4j.cypher"; statements end with ";" and comments are whole lines.
    names: identifiers of the ontology by placeholder; a statement that holds {relation} is repeated for each of
           names["relation"].
    """
    text = files("schemas").joinpath("ddl", file_name).read_text(encoding="utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//"))
    found = [statement for part in code.split(";") if (statement := part.strip())]
    for placeholder, each in names.items():
        place, listed = f"{{{placeholder}}}", list(each)
        repeated = ([s.replace(place, name) for name in listed] if place in s else [s] for s in found)
        found = [statement for group in repeated for statement in group]
    return found
