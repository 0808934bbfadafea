"""How a shadow run is compared and shown on a terminal."""

from dataclasses import asdict
from pathlib import Path

import click

from kg.cli import output
from kg.home import Home
from kg.mistakes import interval_of
from kg.shadow_comparison import ShadowDifferences, ShadowEvaluation, evaluate_shadow, shadow_differences

_EXAMPLE = ("doc_id", "start", "end", "surface")


def compare_shadow(home: Home, name: str, gold: Path | None, *, seed: int | None, as_json: bool) -> None:
    """Compare a shadow run with the current decisions, by gold where it is given, and print what was found."""
    if gold is not None:
        found = evaluate_shadow(home, gold, name, seed=seed)
        output.echo_json(found) if as_json else _show_evaluation(found, name, gold.name)
        return
    differences = shadow_differences(home, name)
    if as_json:
        output.echo_json({**asdict(differences), "share": round(differences.share, 4)})
    else:
        _show_differences(differences, name)


def _show_evaluation(found: ShadowEvaluation, name: str, gold: str) -> None:
    _warn(same_index=found.same_index)
    how = "on the same documents" if found.seed is None else f"each on its own documents (seed {found.seed})"
    sizes = " and ".join(f"{number:,}" for number in found.comparison.documents)
    click.echo(f"shadow {name} against {gold}, {how}: {sizes} documents")
    rows = [
        (measure, each.current, each.other, f"{each.difference:+.4f}", interval_of(each.interval), each.verdict)
        for measure, each in found.comparison.measures.items()
    ]
    output.echo_rows(("measure", "current", "shadow", "difference", "95 % interval", "shadow is"), rows)
    click.echo(f"verdict, by F1: {found.verdict}")


def _show_differences(found: ShadowDifferences, name: str) -> None:
    _warn(same_index=found.same_index)
    click.echo(f"shadow {name}: {found.differ:,} of {found.mentions:,} mentions differ ({found.share:.2%})")
    if found.undecided:
        output.notice(f"{found.undecided:,} mentions have no current decision: `kg resolve` makes them")
    for title, rows in (("flows", found.flows), ("types", found.types), ("documents", found.documents)):
        if rows:
            click.echo()
            output.echo_rows(tuple(rows[0]), [tuple(row.values()) for row in rows], title=title)
    if found.examples:
        click.echo()
        shown = [
            (
                *(row[name] for name in _EXAMPLE),
                *(" ".join(str(v) for v in row[side].values() if v is not None) for side in ("now", "shadow")),
            )
            for row in found.examples
        ]
        output.echo_rows((*_EXAMPLE, "now", "shadow"), shown, title="examples")


def _warn(*, same_index: bool) -> None:
    if not same_index:
        output.notice("the catalog has changed since this shadow run: make it again to compare models alone")
