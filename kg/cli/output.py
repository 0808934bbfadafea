"""How results are shown: data to standard output, progress and notices to standard error."""

import csv
import io
import logging
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from kg.observing import logs
from kg.progress import Progress as Listener
from kg.progress import silent
from schemas.visible import visible

_BAR_AFTER_S = 2.0


def echo_json(value: object) -> None:
    """Print a value as one line of JSON; dataclasses as objects."""
    out = sys.stdout.buffer
    out.write(orjson.dumps(plain(value), option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS, default=str))
    out.flush()


def plain(value: object) -> object:
    """Return dataclasses as dictionaries, anything else as it is."""
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def echo_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "") -> None:
    """Print rows as a table."""
    table = Table(title=visible(title) or None, title_justify="left", show_edge=False, header_style="bold")
    for column in columns:
        table.add_column(visible(column), overflow="fold")
    for row in rows:
        table.add_row(*(Text(shown(value)) for value in row))
    _console().print(table)


def echo_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows as CSV with a header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    click.echo(text.getvalue(), nl=False)


def cell(value: object) -> str:
    """Return a value as it is shown in a table: lists joined by |, objects as JSON, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return "|".join(value)
    if isinstance(value, dict | list | tuple):
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS, default=str).decode()
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def shown(value: object) -> str:
    """Return a cell for a person's eyes: what would command the terminal or turn the order of reading is escaped."""
    return visible(cell(value), keep="\n\t")


def echo_facts(facts: dict[str, Any], *, title: str = "") -> None:
    """Print names and values, one a line."""
    if title:
        click.echo(click.style(visible(title), bold=True))
    width = max((len(name) for name in facts), default=0)
    for name, value in facts.items():
        click.echo(f"  {visible(name):<{width}}  {shown(value)}")


def notice(text: str) -> None:
    """Print a notice to standard error, as a log line where machines read it."""
    if logs.structured():
        logging.getLogger("kg").info(text)
    else:
        click.echo(visible(text, keep="\n\t"), err=True)


def _console() -> Console:
    return Console(file=sys.stdout, highlight=False, soft_wrap=not sys.stdout.isatty())


def progress(*, quiet: bool) -> Listener:
    """Return a listener that draws bars on a terminal, for stages that take longer than two seconds."""
    return silent if quiet or not sys.stderr.isatty() else _Bars()


class _Bars:
    """Progress bars on standard error; a stage shows once it has gone on for two seconds."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bars = Progress(*columns, console=Console(stderr=True), transient=True)
        self._began: dict[str, float] = {}
        self._tasks: dict[str, Any] = {}

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        began = self._began.setdefault(stage, time.monotonic())
        if total is not None and done >= total:
            self._end(stage)
        elif stage in self._tasks:
            self._bars.update(self._tasks[stage], completed=done, total=total)
        elif time.monotonic() - began >= _BAR_AFTER_S:
            self._bars.start()
            self._tasks[stage] = self._bars.add_task(stage, completed=done, total=total)

    def _end(self, stage: str) -> None:
        self._began.pop(stage, None)
        task = self._tasks.pop(stage, None)
        if task is not None:
            self._bars.remove_task(task)
        if not self._tasks:
            self._bars.stop()
