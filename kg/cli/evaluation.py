"""How an evaluation is shown on a terminal."""

from collections.abc import Mapping
from typing import Any

import click

from kg.cli import output
from kg.mistakes import answer_of, gold_of, interval_of, place_of
from linkers.evaluation import Change, Comparison, Evaluation
from linkers.evaluation.record_measures import RecordEvaluation

_CHANGES_SHOWN = 20


def show_evaluation(found: Evaluation, *, title: str) -> None:
    """Print the measures with their intervals, the slices, calibration, candidates and the worst errors."""
    for what, ids in (("documents", found.unknown_documents), ("entities", found.unknown_entities)):
        if ids:
            more = "" if len(ids) <= 3 else f" and {len(ids) - 3} more"
            output.notice(f"not in this home: {len(ids)} {what} of the gold: {', '.join(ids[:3])}{more}")
    counts = {name: value for name, value in found.summary().items() if isinstance(value, int)}
    output.echo_facts(counts, title=title)
    click.echo()
    measures = [(name, value, interval_of(found.intervals.get(name))) for name, value in found.quality().items()]
    output.echo_rows(("measure", "value", "95 % interval"), [row for row in measures if row[1] is not None])
    click.echo()
    slices = [(name, c.gold, c.accuracy, c.precision, c.recall, c.review) for name, c in found.slices.items()]
    output.echo_rows(("slice", "gold", "accuracy", "precision", "recall", "review"), slices, title="slices")
    click.echo()
    bins = [(f"{b.low:.1f} to {b.high:.1f}", b.mentions, b.probability, b.right) for b in found.calibration.bins]
    columns = ("probability", "mentions", "mean", "right")
    output.echo_rows(columns, [row for row in bins if row[1]], title="reliability of the likeliest answer")
    _show_candidates(found)
    points = [(p.threshold, p.links, p.precision, p.recall, p.f1) for p in found.sweep if p.threshold >= 0.5]
    click.echo()
    output.echo_rows(("threshold", "links", "precision", "recall", "f1"), points, title="links at other thresholds")
    if found.errors:
        click.echo()
        click.echo(click.style("worst errors", bold=True))
    for row in found.errors:
        _show_error(row)


def show_record_evaluation(found: RecordEvaluation, *, title: str) -> None:
    """Print the measures of records with their intervals, calibration, other thresholds and the worst errors."""
    if found.unknown:
        more = "" if len(found.unknown) <= 3 else f" and {len(found.unknown) - 3} more"
        shown = ", ".join(found.unknown[:3])
        output.notice(f"not in this home: {len(found.unknown)} records of the gold: {shown}{more}")
    counts = {name: value for name, value in found.summary().items() if isinstance(value, int)}
    output.echo_facts(counts, title=title)
    click.echo()
    measures = [(name, value, interval_of(found.intervals.get(name))) for name, value in found.quality().items()]
    output.echo_rows(("measure", "value", "95 % interval"), [row for row in measures if row[1] is not None])
    click.echo()
    bins = [(f"{b.low:.1f} to {b.high:.1f}", b.mentions, b.probability, b.right) for b in found.calibration.bins]
    columns = ("probability", "pairs", "mean", "one thing")
    output.echo_rows(columns, [row for row in bins if row[1]], title="reliability of pairs")
    points = [(p.threshold, p.links, p.precision, p.recall, p.f1) for p in found.sweep if p.threshold >= 0.5]
    click.echo()
    output.echo_rows(("threshold", "pairs", "precision", "recall", "f1"), points, title="pairs at other thresholds")
    if found.errors:
        click.echo()
        told = ("outcome", "left", "left_name", "right", "right_name", "probability")
        output.echo_rows(told, [[row[c] for c in told] for row in found.errors], title="worst errors")


def _show_candidates(found: Evaluation) -> None:
    if found.candidates is None or not found.candidates.mentions:
        return
    depths = tuple(found.candidates.recall)
    rows = [("blocking", *found.candidates.recall.values())]
    rows += [(f"  {name}", *recall.values()) for name, recall in found.candidates.channels.items()]
    kept = found.candidates.kept
    rows.append(("kept by decisions", *(kept.get(depth) for depth in depths)))
    click.echo()
    output.echo_rows(("recall of candidates at", *depths), rows, title="candidates")


def show_comparison(comparison: Comparison | None) -> None:
    """Print what changed since a former run; nothing when none was compared."""
    if comparison is None:
        return
    for view, change in (("asserted", comparison.asserted), ("likeliest answers", comparison.likeliest)):
        click.echo()
        output.echo_facts(_change(change), title=f"{view} since run {comparison.run_id[:12]}")
        for direction, rows in (("better", change.better), ("worse", change.worse)):
            if rows:
                click.echo()
                columns = ("place", "surface", "gold", "before", "after")
                output.echo_rows(columns, [_changed(row) for row in rows[:_CHANGES_SHOWN]], title=direction)


def _change(change: Change) -> dict[str, Any]:
    return {
        "before": change.before,
        "after": change.after,
        "difference": f"{change.difference:+.4f}",
        "95 % interval": interval_of(change.interval),
        "better": len(change.better),
        "worse": len(change.worse),
        "McNemar p": change.p_value,
    }


def _changed(row: Mapping[str, Any]) -> tuple[str, ...]:
    answers = (answer_of(row[side]["decision"], row[side]["name"]) for side in ("before", "after"))
    return (place_of(row), row["surface"], gold_of(row), *answers)


def _show_error(row: Mapping[str, Any]) -> None:
    sure = "" if row["probability"] is None else f" ({row['probability']:.3f})"
    gold = gold_of(row) or "no mention"
    click.echo(f"  {row['outcome']}  {place_of(row)}  {row['surface']!r}")
    click.echo(f"    gold: {gold}  answer: {answer_of(row['decision'], row['answer_name'])}{sure}")
    for told in (row["reason"], row["sentence"]):
        if told:
            click.echo(f"    {told}")
