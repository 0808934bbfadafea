"""Fitted weights: which candidate is likeliest, and how probable it is that it is meant at all."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from linkers.scoring.features import FEATURES
from schemas.errors import ModelError
from schemas.identity import content_id

FORMAT = 1
MODELS = Path(__file__).parent.parent / "models"
LOGIT_LIMIT = 15.0
MARGIN_LIMIT = 10.0
_ROWS_AT_ONCE = 4_096  # a whole matrix of doubles would be twice the features
OUTLOOK = ("score", "margin", "rivals")
"""What the acceptor sees beside the features of the best candidate: its score, by how much it leads (0 to 10),
and whether there is a second candidate."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LinkerModel:
    """Two logistic models over the features of linkers.scoring.features.

    The ranker scores every candidate: weights x features. Scores become shares within a mention by a softmax
    at `temperature`. The acceptor looks at the best candidate and gives the probability that the mention is
    in the catalog at all; a candidate's probability is that times its share.

    feature_names:   the features the weights belong to, in order.
    rank_weights:    one a feature. accept_weights: one a feature, then one for each name in OUTLOOK.
    link_threshold:  least probability of a link; over 0.5, so that equal rivals are never linked.
    nil_threshold:   a mention whose probability of being in the catalog is below is NIL; at most 0.5.
    nothing_found:   probability of NIL for a mention without any candidate.
    precision_curve: (least probability, share of links right at or above it), rising; see `weights.precision_curve`.
    fitted:          how the weights were made.
    """

    name: str
    feature_names: tuple[str, ...]
    rank_weights: tuple[float, ...]
    temperature: float
    accept_weights: tuple[float, ...]
    accept_intercept: float
    link_threshold: float
    nil_threshold: float
    nothing_found: float
    precision_curve: tuple[tuple[float, float], ...] = ()
    fitted: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.feature_names != FEATURES:
            odd = sorted(set(self.feature_names).symmetric_difference(FEATURES))
            what = f"features {', '.join(odd)}" if odd else "the order of the features"
            problem = f"it was fitted for another version: {what} differ"
            raise ModelError(self.name, f"{problem}; fit it again by `python -m linkers.scoring.fitting`")
        sizes = (len(self.rank_weights), len(self.accept_weights) - len(OUTLOOK))
        if sizes != (len(FEATURES), len(FEATURES)):
            raise ModelError(self.name, f"it has {sizes} weights where {len(FEATURES)} features need as many")
        if not 0.5 < self.link_threshold < 1.0 or not 0.0 < self.nil_threshold <= 0.5 or self.temperature <= 0.0:
            problem = "the threshold of links must be in (0.5, 1), of NIL in (0, 0.5], the temperature over 0"
            raise ModelError(self.name, problem)

    @cached_property
    def version(self) -> str:
        """Content id of everything that changes decisions."""
        parts = {key: value for key, value in asdict(self).items() if key not in ("name", "fitted")}
        return content_id("linker", str(FORMAT), json.dumps(parts, sort_keys=True))

    @cached_property
    def weights_version(self) -> str:
        """Content id of what makes the probabilities: not of the thresholds that they are compared with."""
        names = ("feature_names", "rank_weights", "temperature", "accept_weights", "accept_intercept", "nothing_found")
        parts = {name: getattr(self, name) for name in names}
        return content_id("weights", str(FORMAT), json.dumps(parts, sort_keys=True))

    def rank(self, features: NDArray[np.float32]) -> Floats:
        """Return the score of each candidate; features: (n, number of features); 6 decimals."""
        weights, scores = np.asarray(self.rank_weights), np.empty(len(features))
        for start in range(0, len(features), _ROWS_AT_ONCE):
            part = slice(start, start + _ROWS_AT_ONCE)
            scores[part] = features[part].astype(np.float64) @ weights
        return np.round(scores, 6)

    def shares(self, scores: Floats, groups: NDArray[np.int64]) -> Floats:
        """Return the share of each candidate within its mention; they add up to 1.

        groups: index of the mention of each candidate, rising without gaps.
        """
        starts = np.flatnonzero(np.diff(groups, prepend=-1))
        scaled = scores / self.temperature
        raised = np.exp(np.maximum(scaled - np.maximum.reduceat(scaled, starts)[groups], -LOGIT_LIMIT * 2))
        return np.asarray(raised / np.add.reduceat(raised, starts)[groups])

    def in_catalog(self, features: NDArray[np.float32], score: Floats, runner_up: Floats) -> Floats:
        """Return the probability that a mention is in the catalog.

        features, score: of its best candidate; runner_up: score of the second, -inf without one.
        """
        inputs = np.hstack([features.astype(np.float64), outlook(score, runner_up)])
        logits = inputs @ np.asarray(self.accept_weights)
        return sigmoid(logits + self.accept_intercept)

    def threshold_for(self, precision: float | None) -> float:
        """Return the least probability of a link for a wanted share of right links; None: the model's own.

        Where no held-out threshold reached that precision, the probability itself is taken at its word.
        """
        if precision is None:
            return self.link_threshold
        reached = [least for least, share in self.precision_curve if share >= precision]
        return max(min(reached, default=precision), 0.500001)

    @classmethod
    def load(cls, name_or_path: str) -> "LinkerModel":
        """Read a model: the name of one that is shipped ("default"), or the path of a JSON file.

        Raises ModelError when it is absent, damaged or made for other features.
        """
        shipped = re.fullmatch(r"[A-Za-z0-9_-]+", name_or_path) is not None
        path = MODELS / f"{name_or_path}.json" if shipped else Path(name_or_path)
        try:
            values = orjson.loads(path.read_bytes())
        except OSError as error:
            known = ", ".join(sorted(p.stem for p in MODELS.glob("*.json")))
            problem = f"there is no such file; shipped models: {known}; or give the path of a JSON file"
            raise ModelError(name_or_path, problem) from error
        except ValueError as error:
            raise ModelError(name_or_path, f"is not JSON: {error}") from error
        return cls.from_values(name_or_path, values)

    @classmethod
    def from_values(cls, name: str, values: Mapping[str, Any]) -> "LinkerModel":
        """Make a model of what its JSON file holds; raises ModelError."""
        if not isinstance(values, Mapping) or values.get("format") != FORMAT:
            found = values.get("format") if isinstance(values, Mapping) else type(values).__name__
            raise ModelError(name, f"its format is {found!r}; this version reads {FORMAT}")
        try:
            return cls(
                name=name,
                feature_names=tuple(values["feature_names"]),
                rank_weights=tuple(float(values["rank_weights"][f]) for f in values["feature_names"]),
                temperature=float(values["temperature"]),
                accept_weights=tuple(float(values["accept_weights"][f]) for f in (*values["feature_names"], *OUTLOOK)),
                accept_intercept=float(values["accept_intercept"]),
                link_threshold=float(values["link_threshold"]),
                nil_threshold=float(values["nil_threshold"]),
                nothing_found=float(values["nothing_found"]),
                precision_curve=tuple((float(least), float(share)) for least, share in values["precision_curve"]),
                fitted=dict(values["fitted"]),
            )
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise ModelError(name, f"its file is damaged: {error!r}") from error

    def save(self, path: Path) -> None:
        """Write the model as JSON, the same bytes for the same model."""
        values = {
            "format": FORMAT,
            "fitted": dict(self.fitted),
            "feature_names": list(self.feature_names),
            "rank_weights": dict(zip(self.feature_names, self.rank_weights, strict=True)),
            "temperature": self.temperature,
            "accept_weights": dict(zip((*self.feature_names, *OUTLOOK), self.accept_weights, strict=True)),
            "accept_intercept": self.accept_intercept,
            "link_threshold": self.link_threshold,
            "nil_threshold": self.nil_threshold,
            "nothing_found": self.nothing_found,
            "precision_curve": [list(point) for point in self.precision_curve],
        }
        path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def sigmoid(logits: Floats) -> Floats:
    """Return probabilities; logits are cut at +-15, so that none is 0 or 1."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -LOGIT_LIMIT, LOGIT_LIMIT))))


def outlook(score: Floats, runner_up: Floats) -> Floats:
    """Return the columns named in OUTLOOK; runner_up is -inf where there is no second candidate."""
    alone = np.isneginf(runner_up)
    margin = np.where(alone, MARGIN_LIMIT, score - np.where(alone, 0.0, runner_up))
    return np.column_stack([score, np.clip(margin, 0.0, MARGIN_LIMIT), ~alone])
