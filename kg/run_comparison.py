"""`kg runs compare`: how a later run differs from an earlier one, and which alert rules that breaks.

Both are compared by what they measured of themselves when they decided (Run.figures), so it does not matter that
decisions were replaced since.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from kg import runs
from kg.alert_rules import AlertRules
from kg.home import Home
from kg.run_report import channel_shares, decision_shares, probe_recall
from linkers.decision_figures import SCORE_LIMIT, bin_names, share_not_in
from linkers.evaluation.stability import population_stability
from schemas.errors import AlertError, RunError
from schemas.run import Run

_SCORES = [str(value) for value in range(-SCORE_LIMIT, SCORE_LIMIT + 1)]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a rule looks at.

    before, after: of the runs, where each has a value of its own. moved: what the rule judges; None when it is not
    known, as in runs that decided nothing or came before figures were kept. most: what the rule allows.
    """

    rule: str
    before: float | None
    after: float | None
    moved: float | None
    most: float
    what: str = ""

    @property
    def broken(self) -> bool:
        """Whether it moved more than is allowed."""
        return self.moved is not None and self.moved > self.most


@dataclass(frozen=True, slots=True)
class RunComparison:
    """A later run beside an earlier one.

    mentions: how many each decided. judged: whether both decided enough for their shares to be judged.
    rows:     one a rule. broken: names of the rules that are broken.
    """

    earlier: str
    later: str
    mentions: tuple[int, int]
    judged: bool
    rows: list[Measured]
    broken: list[str]


def compare_runs(home: Home, earlier: str, later: str, rules: AlertRules | None = None) -> RunComparison:
    """Compare two runs, given by their ids or the first digits of them.

    rules: None takes the configuration's. Raises RunError for one that is not there or has decided nothing.
    """
    rules = rules or home.config.alerts
    before, after = (runs.find(home.mentions, given) for given in (earlier, later))
    sizes = _decided(before), _decided(after)
    for run, size in zip((before, after), sizes, strict=True):
        if not size and not run.figures.get("probes"):
            raise RunError(run.run_id, f"is a run of kind {run.kind!r} that decided no mentions; name two of `resolve`")
    judged = min(sizes) >= rules.fewest_mentions
    rows = [row for row in _measured(before, after, rules) if judged or row.rule == "recall_fall"]
    broken = [row.rule for row in rows if row.broken]
    return RunComparison(before.run_id, after.run_id, sizes, judged, rows, broken)


def check_alerts(comparison: RunComparison) -> None:
    """Raise AlertError naming the rules that are broken."""
    if comparison.broken:
        told = [f"{row.rule} moved {row.moved:.4g}, allowed {row.most:g}" for row in comparison.rows if row.broken]
        raise AlertError(comparison.broken, "; ".join(told))


def _decided(run: Run) -> int:
    return sum(run.counts.get(kind, 0) for kind in ("link", "review", "nil"))


def _measured(before: Run, after: Run, rules: AlertRules) -> Iterator[Measured]:
    """Yield the rules in the order of AlertRules."""
    found = {row.rule: row for row in _rows(before, after, rules)}
    yield from (found[field.name] for field in fields(rules) if field.name in found)


def _rows(before: Run, after: Run, rules: AlertRules) -> Iterator[Measured]:
    shares = decision_shares(before), decision_shares(after)
    for kind in ("link", "review", "nil"):
        one, other = (share.get(kind) for share in shares)
        yield Measured(f"{kind}_share", one, other, _change(one, other), getattr(rules, f"{kind}_share"))
    for name, bins in (("probability", list(bin_names())), ("score", _SCORES)):
        tables = [run.figures.get(name, {}) for run in (before, after)]
        moved = population_stability(*([table.get(edge, 0) for edge in bins] for table in tables))
        yield Measured(f"{name}_psi", None, None, moved, getattr(rules, f"{name}_psi"))
    yield _channel(before, after, rules)
    one, other = (probe_recall(run.figures).get("10") for run in (before, after))
    fall = None if one is None or other is None else round(one - other, 4)
    yield Measured("recall_fall", one, other, fall, rules.recall_fall)
    one, other = (_unknown(run.figures.get("surfaces", {})) for run in (before, after))
    rise = None if one is None or other is None else round(other - one, 4)
    yield Measured("unknown_surfaces", one, other, rise, rules.unknown_surfaces)
    sketches = [run.figures.get("sketch", {}) for run in (before, after)]
    new = share_not_in(sketches[1], sketches[0]) if all(sketches) else None
    yield Measured("new_surfaces", None, None, None if new is None else round(new, 4), rules.new_surfaces)


def _channel(before: Run, after: Run, rules: AlertRules) -> Measured:
    """Return the channel whose share of the winning candidates changed most."""
    sides = [{told.channel: told.winning for told in channel_shares(run.figures)} for run in (before, after)]
    moved = [
        (_change(sides[0].get(name, 0.0), sides[1].get(name, 0.0)), name) for name in sorted({*sides[0], *sides[1]})
    ]
    known = [(change, name) for change, name in moved if change is not None]
    if not all(sides) or not known:
        return Measured("winning_channel_share", None, None, None, rules.winning_channel_share)
    change, name = max(known, key=lambda each: each[0])
    one, other = (side.get(name, 0.0) for side in sides)
    return Measured("winning_channel_share", one, other, change, rules.winning_channel_share, name)


def _change(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else round(abs(other - one), 4)


def _unknown(surfaces: Mapping[str, int]) -> float | None:
    return round(surfaces["unknown"] / surfaces["mentions"], 4) if surfaces.get("mentions") else None
