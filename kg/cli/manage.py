"""Commands that look after a home: stats, doctor."""

import click

from kg.cli import output
from kg.cli.change import as_json
from kg.doctor import examine
from kg.home import Home
from kg.stats import stats as stats_of


@click.command()
@as_json
@click.pass_obj
def stats(home: Home, as_json: bool) -> None:
    r"""Count what the home holds and what waits to be done.

    \b
    Example:
      kg stats
    """
    counted = stats_of(home)
    if as_json:
        output.echo_json(counted)
        return
    output.echo_facts({name: value for name, value in counted.items() if not isinstance(value, dict)})
    for name, value in counted.items():
        if isinstance(value, dict):
            output.echo_facts(value, title=name)


@click.command()
@as_json
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    r"""Check servers, models, versions, index and configuration, and say what to do; exits with 1 on a fault.

    \b
    Example:
      kg --graph neo4j://localhost:7687 doctor
    """
    home: Home = ctx.obj
    findings = examine(home)
    if as_json:
        output.echo_json(findings)
    else:
        for finding in findings:
            mark = click.style("ok  ", fg="green") if finding.ok else click.style("FAIL", fg="red")
            click.echo(f"{mark} {finding.check:<15} {finding.found}")
            if finding.advice:
                click.echo(f"     {'':<15} -> {finding.advice}")
    if not all(finding.ok for finding in findings):
        ctx.exit(1)


COMMANDS: tuple[click.Command, ...] = (stats, doctor)
