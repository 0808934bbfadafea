"""Homes for tests: embedded ones in a temporary folder, server ones in a fresh keyspace and an empty graph."""

import hashlib
import io
from dataclasses import replace
from pathlib import Path

from kg.config import Config, ModelConfig
from kg.export import export
from kg.home import Home
from kg.ingest import CatalogInput, DocumentInput, ingest_catalog, ingest_documents
from kg.resolve import ResolveSummary, resolve
from tests.small_world import SmallWorld

WITHOUT_VECTORS = ModelConfig(encoder="none")


def embedded(folder: Path, models: ModelConfig = WITHOUT_VECTORS) -> Config:
    """Return the configuration of an embedded home."""
    return Config(home=folder / "home", models=models)


def on_servers(folder: Path, graph: str, mentions: str, models: ModelConfig = WITHOUT_VECTORS) -> Config:
    """Return the configuration of a home on servers."""
    return replace(embedded(folder, models), graph=graph, mentions=mentions)


def ingest_world(home: Home, world: SmallWorld) -> None:
    """Take in the small world."""
    ingest_catalog(home, CatalogInput([str(world.catalog)], (), "main"))
    ingest_catalog(home, CatalogInput([str(world.other_source)], [str(world.relations)], "other"))
    ingest_documents(home, DocumentInput([str(world.documents)]))


def fill(config: Config, world: SmallWorld) -> ResolveSummary:
    """Run the main job on the small world."""
    with Home(config) as home:
        ingest_world(home, world)
        return resolve(home)


def exported(config: Config, what: str = "graph") -> bytes:
    """Return what `kg export` writes as JSONL."""
    out = io.BytesIO()
    with Home(config) as home:
        export(home, what, "jsonl", out)
    return out.getvalue()


def digest(config: Config) -> str:
    """Return one hash of everything that a home exports."""
    return hashlib.sha256(b"".join(exported(config, what) for what in ("graph", "records", "decisions"))).hexdigest()
