"""The command that fits models to a home's own data: train."""

from pathlib import Path

import click

from kg.cli import output
from kg.cli.change import as_json
from kg.home import Home
from kg.train import LEAST_DOCUMENTS, LEAST_FOLDS, LEAST_MENTIONS, LEAST_NIL, Training
from kg.train import train as train_linker


@click.command(
    help=rf"""Fit the linker's weights to a GOLD file, starting from the model in use.

    At least {LEAST_MENTIONS} gold mentions are needed, at least {LEAST_NIL} of them NIL, in {LEAST_DOCUMENTS}
    documents of the home. Both models are measured on documents not trained on; the result is written only when it is
    better. See docs/guides/training.md.

    \b
    Example:
      kg train gold.jsonl
      kg train gold.jsonl --out models/ours.json
    """
)
@click.argument("gold", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path), help="Write the result here.  [default: only measure]")
@click.option("--folds", default=5, show_default=True, type=click.IntRange(LEAST_FOLDS), help="Parts of the documents.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Of what is drawn.")
@click.option("--force", is_flag=True, help="Write the result even when it is not better.")
@as_json
@click.pass_obj
def train(home: Home, gold: Path, out: Path | None, folds: int, seed: int, force: bool, as_json: bool) -> None:
    """Fit the linker (the help of the command is above, for it states numbers)."""
    found = train_linker(home, gold, folds=folds, seed=seed)
    if as_json:
        output.echo_json(found.as_dict())
    else:
        _show(found)
    if found.left_out:
        output.notice(f"{found.left_out:,} gold mentions were left out: their document or entity is not in this home")
    if out:
        found.save(out, force=force)
        output.notice(f'model written to {out}; use it by kg.toml, then `kg resolve`:\n[models]\nlinker = "{out}"')


def _show(found: Training) -> None:
    rows = [
        (
            name,
            _with_interval(f"{change.current:.4f}", change.current_interval),
            _with_interval(f"{change.refitted:.4f}", change.refitted_interval),
            _with_interval(f"{change.difference:+.4f}", change.difference_interval),
        )
        for name, change in found.measures.items()
    ]
    click.echo(f"out of fold: {found.mentions:,} mentions, {found.nil:,} NIL, {found.documents:,} documents")
    output.echo_rows(("measure (95 % interval)", "current", "refitted", "change"), rows)
    output.echo_rows(
        ("labels trained on", "accuracy"), [(point.mentions, f"{point.accuracy:.4f}") for point in found.curve]
    )
    output.echo_facts(
        {
            "verdict": found.verdict,
            "twice the labels": f"accuracy {found.gain_of_twice:+.4f} (estimated)",
            "strength of the prior": found.strength,
            "threshold of links": found.model.link_threshold,
        }
    )


def _with_interval(value: str, interval: tuple[float, float] | None) -> str:
    return value if interval is None else f"{value} ({interval[0]:.3f} to {interval[1]:.3f})"


COMMANDS: tuple[click.Command, ...] = (train,)
