"""Relation files become relations in the direction that the ontology declares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from loaders.readers.row import Row, Values
from loaders.readers.rows import Layout, read_rows
from loaders.readers.source_name import checked_source, source_of
from schemas.errors import RelationError
from schemas.ontology import Ontology
from schemas.relation import Relation


@dataclass(frozen=True, slots=True)
class RelationOptions:
    """How a relations file is read.

    source:   name of the source of rows that have no `source` of their own.
    mapping:  ours -> theirs.
    ontology: the relation types that there are.

    Raises ConfigError when source cannot be one.
    """

    source: str
    mapping: Mapping[str, str]
    ontology: Ontology

    def __post_init__(self) -> None:
        checked_source(self.source)

    @property
    def layout(self) -> Layout:
        """The fields of a relations file."""
        required = ("subject", "relation", "object")
        return Layout("a relations file", RelationError, required, ("source",), self.mapping)


def read_relations(path: Path, options: RelationOptions) -> Iterator[Relation | RelationError]:
    """Yield the relations of a JSONL, CSV, TSV or Parquet file, and a RelationError for each row that is none.

    A relation called by its inverse name is turned round; names are read without regard to case. Raises
    ConfigError for a mapping of no field of ours, FormatError when the file as a whole cannot be read,
    NotFoundError.
    """
    layout, ontology = options.layout, options.ontology
    inverses = _inverses(ontology)
    for row in read_rows(path, layout):
        try:
            if not isinstance(row, Row):
                raise row
            yield _relation(path, row, options, inverses)
        except RelationError as error:
            yield error


def _inverses(ontology: Ontology) -> dict[str, list[str]]:
    inverses: dict[str, list[str]] = {}
    for relation_type in ontology.relation_types:
        inverses.setdefault(relation_type.inverse, []).append(relation_type.name)
    return inverses


def _relation(path: Path, row: Row, options: RelationOptions, inverses: Mapping[str, list[str]]) -> Relation:
    values = Values(row, options.layout.column, lambda problem: RelationError(path, problem, row.line))
    subject, target = values.required("subject").strip(), values.required("object").strip()
    said = values.required("relation").strip()
    name = said.upper().replace(" ", "_").replace("-", "_")
    known = options.ontology.relation_names
    if name not in known:
        forward = inverses.get(name, [])
        if not forward:
            raise values.fail(f"relation {said!r} is not known; relations: {', '.join(known)}, or their inverse names")
        if len(forward) > 1:
            raise values.fail(f"relation {said!r} is the inverse of several; use one of {', '.join(forward)}")
        name, subject, target = forward[0], target, subject
    return Relation(subject, name, target, source_of(values, options.source))
