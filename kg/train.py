"""`kg train GOLD`: the linker's weights fitted again to a home's own golden set."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from kg.gold_file import canonical_gold, read_gold_file
from kg.home import Home
from linkers.evaluation.model_comparison import MeasureChange, Verdict, compare_models, verdict_of
from linkers.scoring.gold_sample import NIL, GoldSample, Place, gold_sample, joined_gold
from linkers.scoring.model import LinkerModel
from linkers.scoring.refitting import CurvePoint, folds_of, refit
from schemas.document import Document
from schemas.errors import InputError, TrainingError
from schemas.span import Span

LEAST_MENTIONS = 100
LEAST_NIL = 20
LEAST_DOCUMENTS = 5
LEAST_FOLDS = 3
DOCUMENTS_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Training:
    """A linker model fitted to gold, and how it compares with the one that the home uses.

    model:     the fitted model. verdict: by accuracy with NIL, out of fold: whether its interval of difference is above
               0, holds 0, or is below.
    measures:  accuracy (with NIL), in_catalog_accuracy, link_precision, link_recall, brier and ece of both models, out
               of fold, as `kg evaluate` defines them.
    mentions, nil, documents: of the gold that was used. left_out: gold mentions whose document or entity the home does
               not hold. unextracted: used ones that were no mention of the home; they were added as given spans.
    strength:  of the prior, chosen by cross-validation: higher stays nearer to the current weights.
    curve:     accuracy by the number of labels trained on. gain_of_twice: estimated gain from twice as many labels.
    """

    model: LinkerModel
    verdict: Verdict
    measures: dict[str, MeasureChange]
    mentions: int
    nil: int
    documents: int
    left_out: int
    unextracted: int
    strength: float
    curve: tuple[CurvePoint, ...]
    gain_of_twice: float

    def as_dict(self) -> dict[str, Any]:
        """Return all of it but the weights as plain values, with the versions of both models."""
        plain = {name: getattr(self, name) for name in self.__slots__ if name not in ("model", "measures", "curve")}
        return plain | {
            "model_version": self.model.version,
            "link_threshold": self.model.link_threshold,
            "measures": {name: asdict(change) for name, change in self.measures.items()},
            "curve": [asdict(point) for point in self.curve],
            "fitted": dict(self.model.fitted),
        }

    def save(self, path: Path, *, force: bool = False) -> None:
        """Write the model as JSON, the same bytes for the same home, gold and options.

        Raises TrainingError when it is not better than the current one, unless forced; InputError.
        """
        if self.verdict != "better" and not force:
            change = self.measures["accuracy"]
            raise TrainingError(
                f"not written: out of fold the refitted model is not better ({self.verdict}: accuracy "
                f"{change.current:.4f} -> {change.refitted:.4f}); --force writes it all the same"
            )
        unfinished = path.with_name(path.name + ".unfinished")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.model.save(unfinished)
            unfinished.replace(path)
        except OSError as error:
            raise InputError(path, f"cannot be written: {error.strerror}") from error
        finally:
            unfinished.unlink(missing_ok=True)


def train(home: Home, gold: Path, *, folds: int = 5, seed: int = 0) -> Training:
    """Fit the linker's weights, temperature and thresholds to a gold file, from the home's current model as the prior.

    folds: parts of the documents in cross-validation, at least LEAST_FOLDS. seed: of how documents are dealt to folds.
    Nothing is written but by `Training.save`. Deterministic. Raises TrainingError when there are too few labels,
    SpanError for the first wrong row of the file, IndexMissingError, ModelError.
    """
    usable, documents, left_out = usable_gold(home, gold)
    _check_enough(usable, folds)
    sample, unextracted = _sample(home, usable, documents)
    current = home.model
    result = refit(
        sample,
        current,
        folds=folds_of(sample.doc_ids, folds, seed),
        precision=home.config.resolve.precision,
        progress=lambda done, total: home.progress("fit", done, total),
    )
    measures = compare_models(result.current, result.refitted, sample.gold != NIL, sample.doc_ids)
    nil = int((sample.gold == NIL).sum())
    fitted = {
        "command": f"kg train {gold.name} --folds {folds} --seed {seed}",
        "prior": current.version,
        "index": home.index.version,
        "encoder": home.encoder.version if home.encoder else "none",
        "gold_sha256": hashlib.sha256(gold.read_bytes()).hexdigest(),
        "folds": folds,
        "seed": seed,
        "strength": result.strength,
        "mentions": len(sample.gold),
        "nil": nil,
        "documents": len(documents),
        **{f"out_of_fold_{name}": round(change.refitted, 4) for name, change in measures.items()},
    }
    return Training(
        model=replace(result.model, fitted=fitted),
        verdict=verdict_of(measures["accuracy"]),
        measures=measures,
        mentions=len(sample.gold),
        nil=nil,
        documents=len(set(sample.doc_ids.tolist())),
        left_out=left_out,
        unextracted=unextracted,
        strength=result.strength,
        curve=result.curve,
        gain_of_twice=result.gain_of_twice,
    )


def usable_gold(home: Home, gold: Path) -> tuple[dict[Place, str | None], dict[str, Document], int]:
    """Return what gold says of mentions by place, the documents, and how many of its mentions the home cannot place.

    Raises SpanError, IndexMissingError.
    """
    rows, _ = canonical_gold(home, read_gold_file(gold))
    documents = {d.id: d for d in home.mentions.documents(sorted({row.doc_id for row in rows}))}
    ids = sorted({row.entity_id for row in rows if row.entity_id is not None})
    known = {name for name, row in zip(ids, home.index.row_of(ids), strict=True) if row >= 0}
    # as in evaluation, the first row of a span counts
    stated = {(row.doc_id, row.start, row.end): row.entity_id for row in reversed(rows)}
    usable = {
        place: entity_id
        for place, entity_id in stated.items()
        if place[0] in documents and (entity_id is None or entity_id in known)
    }
    return usable, {name: documents[name] for name in sorted({p[0] for p in usable})}, len(stated) - len(usable)


def _check_enough(usable: Mapping[Place, str | None], folds: int) -> None:
    documents = len({place[0] for place in usable})
    nil = sum(entity_id is None for entity_id in usable.values())
    if len(usable) < LEAST_MENTIONS or nil < LEAST_NIL or documents < LEAST_DOCUMENTS or len(usable) == nil:
        raise TrainingError(
            f"too few labels: {len(usable)} gold mentions, {nil} of them NIL, in {documents} documents of this home; "
            f"at least {LEAST_MENTIONS} are needed, at least {LEAST_NIL} of them NIL and not all, in "
            f"{LEAST_DOCUMENTS} documents: `kg gold add` adds some"
        )
    if not LEAST_FOLDS <= folds <= documents:
        raise TrainingError(f"--folds {folds} is not between {LEAST_FOLDS} and the {documents} documents of the gold")


def _sample(
    home: Home, usable: Mapping[Place, str | None], documents: Mapping[str, Document]
) -> tuple[GoldSample, int]:
    """Return the gold mentions with their candidates, and how many of them were no mention of the home."""
    parts, unextracted = [], 0
    for batch, added in mention_batches(home, usable, documents):
        unextracted += added
        parts.append(gold_sample(batch, usable, home.index, encoder=home.encoder, settings=home.link_settings))
    return joined_gold(parts), unextracted


def mention_batches(
    home: Home, meant: Mapping[Place, str | None], documents: Mapping[str, Document]
) -> Iterator[tuple[pa.Table, int]]:
    """Yield the mentions of documents with the gold spans that are not among them, and how many those are."""
    doc_ids = sorted({place[0] for place in meant})
    for start in range(0, len(doc_ids), DOCUMENTS_AT_ONCE):
        home.progress("candidates", start, len(doc_ids))
        chosen = doc_ids[start : start + DOCUMENTS_AT_ONCE]
        stored = home.mentions.mentions(chosen)
        columns = (stored[name].to_pylist() for name in ("doc_id", "start", "end"))
        lacking = sorted({place for place in meant if place[0] in set(chosen)} - set(zip(*columns, strict=True)))
        if lacking:
            # without type: the one that gold states is that of the answer, and the text says none
            spans = [Span(*place) for place in lacking]
            given = home.extractor.extract([documents[name] for name in sorted({s.doc_id for s in spans})], spans)
            both = pa.concat_tables([stored, given.cast(stored.schema)])
            stored = both.sort_by([("doc_id", "ascending"), ("start", "ascending"), ("end", "ascending")])
        yield stored, len(lacking)
    home.progress("candidates", len(doc_ids), len(doc_ids))
