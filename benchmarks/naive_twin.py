"""The naive twin: the catalog name that is written most alike, and nothing else."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process, utils

LEAST = 90.0
SURFACES_AT_ONCE = 200


class NameTwin:
    """Links a surface to the entity whose name has the highest rapidfuzz WRatio, to nothing below 90."""

    def __init__(self, names: Sequence[str], entities: Sequence[str]) -> None:
        self._names = [utils.default_process(name) for name in names]
        self._entities = entities

    @classmethod
    def of_catalog(cls, path: Path) -> "NameTwin":
        """Read the names of a catalog in JSONL."""
        return cls.of_entities(json.loads(line) for line in path.open(encoding="utf-8"))

    @classmethod
    def of_entities(cls, rows: Iterable[Mapping[str, Any]]) -> "NameTwin":
        """Take the names and aliases of entities."""
        pairs = [(name, str(row["id"])) for row in rows for name in (row["name"], *(row.get("aliases") or ()))]
        return cls([name for name, _ in pairs], [entity for _, entity in pairs])

    def link(self, surfaces: Sequence[str]) -> list[str | None]:
        """Return the entity of each surface; equal surfaces are compared once, each with every name."""
        distinct = list(dict.fromkeys(surfaces))
        answers: dict[str, str | None] = {}
        for start in range(0, len(distinct), SURFACES_AT_ONCE):
            part = distinct[start : start + SURFACES_AT_ONCE]
            queries = [utils.default_process(surface) for surface in part]
            scores = process.cdist(queries, self._names, scorer=fuzz.WRatio, dtype=np.float32, workers=-1)
            best = scores.argmax(axis=1)
            for surface, row, column in zip(part, scores, best, strict=True):
                answers[surface] = self._entities[int(column)] if row[column] >= LEAST else None
        return [answers[surface] for surface in surfaces]
