"""`kg gold`: golden sets, the files that say what mentions mean."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from kg.entities import entity_id_of
from kg.explain import find_mention
from kg.gold_file import catalog_ids, types_of
from kg.gold_rows import check_suffix, locked, put_row
from kg.home import Home
from loaders.readers.spans import read_gold_lines
from schemas.document import Document
from schemas.errors import GoldError, InputError, SpanError
from schemas.span import GoldSpan

_SAID = ("entity_id", "cluster", "note")


@dataclass(frozen=True, slots=True)
class GoldAdded:
    """What `add_gold` did.

    action: "added", "replaced", or "unchanged" when the file had this answer already. span: the row as it stands now.
    """

    action: Literal["added", "replaced", "unchanged"]
    span: GoldSpan


@dataclass(frozen=True, slots=True)
class GoldFault:
    """Something wrong in a gold file. line: counts from 1, None when the file as a whole is meant."""

    line: int | None
    problem: str


def add_gold(
    home: Home,
    given: str,
    file: Path,
    *,
    entity: str | None = None,
    nil: bool = False,
    cluster: str = "",
    note: str = "",
    replace: bool = False,
) -> GoldAdded:
    """Take what a mention means into a gold file, which is made when it is missing.

    given:   a mention id, or a place as ``DOCUMENT:START-END``.
    entity, nil: the answer; without either the decision's own: its entity when it is a link, NIL when it is nil.
    cluster: which unknown thing is meant, for NIL. note: a word to slice reports by.
    replace: whether another answer that the file has for this span gives way.
    Raises GoldError when there is no answer (undecided or in review), when cluster goes with an entity, or when
    the file has another answer; NotFoundError for mention and entity; SpanError for a wrong row of the file;
    InputError.
    """
    check_suffix(file)
    mention = find_mention(home, given)
    entity_id = None if nil else _catalog_entity(home, entity) if entity is not None else _decided(home, mention)
    if cluster and entity_id is not None:
        raise GoldError(f"a cluster says which unknown thing is meant, but {mention['surface']!r} means {entity_id}")
    type_name = types_of(home, [entity_id]).get(entity_id, "") if entity_id is not None else mention["type"]
    place = (mention["doc_id"], mention["start"], mention["end"])
    span = GoldSpan(*place, entity_id, type_name, cluster, note, mention["surface"])
    with locked(file):
        there = _row_of(file, span)
        if there is not None:
            line, row = there
            other = [name for name in _SAID if getattr(span, name) != getattr(row, name)]
            if entity_id == row.entity_id and not any(getattr(span, name) for name in other):
                return GoldAdded("unchanged", row)
            if not replace:
                said = ", ".join(f"{name} {getattr(row, name)!r}" for name in other)
                raise GoldError(f"{file} line {line} has this span with {said}; --replace takes the new answer")
        put_row(file, span)
    return GoldAdded("added" if there is None else "replaced", span)


def check_gold(home: Home, file: Path) -> tuple[int, list[GoldFault]]:
    """Return how many rows a gold file has, and everything that is wrong with it, by line.

    Wrong is: a row that cannot be read, a document that the home does not hold, a span behind the end of its text or
    with white space at an end, a surface that the text does not have there, an entity that the catalog does not hold,
    a cluster beside an entity, a span that stands there twice.
    """
    faults: list[GoldFault] = []
    rows: list[tuple[int, GoldSpan]] = []
    for found in read_gold_lines(file):
        if isinstance(found, SpanError):
            faults.append(GoldFault(found.line, found.problem))
        else:
            rows.append(found)
    if not rows and not faults:
        faults.append(GoldFault(None, "holds no gold spans"))
    documents = {d.id: d for d in home.mentions.documents(sorted({row.doc_id for _, row in rows}))}
    known = catalog_ids(home, {row.entity_id for _, row in rows if row.entity_id is not None})
    first: dict[tuple[str, int, int], tuple[int, GoldSpan]] = {}
    for line, row in rows:
        faults += [GoldFault(line, problem) for problem in _problems(row, documents.get(row.doc_id), known)]
        before, other = first.setdefault((row.doc_id, row.start, row.end), (line, row))
        if before != line:
            same = "the same" if other.entity_id == row.entity_id else "another"
            faults.append(GoldFault(line, f"the span stands in line {before} already, with {same} answer"))
    return len(rows), sorted(faults, key=lambda fault: fault.line or 0)


def _problems(row: GoldSpan, document: Document | None, known: dict[str, str]) -> list[str]:
    problems = []
    if row.entity_id is not None and row.entity_id not in known:
        problems.append(f"the catalog holds no entity {row.entity_id!r}")
    if row.entity_id is not None and row.cluster:
        problems.append(f"cluster {row.cluster!r} stands beside an entity; it is for NIL")
    if document is None:
        return [*problems, f"the home holds no document {row.doc_id!r}"]
    text = document.text[row.start : row.end]
    if row.end > len(document.text):
        problems.append(f"end {row.end} is behind the end of the text, {len(document.text)}")
    elif text != text.strip():
        problems.append(f"the span {text!r} begins or ends with white space")
    elif row.surface and row.surface != text:
        problems.append(f"surface {row.surface!r} is not the text there, {text!r}")
    return problems


def _catalog_entity(home: Home, given: str) -> str:
    entity_id = catalog_ids(home, [given]).get(given) or entity_id_of(home, given)
    if not catalog_ids(home, [entity_id]):
        raise GoldError(f"{entity_id} is not in the catalog; --nil says that")
    return entity_id


def _decided(home: Home, mention: dict[str, Any]) -> str | None:
    """Return the entity of a link, None of a nil; raises GoldError when neither was decided."""
    rows = home.mentions.decision(mention["mention_id"]).to_pylist()
    decision = rows[0]["decision"] if rows else None
    if decision in (None, "review"):
        state = "is not decided" if decision is None else "is in review"
        raise GoldError(f"{mention['surface']!r} {state}: say what it means by --entity ID or --nil")
    return rows[0]["entity_id"] if decision == "link" else None


def _row_of(file: Path, span: GoldSpan) -> tuple[int, GoldSpan] | None:
    """Return the line and the row that a file has for a span; raises SpanError for a row that cannot be read."""
    if not file.exists() or not file.stat().st_size:
        return None
    found = None
    for row in read_gold_lines(file):
        if isinstance(row, InputError):
            raise row
        if (row[1].doc_id, row[1].start, row[1].end) == (span.doc_id, span.start, span.end):
            found = found or row
    return found
