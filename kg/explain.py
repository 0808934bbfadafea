"""`kg why`: what spoke for and against the decision about a mention."""

import re
from dataclasses import dataclass, field
from typing import Any

from kg.home import Home
from kg.link import names_of
from schemas.errors import NotFoundError

_PLACE = re.compile(r"(?P<doc_id>.+):(?P<start>\d+)-(?P<end>\d+)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A mention, its current decision and everything that led to it.

    mention:    the MENTIONS row.
    decision:   the current decision without candidates; None when it was never decided.
    candidates: best first: id, name, alias, channels, score, probability, features by name.
    runner_up:  what was second and by how much probability it lost; None with fewer than two candidates.
    history:    every decision about the mention, newest first: run, decision, entity, probability, by whom.
    """

    mention: dict[str, Any]
    decision: dict[str, Any] | None
    candidates: list[dict[str, Any]] = field(default_factory=list)
    runner_up: dict[str, Any] | None = None
    history: list[dict[str, Any]] = field(default_factory=list)


def why(home: Home, given: str) -> Explanation:
    """Explain the decision about a mention.

    given: a mention id, or a place as ``DOCUMENT:START-END``. Raises NotFoundError.
    """
    mention = find_mention(home, given)
    mention_id = mention["mention_id"]
    current = home.mentions.decision(mention_id).to_pylist()
    history = [_brief(row) for row in home.mentions.decision_log(mention_id)]
    if not current:
        return Explanation(mention, None, history=history)
    decision = current[0]
    candidates = _candidates(home, decision.pop("candidates"))
    return Explanation(mention, decision, candidates, _runner_up(candidates), history)


def find_mention(home: Home, given: str) -> dict[str, Any]:
    """Return the MENTIONS row of a mention id, or of a place as ``DOCUMENT:START-END``. Raises NotFoundError."""
    rows = home.mentions.mention(given).to_pylist()
    place = _PLACE.match(given)
    if not rows and place:
        start, end = int(place["start"]), int(place["end"])
        in_document = home.mentions.mentions([place["doc_id"]]).to_pylist()
        rows = [row for row in in_document if (row["start"], row["end"]) == (start, end)]
        if not rows:
            nearest = sorted(in_document, key=lambda row: abs(row["start"] - start))[:3]
            raise NotFoundError(
                "mention", given, [f"{r['doc_id']}:{r['start']}-{r['end']} {r['surface']!r}" for r in nearest]
            )
    if not rows:
        hint = "give an id, or DOCUMENT:START-END; `kg mentions --document ID` lists them"
        raise NotFoundError("mention", given, hint=hint)
    return dict(rows[0])


def _candidates(home: Home, stored: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = names_of(home, [candidate["entity_id"] for candidate in stored])
    features = home.model.feature_names
    return [
        {
            "entity_id": candidate["entity_id"],
            "name": names.get(candidate["entity_id"], ""),
            "alias": candidate["alias"],
            "channels": candidate["channels"],
            "score": round(candidate["score"], 4),
            "probability": candidate["probability"],
            # a decision of an older model may have other features; its numbers then have no names
            "features": {
                name: round(float(value), 4)
                for name, value in zip(features, candidate["features"], strict=False)
                if value
            },
        }
        for candidate in stored
    ]


def _runner_up(candidates: list[dict[str, Any]]) -> dict[str, Any] | None:
    if len(candidates) < 2:
        return None
    first, second = candidates[:2]
    spoke = {
        name: round(first["features"].get(name, 0.0) - second["features"].get(name, 0.0), 4)
        for name in sorted(first["features"].keys() | second["features"].keys())
    }
    differences = {name: value for name, value in spoke.items() if value}
    return {
        "entity_id": second["entity_id"],
        "name": second["name"],
        "score_behind": round(first["score"] - second["score"], 4),
        "differences": differences,
    }


def _brief(row: dict[str, Any]) -> dict[str, Any]:
    kept = ("sequence", "run_id", "decision", "entity_id", "probability", "decided_by")
    return {name: row.get(name) for name in kept}
