"""`kg why-not`: what spoke against an entity that a mention was not linked to."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.entities import entity_id_of
from kg.explain import find_mention
from kg.gold_file import catalog_ids
from kg.home import Home
from kg.link import names_of
from linkers.blocking import channel_names
from linkers.columns import Columns
from linkers.deciding import TIE
from linkers.evaluation.channel_places import ChannelPlace, channel_places
from linkers.ranking import ranked
from linkers.scoring.gathering import gather
from linkers.scoring.model import OUTLOOK, outlook
from schemas.errors import NotFoundError

_DECISION = ("decision", "entity_id", "best_entity_id", "provisional_id", "probability", "reason", "decided_by")


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature did to the difference of two scores.

    value, winner: the feature of the entity asked for, and of the winner. weight: the ranker's.
    contribution:  weight x (value - winner); below 0 it spoke against the entity. 4 decimals.
    """

    feature: str
    value: float
    winner: float
    weight: float
    contribution: float


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What spoke against an entity.

    mention:       the MENTIONS row. decision: link, review or nil, and the ids that it names; None: never decided.
    entity_id, name: the entity that was asked for, by its canonical id.
    verdict:       one sentence.
    candidate:     when it was a candidate: rank (from 1), of (how many), score, probability, alias, channels.
    winner:        the candidate of rank 1, with the same fields and entity_id, name; None without candidates.
    contributions: of a candidate behind the winner: what made the difference of their scores, largest first.
    doubts:        of the winner itself: what made the mention's being in the catalog less or more likely, those against
                   it first: feature, value, weight, contribution (weight x value, to the logit).
    channels:      when it was no candidate: where each channel has it, and which budget left it out.
    """

    mention: dict[str, Any]
    decision: dict[str, Any] | None
    entity_id: str
    name: str
    verdict: str
    candidate: dict[str, Any] | None = None
    winner: dict[str, Any] | None = None
    contributions: list[Contribution] = field(default_factory=list)
    doubts: list[dict[str, Any]] = field(default_factory=list)
    channels: list[ChannelPlace] = field(default_factory=list)


@dataclass(frozen=True)
class _Judged:
    """The candidates of one mention as the model orders them, with their features, best first."""

    table: Columns  # entity, score, probability, alias (row of the name), channels
    features: NDArray[np.float32]
    in_catalog: float
    runner_up: float


def why_not(home: Home, given: str, entity: str) -> WhyNot:
    """Say what spoke against an entity for a mention, by the index and the model that the home has now.

    given:  a mention id, or a place as ``DOCUMENT:START-END``. entity: an id, a record id or an exact name.
    The mention's document is linked again in memory, for a decision keeps its first candidates only. Raises
    NotFoundError.
    """
    mention = find_mention(home, given)
    entity_id = catalog_ids(home, [entity]).get(entity) or entity_id_of(home, entity)
    row = int(home.index.row_of([entity_id])[0])
    if row < 0:
        raise NotFoundError("catalog entity", entity_id, hint="a provisional entity is no candidate of any mention")
    stored = home.mentions.decision(mention["mention_id"]).to_pylist()
    decision = {name: stored[0][name] for name in _DECISION} if stored else None
    name = names_of(home, [entity_id])[entity_id]
    judged = _judged(home, mention)
    places = judged.table["entity"].tolist()
    winner = _candidate(home, judged, 0) if places else None
    if row not in places:
        channels = channel_places(
            mention["surface"], row, home.index, settings=home.link_settings.blocking, encoder=home.encoder
        )
        verdict = _unfound(mention["surface"], channels)
        return WhyNot(mention, decision, entity_id, name, verdict, winner=winner, channels=channels)
    place = places.index(row)
    candidate = _candidate(home, judged, place)
    contributions = _contributions(home, judged, place) if place else []
    doubts = [] if place else _doubts(home, judged)
    verdict = (
        _beaten(candidate, winner or candidate, contributions) if place else _first(home, entity_id, decision, judged)
    )
    return WhyNot(mention, decision, entity_id, name, verdict, candidate, winner, contributions, doubts)


def _judged(home: Home, mention: dict[str, Any]) -> _Judged:
    batch = home.mentions.mentions([mention["doc_id"]])
    number = batch["mention_id"].to_pylist().index(mention["mention_id"])
    for part in gather(batch, home.index, encoder=home.encoder, settings=home.link_settings):
        order = ranked(part, home.model)
        mentions = part.mention[order.rows]
        mine = np.flatnonzero(mentions == number)
        if len(mine):
            rows, group = order.rows[mine], order.mentions.numbers[mine[0]]
            pairs = part.pairs.only("entity", "alias", "channels").take(rows)
            table = pairs.plus(score=order.score[mine], probability=order.probability[mine])
            in_catalog, runner_up = float(order.in_catalog[group]), float(order.runner_up[group])
            return _Judged(table, part.features[rows], in_catalog, runner_up)
    nothing = np.empty((0, len(home.model.feature_names)), dtype=np.float32)
    return _Judged(Columns({"entity": np.empty(0, dtype=np.int32)}), nothing, 0.0, -np.inf)


def _candidate(home: Home, judged: _Judged, place: int) -> dict[str, Any]:
    row = {name: values[place].item() for name, values in judged.table.items()}
    entity = home.index.entities.slice(row["entity"], 1).select(["id", "name"]).to_pylist()[0]
    return {
        "entity_id": entity["id"],
        "name": entity["name"],
        "rank": place + 1,
        "of": judged.table.height,
        "score": round(row["score"], 4),
        "probability": row["probability"],
        "alias": home.index.aliases["alias"][row["alias"]].as_py(),
        "channels": channel_names(row["channels"]),
    }


def _contributions(home: Home, judged: _Judged, place: int) -> list[Contribution]:
    mine, first = (judged.features[row].astype(np.float64) for row in (place, 0))
    rows = [
        Contribution(name, round(value, 4), round(best, 4), round(weight, 4), round(weight * (value - best), 4))
        for name, value, best, weight in zip(
            home.model.feature_names, mine.tolist(), first.tolist(), home.model.rank_weights, strict=True
        )
    ]
    return sorted((row for row in rows if row.contribution), key=lambda row: (-abs(row.contribution), row.feature))


def _doubts(home: Home, judged: _Judged) -> list[dict[str, Any]]:
    score = np.array([judged.table["score"][0]])
    beside = outlook(score, np.array([judged.runner_up]))[0]
    names = (*home.model.feature_names, *OUTLOOK)
    values = [*judged.features[0].astype(np.float64).tolist(), *beside.tolist()]
    rows = [
        {"feature": n, "value": round(v, 4), "weight": round(w, 4), "contribution": round(w * v, 4)}
        for n, v, w in zip(names, values, home.model.accept_weights, strict=True)
        if round(w * v, 4)
    ]
    base = round(home.model.accept_intercept, 4)
    rows.append({"feature": "(before any evidence)", "value": 1.0, "weight": base, "contribution": base})
    return sorted(rows, key=lambda row: (row["contribution"], row["feature"]))


def _unfound(surface: str, channels: list[ChannelPlace]) -> str:
    found = [place for place in channels if place.found]
    if not found:
        return f"it was no candidate: no channel finds it by {surface!r}"
    told = []
    for place in found:
        cuts = " and ".join(f"the budget {c.budget} of {c.value} (it needs {c.needed})" for c in place.cuts)
        where = f" at place {place.place}" if place.place else ""
        told.append(f"{place.channel} has it{where}, cut by {cuts}" if cuts else f"{place.channel} has it{where}")
    return "it was no candidate: " + "; ".join(told)


def _beaten(candidate: dict[str, Any], winner: dict[str, Any], contributions: list[Contribution]) -> str:
    behind = winner["score"] - candidate["score"]
    place = f"candidate {candidate['rank']} of {candidate['of']}"
    told = f"{place}, {behind:.2f} behind {winner['name']} ({winner['entity_id']})"
    if behind < TIE:
        return f"{told}: nothing tells the two apart"
    against = [row.feature for row in contributions if row.contribution < 0][:3]
    return f"{told}; most against it: {', '.join(against)}"


def _first(home: Home, entity_id: str, decision: dict[str, Any] | None, judged: _Judged) -> str:
    best = f"it is the best of {judged.table.height} candidates, with probability {judged.table['probability'][0]:.3f}"
    made = decision["decision"] if decision else None
    if decision and made == "link":
        other = "another was linked by a person, or by a run before the index or the model changed"
        return f"{best}; {'it was linked' if decision['entity_id'] == entity_id else other}"
    if made == "nil":
        return f"{best}, but that the catalog holds what is meant has a probability of {judged.in_catalog:.3f} only"
    if made == "review":
        least = home.model.threshold_for(home.link_settings.precision)
        return f"{best}; a link needs {least:.3f}, and no other candidate as good"
    return f"{best}; the mention is not decided yet"
