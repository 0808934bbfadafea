"""The command that fits models to a home's own data: train."""

from pathlib import Path

import click

from kg.cli import output
from kg.cli.change import as_json
from kg.home import Home
from kg.train import LEAST_DOCUMENTS, LEAST_FOLDS, LEAST_MENTIONS, LEAST_NIL, Training
from kg.train import train as train_linker
from kg.train_encoder import check_free, train_encoder
from kg.train_pairs import LEAST_OF_EACH, LEAST_PAIRS, take_into_use, train_pairs
from linkers.encoder_training import MAX_MINUTES


@click.command(
    help=f"""Fit the linker's weights to a GOLD file, the encoder to the catalog, or how records are compared to pairs.

    The linker needs at least {LEAST_MENTIONS} gold mentions, at least {LEAST_NIL} of them NIL, in {LEAST_DOCUMENTS}
    documents of the home. Before and after are measured on documents (with --encoder: entities) not trained on; the
    result is written only when it is better. See docs/guides/training.md.

    With --pairs the pairs that people decided (`kg review`), and those of a GOLD file of records, refit how records of
    each kind are compared: at least {LEAST_PAIRS} pairs, {LEAST_OF_EACH} of them one thing and as many not. What is
    better is taken into use, what is not is refused.

    \b
    Example:
      kg train gold.jsonl
      kg train gold.jsonl --out models/ours.json
      kg train --encoder --out models/encoder
      kg train --pairs
    """
)
@click.argument("gold", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path), help="Write the result here.  [default: only measure]")
@click.option("--folds", type=click.IntRange(LEAST_FOLDS), help="Parts of the documents.  [default: 5]")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Of what is drawn.")
@click.option("--force", is_flag=True, help="Write the result even when it is not better.")
@click.option("--encoder", is_flag=True, help="Fine-tune the sentence-transformer; GOLD adds its sentences.")
@click.option("--pairs", is_flag=True, help="Fit how records are compared to reviewed pairs, and to GOLD if given.")
@click.option(
    "--max-minutes",
    type=click.FloatRange(0, min_open=True),
    help="With --encoder: end the training after so long.  [default: 10]",
)
@as_json
@click.pass_obj
def train(
    home: Home,
    gold: Path | None,
    out: Path | None,
    folds: int | None,
    seed: int,
    force: bool,
    encoder: bool,
    pairs: bool,
    max_minutes: float | None,
    as_json: bool,
) -> None:
    """Fit the linker or the encoder (the help of the command is above, for it states numbers)."""
    if pairs:
        if encoder or out or max_minutes is not None:
            message = "--pairs has no --encoder, --out or --max-minutes: what is better is taken into use by this home"
            raise click.UsageError(message)
        _train_pairs(home, gold, {"seed": seed, **({} if folds is None else {"folds": folds})}, force, as_json=as_json)
        return
    if encoder:
        if folds is not None:
            message = "--folds is for the linker, not for --encoder"
            raise click.UsageError(message)
        minutes = MAX_MINUTES if max_minutes is None else max_minutes
        _train_encoder(home, gold, out, seed=seed, minutes=minutes, force=force, as_json=as_json)
        return
    if gold is None or max_minutes is not None:
        message = "--max-minutes is for --encoder" if gold else "a GOLD file is needed, or --encoder"
        raise click.UsageError(message)
    found = train_linker(home, gold, seed=seed, **({} if folds is None else {"folds": folds}))
    if as_json:
        output.echo_json(found.as_dict())
    else:
        _show(found)
    if found.left_out:
        output.notice(f"{found.left_out:,} gold mentions were left out: their document or entity is not in this home")
    if out:
        found.save(out, force=force)
        output.notice(f'model written to {out}; use it by kg.toml, then `kg resolve`:\n[models]\nlinker = "{out}"')


def _train_pairs(home: Home, gold: Path | None, how: dict[str, int], force: bool, *, as_json: bool) -> None:
    found = train_pairs(home, gold, **how)
    if as_json:
        output.echo_json([each.as_dict() for each in found])
    for each in [] if as_json else found:
        click.echo(f"{each.kind or 'untyped'}, out of fold: {each.pairs:,} pairs, {each.same:,} of them one thing")
        rows = [
            (
                name,
                _with_interval(f"{change.current:.3f}", change.current_interval),
                _with_interval(f"{change.refitted:.3f}", change.refitted_interval),
                _with_interval(f"{change.difference:+.3f}", change.difference_interval),
            )
            for name, change in each.measures.items()
        ]
        output.echo_rows(("measure", "current", "refitted", "change"), rows)
        output.echo_facts({"verdict": each.verdict, "strength of the prior": each.strength})
        if each.left_out:
            output.notice(f"{each.left_out:,} decided pairs were left out: the comparison never proposed them")
    kinds = take_into_use(home, found, force=force)
    output.notice(f"in use for {', '.join(kind or 'untyped' for kind in kinds)}: `kg resolve` decides the pairs anew")


def _train_encoder(
    home: Home, gold: Path | None, out: Path | None, *, seed: int, minutes: float, force: bool, as_json: bool
) -> None:
    if out:
        check_free(out)
    found = train_encoder(home, gold, seed=seed, max_minutes=minutes)
    if as_json:
        output.echo_json(found.as_dict())
    else:
        click.echo(f"{found.pairs:,} pairs, {len(found.losses):,} steps; measured by {found.asked:,} pairs")
        rows = [(name, f"{value:.4f}", f"{found.after[name]:.4f}") for name, value in found.before.items()]
        output.echo_rows((f"among {found.searched:,} entities", "before", "after"), rows)
    if found.stopped:
        output.notice(f"the training was ended after {minutes:g} minutes; another run may give another model")
    if out:
        found.save(out, force=force)
        output.notice(f'encoder written to {out}; use it by kg.toml, then `kg resolve`:\n[models]\nencoder = "{out}"')


def _show(found: Training) -> None:
    rows = [
        (
            name,
            _with_interval(f"{change.current:.3f}", change.current_interval),
            _with_interval(f"{change.refitted:.3f}", change.refitted_interval),
            _with_interval(f"{change.difference:+.3f}", change.difference_interval),
        )
        for name, change in found.measures.items()
    ]
    click.echo(f"out of fold, with 95 % intervals: {found.mentions:,} mentions, {found.nil:,} NIL, ", nl=False)
    click.echo(f"{found.documents:,} documents")
    output.echo_rows(("measure", "current", "refitted", "change"), rows)
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
