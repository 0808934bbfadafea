"""The command that resolves bare files: dedupe."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from kg.cli import output
from kg.cli.change import as_json
from kg.dedupe import Deduped, DedupeOptions, explain_plan, write_clusters, write_pairs
from kg.dedupe import dedupe as dedupe_files
from kg.home import Home
from kg.spark.records import spark_records
from linkers.records.workforce import THREADS, Workforce


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("-o", "--output", "out", type=click.Path(path_type=Path, dir_okay=False), help="CSV, JSONL or Parquet.")
@click.option(
    "--pairs", type=click.Path(path_type=Path, dir_okay=False), help="Also write the pairs and their evidence."
)
@click.option("--source-column", metavar="C", help="Column that names a record's source.  [default: one per file]")
@click.option("--id-column", metavar="C", help="Column that names a record.  [default: record_id, id, or the row]")
@click.option("--one-per-source", is_flag=True, help="No source holds a thing twice; without it they are looked at.")
@click.option("--plan", type=click.Path(path_type=Path, dir_okay=False), help="TOML that says how to compare.")
@click.option("--explain-plan", "explain", is_flag=True, help="Print the plan as TOML, with its reasons, and stop.")
@click.option(
    "--engine",
    type=click.Choice(["here", "spark"]),
    default="here",
    show_default=True,
    help="Who searches and compares: this machine, or a Spark cluster (pip install 'audiokg[spark]').",
)
@click.option("--master", metavar="URL", help="Address of the cluster: spark://HOST:7077, yarn, local[4].")
@as_json
@click.pass_obj
def dedupe(
    home: Home,
    /,
    files: tuple[Path, ...],
    out: Path | None,
    pairs: Path | None,
    plan: Path | None,
    **given: str | bool | None,
) -> None:
    r"""Find which records in FILEs are the same thing; needs no home and no settings.

    One file with duplicates, one file with a column of sources, or several files that overlap; JSONL, CSV, TSV,
    Parquet. The clusters have source, record_id, entity_id (the same for records of one thing) and probability.

    \b
    Example:
      kg dedupe artists.csv -o clusters.csv
      kg dedupe records.csv --source-column source -o clusters.csv
      kg dedupe label_db.csv discography.csv --one-per-source -o clusters.csv
      kg dedupe records.csv --explain-plan > plan.toml
      kg dedupe records.csv --plan plan.toml -o clusters.csv
      kg dedupe records.csv -o clusters.parquet --pairs pairs.csv
      kg dedupe records.parquet -o clusters.parquet --engine spark --master spark://HOST:7077
    """
    source, own_id = given["source_column"], given["id_column"]
    options = DedupeOptions(
        str(source) if source else None, str(own_id) if own_id else None, bool(given["one_per_source"]), plan
    )
    if out is None and not given["explain"]:
        message = "name the file of clusters by -o CLUSTERS.csv, or ask for --explain-plan"
        raise click.UsageError(message)
    with _workforce(str(given["engine"]), given["master"]) as by:
        if out is None or given["explain"]:
            click.echo(explain_plan(files, options, by=by).to_toml(), nl=False)
            return
        found = dedupe_files(files, options, progress=home.progress, by=by)
    write_clusters(found.clusters, out)
    if pairs is not None:
        write_pairs(found.resolution, pairs)
    _show(found, out, as_json=bool(given["as_json"]))


@contextmanager
def _workforce(engine: str, master: str | bool | None) -> Iterator[Workforce]:
    """Yield who searches and compares; raises UsageError for options that do not go together."""
    if engine == "here":
        if master:
            message = "--master is for --engine spark"
            raise click.UsageError(message)
        yield THREADS
        return
    if not master:
        message = "--engine spark needs --master, such as spark://HOST:7077 or local[4]"
        raise click.UsageError(message)
    with spark_records(str(master)) as workforce:
        yield workforce


def _show(found: Deduped, out: Path, *, as_json: bool) -> None:
    report, plan = found.resolution.report, found.resolution.plan
    for notice in found.notices:
        output.notice(notice)
    if as_json:
        output.echo_json({"procedure": plan.procedure, "why": plan.why, "report": report, "notices": found.notices})
        return
    output.notice(f"{report.records:,} records are {report.clusters:,} things; {out} written")
    output.notice(f"{plan.procedure}: {plan.why}")
    seconds = sum(report.seconds.values())
    output.notice(
        f"{report.pairs:,} pairs compared in {seconds:.1f} s; "
        f"about {report.pair_completeness:.1%} of the true pairs are among them"
    )


COMMANDS: tuple[click.Command, ...] = (dedupe,)
