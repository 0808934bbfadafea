"""Commands about runs: runs, runs show, runs compare."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from kg import runs as runs_of
from kg.cli import output
from kg.cli.change import as_json
from kg.config import read_alert_rules
from kg.home import Home
from kg.run_comparison import Measured, RunComparison, check_alerts, compare_runs
from kg.run_report import RunReport, run_report


class _Runs(click.Group):
    """A group in which what is no command is a run to be shown: `kg runs 3f9a`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is meant, and what is left for it."""
        return super().resolve_command(ctx, args if args[0] in self.commands else ["show", *args])


@click.group(cls=_Runs, invoke_without_command=True)
@as_json
@click.pass_context
def runs(ctx: click.Context, as_json: bool) -> None:
    r"""List the runs, newest first; `kg runs RUN` is `kg runs show RUN`.

    \b
    Example:
      kg runs
      kg runs show 3f9a
      kg runs compare 3f9a 77c0
    """
    ctx.meta["kg.runs.json"] = as_json
    if ctx.invoked_subcommand is not None:
        return
    listed = ctx.obj.mentions.runs()
    if as_json:
        output.echo_json([runs_of.without_sketch(run) for run in listed])
        return
    columns = ("run", "kind", "status", "started", "finished", "counts")
    rows = [(r.run_id[:12], r.kind, r.status, r.started_at, r.finished_at, _counts(r.counts)) for r in listed]
    output.echo_rows(columns, rows)


@runs.command()
@click.argument("run")
@as_json
@click.pass_context
def show(ctx: click.Context, run: str, as_json: bool) -> None:
    r"""Show a RUN: stages with seconds, rows and rates, memory, channels, shares, versions, settings.

    \b
    Example:
      kg runs show 3f9a
    """
    report = run_report(ctx.obj, run)
    if as_json or ctx.meta["kg.runs.json"]:
        output.echo_json(_flat(report))
    else:
        _show(report)


@runs.command()
@click.argument("earlier")
@click.argument("later")
@click.option(
    "--alerts",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="TOML file with the rules, in a table [alerts] as kg.toml has it.  [default: the configuration's]",
)
@as_json
@click.pass_obj
def compare(home: Home, earlier: str, later: str, alerts: Path | None, as_json: bool) -> None:
    r"""Say how a LATER run differs from an EARLIER one; exits with 1 when that breaks an alert rule.

    Shares of decisions, distributions of probability and score (population stability index), blocking channels, recall
    of probes, surfaces that are new. Every rule is explained in docs/guides/operating.md.

    \b
    Example:
      kg runs compare 3f9a 77c0
      kg runs compare 3f9a 77c0 --alerts alerts.toml
    """
    comparison = compare_runs(home, earlier, later, read_alert_rules(alerts) if alerts else None)
    if as_json:
        output.echo_json(comparison)
    else:
        _show_comparison(comparison)
    check_alerts(comparison)


def _flat(report: RunReport) -> dict[str, Any]:
    """Return the run's own fields beside those of the report, as `kg runs` has them."""
    told = asdict(report)
    return {**told.pop("run"), **told}


def _show(report: RunReport) -> None:
    run = report.run
    told = {name: getattr(run, name) for name in run.__slots__ if name not in ("run_id", "seconds", "figures")}
    memory = None if report.memory_mb is None else f"{report.memory_mb:,.0f} MB"
    extra = {"peak memory": memory, "unknown surfaces": report.unknown_surfaces}
    extra |= {f"recall of probes at {depth}": share for depth, share in report.recall.items()}
    output.echo_facts(told | {name: value for name, value in extra.items() if value is not None}, title=run.run_id)
    if report.stages:
        click.echo()
        rows = [(s.stage, s.seconds, s.rows, s.rate) for s in report.stages]
        output.echo_rows(("stage", "seconds", "rows", "rows/s"), rows, title="stages")
    if report.shares:
        click.echo()
        output.echo_rows(("decision", "share"), list(report.shares.items()), title="decisions")
    if report.channels:
        click.echo()
        channels = [(c.channel, c.candidates, c.winning) for c in report.channels]
        output.echo_rows(("channel", "of candidates kept", "of candidates linked"), channels, title="channels")


def _show_comparison(comparison: RunComparison) -> None:
    mentions = " and ".join(f"{number:,}" for number in comparison.mentions)
    click.echo(f"{comparison.earlier[:12]} and {comparison.later[:12]}: {mentions} mentions decided")
    if not comparison.judged:
        output.notice("too few mentions for their shares to be judged (alerts.fewest_mentions)")
    rows = [
        (f"{row.rule} ({row.what})" if row.what else row.rule, row.before, row.after, row.moved, row.most, _mark(row))
        for row in comparison.rows
    ]
    output.echo_rows(("rule", "before", "after", "moved", "allowed", ""), rows)


def _mark(row: Measured) -> str:
    return "not known" if row.moved is None else "BROKEN" if row.broken else "ok"


def _counts(counts: object) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in dict(counts).items())  # type: ignore[call-overload]


COMMANDS: tuple[click.Command, ...] = (runs,)
