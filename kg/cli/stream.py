"""The command that goes on: stream."""

import signal
import threading
from types import FrameType

import click

from kg.cli import output
from kg.cli.change import as_json
from kg.home import Home
from kg.streaming.options import DEFAULT_GROUP, StreamOptions


@click.command()
@click.option("--brokers", required=True, metavar="HOST:PORT[,...]", help="Brokers of the Kafka cluster.")
@click.option("--in", "source", required=True, metavar="TOPIC", help="Topic of documents, each a JSON object.")
@click.option("--out", "target", required=True, metavar="TOPIC", help="Topic of decisions, a message a document.")
@click.option("--dead-letters", default="", metavar="TOPIC", help="What cannot be read.  [default: IN.dead-letters]")
@click.option(
    "--group", default=DEFAULT_GROUP, show_default=True, help="Consumer group; its streams share the partitions."
)
@click.option("--instance", default="", metavar="NAME", help="Name in the group.  [default: of machine and home]")
@click.option(
    "--until-idle",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="End when nothing came for so long.",
)
@click.option("--metrics-port", type=click.IntRange(1, 65_535), help="Port where Prometheus may ask; none by default.")
@as_json
@click.pass_obj
def stream(home: Home, /, until_idle: float | None, as_json: bool, **given: str) -> None:
    r"""Decide about documents as they come from a Kafka topic, and write their decisions to another.

    Goes on until it is stopped (Ctrl-C, SIGTERM): then it finishes the batch at hand. A document takes effect exactly
    once, however often the stream is killed and started again. Bounds and security stand in section [stream] of
    kg.toml, user and password in KG_KAFKA_USER and KG_KAFKA_PASSWORD. docs/guides/stream.md has more.

    \b
    Example:
      kg stream --brokers kafka-1:9092 --in documents --out decisions
      kg stream --brokers kafka-1:9092 --in documents --out decisions --until-idle 30
    """
    from kg.streaming.stream import stream as run

    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    former = {each: signal.signal(each, end) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        options = StreamOptions(until_idle_s=until_idle, **given)  # type: ignore[arg-type]
        summary = run(home, options, stop=stop, tell=output.notice)
    finally:
        for each, handler in former.items():
            signal.signal(each, handler)
    if as_json:
        output.echo_json(summary)
        return
    counts = ", ".join(f"{number:,} {kind}" for kind, number in summary.decisions.items())
    click.echo(f"decided {summary.documents:,} documents: {counts}")
    click.echo(f"{summary.repeated:,} repeated; {summary.dead_letters:,} dead letters of {summary.messages:,} messages")
    for run_id in summary.runs:
        click.echo(f"run {run_id}")


COMMANDS: tuple[click.Command, ...] = (stream,)
