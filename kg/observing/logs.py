"""Log lines: for people as text, for machines as one JSON object a line, each with its verb, run and stage."""

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

import orjson

from schemas.visible import visible

LogFormat = Literal["text", "json"]
FORMATS: tuple[LogFormat, ...] = ("text", "json")
LEVELS = ("debug", "info", "warning", "error")
OWN = ("kg", "linkers", "loaders", "schemas")
"""Our own loggers; those of other packages tell warnings only."""

VERB: ContextVar[str] = ContextVar("verb", default="")
RUN: ContextVar[str] = ContextVar("run", default="")
STAGE: ContextVar[str] = ContextVar("stage", default="")
_KEPT = "\n\t"
_KEPT_PLACES: tuple[ContextVar[str], ...] = (VERB, RUN, STAGE)


def tell(log: logging.Logger, level: int, message: str, told: Mapping[str, Any]) -> None:
    """Write a line with values: fields of the JSON object, name=value at the end of a text."""
    log.log(level, message, extra={"told": told})


@contextmanager
def during(place: ContextVar[str], name: str) -> Iterator[None]:
    """Let every line of a block say where it comes from."""
    token = place.set(name)
    try:
        yield
    finally:
        place.reset(token)


def structured() -> bool:
    """Whether standard error holds JSON lines now, so that nothing else may go there."""
    return any(isinstance(handler.formatter, JsonLines) for handler in logging.getLogger().handlers)


def default_level(form: LogFormat) -> str:
    """Return the level that is meant when none is given: machines want to know more than people do."""
    return "info" if form == "json" else "warning"


@contextmanager
def logging_to_stderr(form: LogFormat, level: str, *, verb: str) -> Iterator[None]:
    """Write log lines to standard error for the length of a block, those of kg from `level` on (one of LEVELS)."""
    handler = _StandardError()
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    root = logging.getLogger()
    own = [logging.getLogger(name) for name in OWN]
    levels = [logger.level for logger in own]
    places = [(place, place.get()) for place in _KEPT_PLACES]
    root.addHandler(handler)
    logging.captureWarnings(form == "json")
    for logger in own:
        logger.setLevel(level.upper())
    VERB.set(verb)
    try:
        yield
    finally:
        for place, before in places:
            place.set(before)
        for logger, before_level in zip(own, levels, strict=True):
            logger.setLevel(before_level)
        logging.captureWarnings(capture=False)
        root.removeHandler(handler)


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC, ISO 8601), level, logger, message, verb, run, stage and what was told."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "verb": VERB.get(),
            "run": RUN.get(),
            "stage": STAGE.get(),
            **_told(record),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


class TextLines(logging.Formatter):
    """Time, level, run and stage, message, and name=value of what was told."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        place = " ".join(part for part in (RUN.get()[:12], STAGE.get()) if part)
        told = "".join(f" {name}={value}" for name, value in _told(record).items())
        trace = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        where = f" [{place}]" if place else ""
        line = f"{record.levelname.lower()} {record.name}{where}: {record.getMessage()}{told}{trace}"
        return f"{_time(record)} {visible(line, keep=_KEPT)}"


class _StandardError(logging.StreamHandler[Any]):
    """Standard error as it is when a line is written."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:  # noqa: ANN401 - any text stream
        """Where lines go."""
        return sys.stderr


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _told(record: logging.LogRecord) -> Mapping[str, Any]:
    told: Mapping[str, Any] = getattr(record, "told", {})
    return told
