"""The `kg` command: its options, its commands, and how errors leave it."""

import gc
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from kg.cli import ask, change, manage, measure, observe, output
from kg.cli import dedupe as deduping
from kg.cli import export as exporting
from kg.cli import resolve as resolving
from kg.cli import review as reviewing
from kg.cli import runs as listing
from kg.cli import serve as serving
from kg.cli import stream as streaming
from kg.cli import train as training
from kg.config import load_config
from kg.home import Home
from kg.observing import logs
from kg.version import VERSION
from schemas.errors import KgError


class KgGroup(click.Group):
    """A group that shows a named error as one line and exits with 1; a bug keeps its traceback."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KgError as error:
            observe.failed(error)
            ctx.exit(1)
        except BrokenPipeError:
            # the reader of a pipe has seen enough; Python would complain again when it flushes at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except (click.exceptions.Exit, click.ClickException):
            raise
        except BaseException as error:
            observe.failed(error)
            raise


@click.group(cls=KgGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(VERSION, prog_name="kg")
@click.option("--home", type=click.Path(path_type=Path), help="Folder of the home.  [default: ./kg-data]")
@click.option("--graph", metavar="URL", help="Graph store: embedded, or neo4j://HOST:7687.")
@click.option("--mentions", metavar="URL", help="Mention store: embedded, or cassandra://HOST:9042/KEYSPACE.")
@click.option("--config", type=click.Path(path_type=Path), help="Configuration file.  [default: ./kg.toml if there]")
@click.option("-q", "--quiet", is_flag=True, help="No progress bars.")
@click.option(
    "--log-format",
    type=click.Choice(logs.FORMATS),
    default="text",
    envvar="KG_LOG_FORMAT",
    show_default=True,
    help="Log lines on standard error as text, or one JSON object a line.",
)
@click.option(
    "--log-level",
    type=click.Choice(logs.LEVELS),
    envvar="KG_LOG_LEVEL",
    help="Least level of log lines.  [default: warning; info with json]",
)
@click.option(
    "--metrics-file",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="KG_METRICS_FILE",
    help="Write metrics there when the command ends, as the node exporter's textfile collector reads them.",
)
@click.option(
    "--metrics-port",
    type=click.IntRange(0, 65_535),
    envvar="KG_METRICS_PORT",
    help="Serve metrics at this port of 127.0.0.1 while the command runs; 0 takes a free one.",
)
@click.pass_context
def cli(
    ctx: click.Context,
    /,
    home: Path | None,
    graph: str | None,
    mentions: str | None,
    config: Path | None,
    quiet: bool,
    **observed: Any,  # noqa: ANN401 - the four options of Telling
) -> None:
    r"""Link mentions in text to a catalog's entities and keep the answer as a graph.

    The options can be given by KG_HOME, KG_GRAPH and KG_MENTIONS too. Passwords come from the environment only:
    KG_NEO4J_USER, KG_NEO4J_PASSWORD, KG_CASSANDRA_USER, KG_CASSANDRA_PASSWORD, KG_KAFKA_USER, KG_KAFKA_PASSWORD.
    OpenTelemetry traces are told where OTEL_EXPORTER_OTLP_ENDPOINT names a collector (extra otel);
    docs/guides/operating.md has more.

    \b
    Example:
      kg ingest catalog artists.jsonl --source discography
      kg ingest documents transcripts/
      kg resolve
      kg query "MATCH (d:Document)-[m:MENTIONS]->(e:Entity) RETURN d.id, e.name, m.count"
    """
    verb = ctx.invoked_subcommand or ""
    progress = ctx.with_resource(observe.telling(observe.Telling(**observed), verb, output.progress(quiet=quiet)))
    opened = Home(load_config(config, home=home, graph=graph, mentions=mentions), progress, output.notice)
    ctx.obj = ctx.with_resource(opened)


def _as_written(command: click.Command) -> None:
    """Let click keep the lines of an example: a raw docstring holds two signs where click looks for one."""
    command.help = (command.help or "").replace("\\b\n", "\b\n")
    for sub in command.commands.values() if isinstance(command, click.Group) else ():
        _as_written(sub)


_GROUPS = (
    *(change, resolving, reviewing, ask, exporting, measure, listing, training),
    *(deduping, serving, streaming, manage),
)
for _command in (command for group in _GROUPS for command in group.COMMANDS):
    cli.add_command(_command)
_as_written(cli)


def main() -> NoReturn:
    """Run the command line; exits with 0 when done, 1 for a named error, 2 for wrong usage."""
    # what was imported stays: the collector need not walk it again and again, an eighth of a resolve without models
    gc.freeze()
    cli(prog_name="kg")
    sys.exit(0)
