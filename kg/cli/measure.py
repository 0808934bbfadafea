"""Commands that measure: evaluate, gold."""

from pathlib import Path

import click

from kg.cli import output
from kg.cli.change import as_json
from kg.cli.evaluation import show_comparison, show_evaluation, show_record_evaluation
from kg.cli.shadow import compare_shadow
from kg.evaluate import check_gates
from kg.evaluate import evaluate as evaluate_home
from kg.evaluate_records import evaluate_records
from kg.evaluation_report import write_report
from kg.gold import add_gold, check_gold
from kg.home import Home
from kg.record_report import write_record_report
from linkers.evaluation.matching import SpanView

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def _gates(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, float]:
    gates = {}
    for value in values:
        name, _equals, number = value.rpartition("=")
        try:
            gates[name.strip()] = float(number)
        except ValueError:
            name = ""
        if not name.strip():
            message = f"{value!r} is not METRIC=VALUE, such as f1=0.8"
            raise click.BadParameter(message)
    return gates


@click.command()
@click.argument("gold", required=False, type=_FILE)
@click.option("--records", type=_FILE, metavar="GOLD", help="Evaluate entities by gold about records.")
@click.option(
    "--spans",
    type=click.Choice(["gold", "system"]),
    help="Whether the gold spans were given to ingest, or found.  [default: system]",
)
@click.option("--compare", metavar="RUN", help="Compare with the decisions as they stood after this run.")
@click.option(
    "--shadow", metavar="NAME", help="Compare a shadow run with the decisions; without GOLD: where they differ."
)
@click.option(
    "--ab", "seed", type=int, metavar="SEED", help="With --shadow: each document for one of the two, by this seed."
)
@click.option("--errors", default=20, show_default=True, type=click.IntRange(0), help="Worst errors to keep.")
@click.option(
    "--report", type=click.Path(path_type=Path, dir_okay=False), help="Write all of it as one HTML file with plots."
)
@click.option(
    "--fail-under",
    "gates",
    multiple=True,
    callback=_gates,
    metavar="METRIC=VALUE",
    help="Exit with 1 when a measure is lower.",
)
@as_json
@click.pass_obj
def evaluate(
    home: Home,
    /,
    gold: Path | None,
    records: Path | None,
    report: Path | None,
    gates: dict[str, float],
    shadow: str | None,
    seed: int | None,
    errors: int,
    as_json: bool,
    **mentions: str | None,
) -> None:
    r"""Compare the decisions with a GOLD file (doc_id, start, end, entity_id or null), or entities with record gold.

    Every measure is defined in docs/guides/evaluation.md and docs/guides/records.md.

    \b
    Example:
      kg evaluate gold.jsonl
      kg evaluate gold.jsonl --spans gold --report report.html
      kg evaluate gold.jsonl --compare 3f9a
      kg evaluate gold.jsonl --fail-under f1=0.8 --fail-under link_precision=0.95
      kg evaluate --records clusters.csv --fail-under pairwise_f1=0.95
      kg evaluate gold.jsonl --shadow strict --ab 7
    """
    if shadow is not None or seed is not None:
        others = records or report or gates or mentions["spans"] == "system" or mentions["compare"]
        _check_shadow(shadow, others=bool(others) or (seed is not None and gold is None))
        compare_shadow(home, shadow or "", gold, seed=seed, as_json=as_json)
        return
    if (gold is None) == (records is None):
        message = "give a GOLD file, or --records GOLD"
        raise click.UsageError(message)
    if records is not None:
        if any(mentions.values()):
            message = "--spans and --compare are for mentions, not for --records"
            raise click.UsageError(message)
        _evaluate_records(home, records, report, errors=errors, gates=gates, as_json=as_json)
        return
    path = gold or Path()
    spans: SpanView = "gold" if mentions["spans"] == "gold" else "system"
    found = evaluate_home(home, path, spans=spans, compare=mentions["compare"], errors=errors)
    if as_json:
        output.echo_json(found.as_dict())
    else:
        show_evaluation(found, title=f"{path.name}, {spans} spans")
        show_comparison(found.comparison)
    if report:
        write_report(found, report, title=path.name)
        output.notice(f"report written to {report}")
    check_gates(found, gates)


def _check_shadow(shadow: str | None, *, others: bool) -> None:
    if shadow is None:
        message = "--ab is for --shadow NAME"
        raise click.UsageError(message)
    if others:
        message = "with --shadow go GOLD, --ab (with GOLD) and --json only; it compares at the spans of the gold"
        raise click.UsageError(message)


def _evaluate_records(
    home: Home, gold: Path, report: Path | None, *, errors: int, gates: dict[str, float], as_json: bool
) -> None:
    found = evaluate_records(home, gold, errors=errors)
    if as_json:
        output.echo_json(found.as_dict())
    else:
        show_record_evaluation(found, title=gold.name)
    if report:
        write_record_report(found, report, title=gold.name)
        output.notice(f"report written to {report}")
    check_gates(found, gates)


@click.group()
def gold() -> None:
    """Keep golden sets: files that say what mentions mean, for `kg evaluate`."""


@gold.command()
@click.argument("mention")
@click.option(
    "--to", "file", required=True, type=click.Path(path_type=Path, dir_okay=False), help="JSONL, CSV or TSV file."
)
@click.option("--entity", help="The mention means this entity (id or exact name).")
@click.option("--nil", is_flag=True, help="The catalog does not hold what the mention means.")
@click.option("--cluster", default="", help="With NIL: which unknown thing is meant, by any name.")
@click.option("--note", default="", help="A word to slice reports by, such as ambiguous.")
@click.option("--replace", is_flag=True, help="Replace another answer that the file has for this span.")
@as_json
@click.pass_obj
def add(
    home: Home,
    mention: str,
    file: Path,
    entity: str | None,
    nil: bool,
    cluster: str,
    note: str,
    replace: bool,
    as_json: bool,
) -> None:
    r"""Add a MENTION with its answer to a gold file: its id, or DOCUMENT:START-END.

    Without --entity or --nil the decision's own answer is taken; a review has none, so one of the two must be given.

    \b
    Example:
      kg gold add episode-12:118-125 --to gold.jsonl
      kg gold add episode-12:118-125 --to gold.jsonl --entity artist/nirvana-uk --note ambiguous
    """
    if entity is not None and nil:
        message = "--entity and --nil exclude each other"
        raise click.UsageError(message)
    added = add_gold(home, mention, file, entity=entity, nil=nil, cluster=cluster, note=note, replace=replace)
    if as_json:
        output.echo_json(added)
    else:
        answer = added.span.entity_id or "NIL"
        click.echo(
            f"{added.action}: {added.span.doc_id}:{added.span.start}-{added.span.end} {added.span.surface!r} {answer}"
        )


@gold.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@as_json
@click.pass_context
def check(ctx: click.Context, file: Path, as_json: bool) -> None:
    r"""Check a gold FILE against the home: documents, spans, entities, duplicates; exits with 1 on a fault.

    \b
    Example:
      kg gold check gold.jsonl
    """
    rows, faults = check_gold(ctx.obj, file)
    if as_json:
        output.echo_json({"rows": rows, "faults": faults})
    else:
        for fault in faults:
            click.echo(f"{file}:{fault.line}: {fault.problem}" if fault.line else f"{file}: {fault.problem}")
    output.notice(f"{rows:,} rows, {len(faults):,} faults")
    if faults:
        ctx.exit(1)


COMMANDS: tuple[click.Command, ...] = (evaluate, gold)
