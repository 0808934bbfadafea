"""How a command tells of itself: log lines on standard error, metrics, traces; all as the options of kg say."""

import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from kg.cli import output
from kg.observing import logs, watching
from kg.observing.run_metrics import RunMetrics
from kg.observing.traces import RunTraces, traces_wanted
from kg.progress import Progress
from schemas.errors import ConfigError, KgError

log = logging.getLogger("kg")
_EVERY_S = 10.0
_META = "kg.ended"


@dataclass(frozen=True, slots=True)
class Telling:
    """What was asked for.

    log_level: one of logs.LEVELS; None: what the format's readers want. metrics_port: None serves none, 0 a free one.
    """

    log_format: logs.LogFormat
    log_level: str | None
    metrics_file: Path | None
    metrics_port: int | None


@contextmanager
def telling(asked: Telling, verb: str, progress: Progress) -> Iterator[Progress]:
    """Tell of a command for the length of a block; yields the progress that it should have."""
    level = asked.log_level or logs.default_level(asked.log_format)
    with ExitStack() as stack:
        stack.enter_context(logs.logging_to_stderr(asked.log_format, level, verb=verb))
        if asked.log_format == "json":
            progress = _Logged()
        if asked.metrics_file is not None or asked.metrics_port is not None:
            metrics = RunMetrics(verb)
            progress = stack.enter_context(_measured(asked, metrics, progress))
        if traces_wanted():
            traces = RunTraces(verb)
            stack.enter_context(traces.telling())
            stack.enter_context(watching.watched_by(traces))
        yield progress


def failed(error: BaseException) -> None:
    """Tell that the command ends by an error: as a log line where standard error is one, else as a sentence."""
    known = isinstance(error, KgError)
    click.get_current_context().find_root().meta[_META] = type(error).__name__
    if known and not logs.structured():
        click.echo(f"kg: {error}", err=True)
    elif logs.structured() or logs.RUN.get():
        message = str(error) if known else f"ended by {type(error).__name__}: the run goes on when it is called again"
        logs.tell(log, logging.ERROR, message, {"error": type(error).__name__})


@contextmanager
def _measured(asked: Telling, metrics: RunMetrics, progress: Progress) -> Iterator[Progress]:
    if asked.metrics_file is not None and not asked.metrics_file.parent.is_dir():
        raise ConfigError("metrics-file", f"{str(asked.metrics_file.parent)!r} is not a folder; make it first")
    with ExitStack() as stack:
        if asked.metrics_port is not None:
            port = stack.enter_context(metrics.served(asked.metrics_port))
            logs.tell(log, logging.INFO, "metrics are served", {"url": f"http://127.0.0.1:{port}/metrics"})
        stack.enter_context(watching.watched_by(metrics))
        meta = click.get_current_context().find_root().meta
        try:
            yield metrics.listening(progress)
        finally:
            metrics.end(success=_META not in meta)
            if asked.metrics_file is not None:
                try:
                    metrics.write(asked.metrics_file)
                except KgError as error:
                    # the command has ended: what it did stays done
                    output.notice(f"kg: {error}")


class _Logged:
    """Progress as log lines, of each stage one in ten seconds at most."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        last = self._last.setdefault(stage, time.monotonic())
        if time.monotonic() - last >= _EVERY_S:
            self._last[stage] = time.monotonic()
            told: dict[str, Any] = {"progress": stage, "done": done, "total": total}
            logs.tell(log, logging.INFO, "progress", told)
