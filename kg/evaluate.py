"""`kg evaluate`: decisions against a gold file."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import polars as pl
import pyarrow as pa

from kg import runs
from kg.gold_file import canonical_gold, read_gold_file
from kg.home import Home
from kg.mistakes import with_evidence, with_names
from linkers.evaluation import CandidateRecall, Comparison, Evaluation, candidate_recall
from linkers.evaluation import compare as compare_decisions
from linkers.evaluation import evaluate as evaluate_decisions
from linkers.evaluation.matching import SpanView
from schemas.batches import DECISIONS
from schemas.document import Document
from schemas.errors import GateError, IndexMissingError
from schemas.identity import mention_id
from schemas.span import GoldSpan


class Measured(Protocol):
    """An evaluation, of mentions or of records."""

    def quality(self) -> Mapping[str, float | None]:
        """Return every measure by name."""


LOWER_IS_BETTER = ("ece", "brier")
_PLACE = ["doc_id", "start", "end"]
_INSIDE = {"doc_id": pl.String, "start": pl.Int32, "end": pl.Int32, "surface": pl.String, "gold_id": pl.String}


def evaluate(
    home: Home, gold: Path, *, spans: SpanView = "system", compare: str | None = None, errors: int = 20
) -> Evaluation:
    """Return how the current decisions agree with a gold file, in every measure that there is.

    spans:   "system": a mention counts when its span was found exactly; "gold": the gold spans were given to
             `kg ingest documents --mentions`.
    compare: a run, or the first digits of its id: the decisions as they stood after it are compared with the present.
    errors:  how many of the worst errors are kept, with their evidence.
    Ids of records in the gold stand for their entity. A gold span without type has that of its entity. Raises SpanError
    for the first row of the file that is wrong, RunError.
    """
    rows, unknown = canonical_gold(home, read_gold_file(gold))
    former = runs.find(home.mentions, compare) if compare else None
    doc_ids = sorted({row.doc_id for row in rows})
    documents = {document.id: document for document in home.mentions.documents(doc_ids)}
    batches = [batch.select(DECISIONS.names) for batch in home.mentions.decisions(doc_ids)]
    decisions = pa.concat_tables(batches) if batches else DECISIONS.empty_table()
    kinds = {document.id: document.kind for document in documents.values()}
    found = evaluate_decisions(decisions, rows, spans=spans, kinds=kinds, errors=errors)
    comparison = None
    if former:
        before = home.mentions.decisions_at(_mention_ids(rows, documents), former.sequence).select(DECISIONS.names)
        comparison = _named(home, compare_decisions(before, decisions, rows, run_id=former.run_id), documents)
    return replace(
        found,
        candidates=_candidates(home, rows, documents, decisions),
        errors=with_evidence(home, found.errors, documents),
        comparison=comparison,
        unknown_documents=tuple(sorted(set(doc_ids) - documents.keys())),
        unknown_entities=unknown,
    )


def check_gates(evaluation: Measured, least: Mapping[str, float]) -> None:
    """Raise GateError when a measure is under its least value: a check before a change is taken.

    least: by a name of `quality()` for which higher is better; the rounded numbers are compared. A measure
    that cannot be taken on this gold does not pass.
    """
    quality = evaluation.quality()
    valid = [name for name in quality if name not in LOWER_IS_BETTER]
    failed = []
    for name, value in least.items():
        if name not in valid:
            raise GateError(f"{name!r} is no measure that can be too low; measures: {', '.join(valid)}")
        measured = quality[name]
        if measured is None:
            failed.append(f"{name} cannot be measured on this gold")
        elif measured < value:
            failed.append(f"{name} {measured:.4f} is under {value:g}")
    if failed:
        raise GateError("; ".join(failed))


def _surface(row: GoldSpan, documents: Mapping[str, Document]) -> str | None:
    document = documents.get(row.doc_id)
    return (document.text[row.start : row.end] or None) if document else None


def _mention_ids(rows: Iterable[GoldSpan], documents: Mapping[str, Document]) -> list[str]:
    """Return the ids of the mentions at gold spans; they are known even where the mention is there no more."""
    return [
        mention_id(row.doc_id, row.start, row.end, surface) for row in rows if (surface := _surface(row, documents))
    ]


def _candidates(
    home: Home, rows: Iterable[GoldSpan], documents: Mapping[str, Document], decisions: pa.Table
) -> CandidateRecall | None:
    first: dict[tuple[str, int, int], GoldSpan] = {}
    for row in rows:
        first.setdefault((row.doc_id, row.start, row.end), row)
    inside = pl.DataFrame(
        [
            (*place, _surface(row, documents), row.entity_id)
            for place, row in first.items()
            if row.entity_id is not None
        ],
        schema=_INSIDE,
        orient="row",
    )
    candidates = pl.DataFrame(pl.from_arrow(decisions.select([*_PLACE, "candidates"]))).with_columns(
        pl.col("candidates").list.eval(pl.element().struct.field("entity_id"))
    )
    wanted = inside.join(candidates, on=_PLACE, how="left", maintain_order="left")
    settings = home.link_settings
    try:
        return candidate_recall(
            wanted, home.index, settings=settings.blocking, encoder=home.encoder, kept_depth=settings.shown
        )
    except IndexMissingError:
        return None


def _named(home: Home, comparison: Comparison, documents: Mapping[str, Document]) -> Comparison:
    """Return a comparison whose changed mentions have their surface and names."""
    return replace(
        comparison,
        asserted=replace(
            comparison.asserted,
            better=with_names(home, comparison.asserted.better, documents),
            worse=with_names(home, comparison.asserted.worse, documents),
        ),
        likeliest=replace(
            comparison.likeliest,
            better=with_names(home, comparison.likeliest.better, documents),
            worse=with_names(home, comparison.likeliest.worse, documents),
        ),
    )
