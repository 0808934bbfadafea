"""`kg runs show`: what a run did, how long each stage took, and where its answers came from."""

from collections.abc import Mapping
from dataclasses import dataclass

from kg import runs
from kg.home import Home
from kg.run_rates import rates
from linkers.deciding import KINDS
from schemas.run import Run


@dataclass(frozen=True, slots=True)
class StageTold:
    """A stage of a run. rows, rate (rows a second): None where they were not counted."""

    stage: str
    seconds: float
    rows: int | None
    rate: float | None


@dataclass(frozen=True, slots=True)
class ChannelTold:
    """A blocking channel: its share of the candidates that decisions keep, and of those that links assert.

    Several channels may find a candidate, so shares add up to more than 1. None without candidates.
    """

    channel: str
    candidates: float | None
    winning: float | None


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run in figures.

    stages:   the longest first.
    run:      as it is stored, its figures without those that only machines can read.
    shares:   link, review, nil: share of the mentions that the run decided; empty when it decided none.
    unknown_surfaces: share of these mentions whose surface is no name in the catalog; None when not known.
    recall:   of the probes: "1" and "10" -> share whose entity is among the first so many candidates; empty without.
    memory_mb: most resident memory of the process, None in runs of before it was kept.
    """

    run: Run
    stages: list[StageTold]
    channels: list[ChannelTold]
    shares: dict[str, float]
    unknown_surfaces: float | None
    recall: dict[str, float]
    memory_mb: float | None


def run_report(home: Home, given: str) -> RunReport:
    """Return the report of a run, given by its id or the first digits of it; raises RunError."""
    return report_of(runs.find(home.mentions, given))


def report_of(run: Run) -> RunReport:
    """Return the report of a run."""
    rows = run.figures.get("rows", {})
    rate = rates(run.seconds, rows)
    peak = run.figures.get("memory", {}).get("peak_bytes")
    return RunReport(
        run=runs.without_sketch(run),
        stages=[
            StageTold(name, seconds, rows.get(name), rate[name])
            for name, seconds in sorted(run.seconds.items(), key=lambda stage: (-stage[1], stage[0]))
        ],
        channels=channel_shares(run.figures),
        shares=decision_shares(run),
        unknown_surfaces=_share(run.figures.get("surfaces", {}), "unknown", "mentions"),
        recall=probe_recall(run.figures),
        memory_mb=None if peak is None else round(peak / 2**20, 1),
    )


def decision_shares(run: Run) -> dict[str, float]:
    """Return the share of link, review and nil among the mentions that a run decided; empty when there are none."""
    decided = {kind: run.counts.get(kind, 0) for kind in KINDS}
    whole = sum(decided.values())
    return {kind: round(number / whole, 4) for kind, number in decided.items()} if whole else {}


def channel_shares(figures: Mapping[str, Mapping[str, int]]) -> list[ChannelTold]:
    """Return the channels that found anything, the one that wins most first."""
    candidates = figures.get("candidates", {})
    all_found, winning = figures.get("channels", {}), figures.get("winning_channels", {})
    told = [
        ChannelTold(
            name,
            _share({**all_found, **candidates}, name, "shown"),
            _share({**dict.fromkeys(all_found, 0), **winning, **candidates}, name, "winning"),
        )
        for name in all_found
    ]
    return sorted(told, key=lambda channel: (-(channel.winning or 0.0), -(channel.candidates or 0.0), channel.channel))


def probe_recall(figures: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
    """Return the recall of the probes by depth; empty without probes."""
    probes = figures.get("probes", {})
    asked = probes.get("asked", 0)
    found = {name.removeprefix("found_"): number for name, number in probes.items() if name.startswith("found_")}
    return {depth: round(number / asked, 4) for depth, number in found.items()} if asked else {}


def _share(table: Mapping[str, int], part: str, whole: str) -> float | None:
    return round(table[part] / table[whole], 4) if table.get(whole) else None
