"""The command that decides: resolve."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from kg.cli import output
from kg.cli.change import as_json
from kg.home import Home
from kg.pair_decisions import PairOptions
from kg.record_plans import plans_toml, read_plans, record_plans, write_plans
from kg.resolve import ResolveOptions, ResolveSummary
from kg.resolve import resolve as resolve_home
from kg.shadow import ShadowOptions, shadow_resolve
from kg.spark.engine import SparkEngine
from kg.spark.options import SparkOptions

_STDOUT = "-"


@click.command()
@click.option("--mentions-only", is_flag=True, help="Leave the records as they are.")
@click.option("--records-only", is_flag=True, help="Leave the mentions as they are.")
@click.option(
    "--precision",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Share of links to be right, for this run; kg.toml keeps it.",
)
@click.option("--dry-run", is_flag=True, help="Decide about mentions and count, write nothing.")
@click.option(
    "--explain-plan",
    is_flag=False,
    flag_value=_STDOUT,
    metavar="[FILE]",
    help="Say how the records are compared and why, write it to FILE as TOML, and resolve nothing.",
)
@click.option(
    "--plan",
    "plan_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Compare the records as this file says, from now on; --explain-plan writes one.",
)
@click.option(
    "--shadow",
    metavar="NAME",
    help="Decide all mentions beside the home, into HOME/shadow/NAME.parquet; change nothing.",
)
@click.option(
    "--model",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="With --shadow: fitted weights, as `kg train` writes them.",
)
@click.option("--refit", is_flag=True, help="Fit how records are compared again, and decide about all of them anew.")
@click.option(
    "--engine",
    type=click.Choice(["here", "spark"]),
    default="here",
    show_default=True,
    help="Who extracts and links: this machine, or a Spark cluster (pip install 'audiokg[spark]').",
)
@click.option("--master", metavar="URL", help="Address of the cluster: spark://HOST:7077, yarn, local[4].")
@click.option(
    "--documents",
    multiple=True,
    metavar="PATH",
    help="JSONL or Parquet in the cluster's storage (file, folder, glob) to take in before; may be given again.",
)
@click.option("--spans", metavar="PATH", help="Given mentions of these documents, taken instead of extracting.")
@click.option("--out", metavar="FOLDER", help="Write documents, mentions and decisions of this run there as Parquet.")
@as_json
@click.pass_obj
def resolve(
    home: Home,
    /,
    mentions_only: bool,
    records_only: bool,
    precision: float | None,
    explain_plan: str | None,
    plan_file: Path | None,
    shadow: str | None,
    model: str | None,
    **flags: Any,  # noqa: ANN401 - one entry an option
) -> None:
    r"""Decide which records are one thing, and what every new or outdated mention means: link, review or NIL.

    Only what is new or changed is compared, with what is near it. What people decided (`kg review`, `merge`, `split`,
    `promote`, `assign`) stays.

    \b
    Example:
      kg resolve --precision 0.98
      kg resolve --explain-plan plan.toml
      kg resolve --records-only --plan plan.toml
      kg resolve --shadow strict --precision 0.99
      kg resolve --engine spark --master spark://HOST:7077 --documents hdfs://HOST/episodes/ --out hdfs://HOST/decided
    """
    if shadow is not None or model is not None:
        others = mentions_only or records_only or plan_file or explain_plan is not None
        _check_shadow(shadow, others=bool(others) or flags["refit"] or flags["dry_run"])
        _shadow(home, shadow or "", ShadowOptions(model, precision), as_json=flags["as_json"])
        return
    if mentions_only and records_only:
        message = "--mentions-only and --records-only exclude each other"
        raise click.UsageError(message)
    if mentions_only and (plan_file or flags["refit"]):
        message = "--plan and --refit are about records, which --mentions-only leaves as they are"
        raise click.UsageError(message)
    if explain_plan is not None:
        _explain(home, explain_plan, as_json=flags["as_json"])
        return
    pairs = PairOptions(read_plans(plan_file) if plan_file else {}, flags["refit"])
    options = ResolveOptions(not mentions_only, not records_only, precision, flags["dry_run"], pairs)
    spark = _spark_options(options, flags)
    if spark is None:
        summary = resolve_home(home, options)
    else:
        with SparkEngine(spark) as engine:
            summary = resolve_home(home, options, engine)
    if flags["as_json"]:
        output.echo_json(summary)
    else:
        _show_resolve(summary)


def _check_shadow(shadow: str | None, *, others: bool) -> None:
    if shadow is None:
        message = "--model is for --shadow NAME; kg.toml names the model that a home decides with (models.linker)"
        raise click.UsageError(message)
    if others:
        message = "with --shadow go --model, --precision and --json only: it decides all mentions and changes nothing"
        raise click.UsageError(message)


def _shadow(home: Home, name: str, options: ShadowOptions, *, as_json: bool) -> None:
    done = shadow_resolve(home, name, options)
    if as_json:
        output.echo_json(done)
        return
    counts = ", ".join(f"{number:,} {kind}" for kind, number in done.decisions.items())
    click.echo(f"shadow {name}: decided {done.mentions:,} mentions of {done.documents:,} documents: {counts}")
    click.echo(f"model {done.model_version}  ({_seconds(done.seconds)})")


def _spark_options(options: ResolveOptions, flags: Mapping[str, Any]) -> SparkOptions | None:
    """Return what the cluster is told, None for no cluster; raises UsageError for options that do not go together."""
    given = [name for name in ("master", "documents", "spans", "out") if flags[name]]
    if flags["engine"] == "here":
        if given:
            message = f"--{given[0]} is for --engine spark"
            raise click.UsageError(message)
        return None
    if not flags["master"]:
        message = "--engine spark needs --master, such as spark://HOST:7077 or local[4]"
        raise click.UsageError(message)
    if options.dry_run or not options.mentions:
        message = "--engine spark writes decisions about mentions: --dry-run and --records-only are done without it"
        raise click.UsageError(message)
    if flags["spans"] and not flags["documents"]:
        message = "--spans are of the documents that --documents names"
        raise click.UsageError(message)
    return SparkOptions(flags["master"], flags["documents"], flags["spans"] or "", flags["out"] or "")


def _explain(home: Home, target: str, *, as_json: bool) -> None:
    plans = record_plans(home)
    if not plans:
        output.notice("no kind of records has two of them: there is nothing to compare")
        return
    if target != _STDOUT:
        write_plans(plans, Path(target))
        output.notice(f"plan written to {target}; edit it and give it back by `kg resolve --plan {target}`")
    if as_json:
        output.echo_json({kind: output.plain(plan) for kind, plan in plans.items()})
        return
    if target == _STDOUT:
        click.echo(plans_toml(plans), nl=False)
        return
    for kind, plan in plans.items():
        click.echo()
        columns = [(c.name, c.kind, c.comparator, "yes" if c.key else "", c.why) for c in plan.columns]
        output.echo_rows(
            ("column", "kind", "comparator", "key", "why"), columns, title=kind or "records without a type"
        )
        sources = [(s.name, s.records, "yes" if s.duplicate_free else "no", s.why) for s in plan.sources]
        output.echo_rows(("source", "records", "free of duplicates", "why"), sources)
        click.echo(f"{plan.procedure}: {plan.why}")


def _show_resolve(summary: ResolveSummary) -> None:
    if summary.taken:
        click.echo(f"took in {summary.taken['documents']:,} documents with {summary.taken['mentions']:,} mentions")
    if summary.bad_rows:
        output.notice(f"{summary.bad_rows:,} rows could not be read:")
        for error in summary.errors:
            output.notice(f"  {error}")
    if not summary.documents and not summary.run_id:
        click.echo("nothing to resolve: no record, document, catalog, model or setting has changed")
        return
    if summary.records_compared or any(summary.pairs.values()):
        pairs = ", ".join(f"{number:,} {decision}" for decision, number in summary.pairs.items())
        click.echo(f"compared {summary.records_compared:,} records; pairs decided otherwise than before: {pairs}")
    if summary.entities:
        click.echo(f"{summary.entities:,} entities; {summary.records_joined:,} records beside another of their entity")
    counts = ", ".join(f"{number:,} {kind}" for kind, number in summary.decisions.items())
    would = "would decide" if summary.dry_run else "decided"
    click.echo(f"{would} {summary.mentions:,} mentions of {summary.documents:,} documents: {counts}")
    click.echo(f"changed: {summary.changed:,}; provisional entities: {summary.provisional:,}")
    if summary.read_again:
        click.echo(f"{summary.read_again:,} documents were read again with the names of the current catalog")
    if summary.run_id:
        click.echo(f"run {summary.run_id}  ({_seconds(summary.seconds)})")


def _seconds(seconds: Mapping[str, float]) -> str:
    return ", ".join(f"{stage} {value:.1f} s" for stage, value in seconds.items())


COMMANDS: tuple[click.Command, ...] = (resolve,)
