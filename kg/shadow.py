"""`kg resolve --shadow`: another model or setting decides the same mentions; only a file of its own is written.

The file is HOME/shadow/NAME.parquet: DECISIONS, ordered as the store orders them, with what made them in its metadata.
It is written beside and renamed, so there is a whole one or none.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kg import runs
from kg.decided_batch import kept_by_person
from kg.home import Home
from linkers.deciding import KINDS
from linkers.linking import LinkSettings, link
from linkers.scoring.model import LinkerModel
from schemas.batches import DECISIONS
from schemas.errors import ConfigError, NotFoundError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_MANIFEST = b"kg.shadow"


@dataclass(frozen=True, slots=True)
class ShadowOptions:
    """What decides in the shadow. model: a file of fitted weights; precision: share of links to be right, in (0, 1).

    What is None is as in the home.
    """

    model: str | None = None
    precision: float | None = None


@dataclass(frozen=True, slots=True)
class Shadow:
    """A shadow run: what decided, and what came of it.

    mentions:  how many were decided: all of the home but those that a person decided.
    decisions: link, review, nil -> how many. index_version, model_version, link_settings: what decided.
    seconds:   wall time by stage.
    """

    name: str
    made_at: str
    index_version: str
    model_version: str
    link_settings: str
    precision: float | None
    documents: int = 0
    mentions: int = 0
    decisions: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)


def shadow_resolve(home: Home, name: str, options: ShadowOptions | None = None) -> Shadow:
    """Decide every mention of the home that no person decided, and keep the answers as HOME/shadow/NAME.parquet.

    A shadow of that name is replaced. Neither decisions nor graph nor runs change, and nobody waits: no lock is taken.
    Raises ConfigError for a bad name, ModelError, IndexMissingError, StoreError.
    """
    options = options or ShadowOptions()
    path = _path(home, name)
    model = LinkerModel.load(options.model) if options.model else home.model
    precision = home.config.resolve.precision if options.precision is None else options.precision
    settings = LinkSettings(precision=precision, ontology=home.config.ontology)
    counted, stages = dict.fromkeys(KINDS, 0), runs.Stages()
    doc_ids = home.mentions.document_rows()["id"].to_pylist()
    manifest = Shadow(name, runs.now(), home.index.version, model.version, settings.version, precision, len(doc_ids))
    with _unfinished(path) as unfinished, pq.ParquetWriter(unfinished, DECISIONS, compression="zstd") as out:
        for mentions in _batches(home, doc_ids):
            with stages.stage("link", mentions.num_rows):
                decided = link(mentions, home.index, model, encoder=home.encoder, settings=settings)
            with stages.stage("store", decided.num_rows):
                decided = _free(home, decided)
                out.write_table(decided)
            for entry in decided["decision"].value_counts().to_pylist():
                counted[entry["values"]] += entry["counts"]
        told = {**asdict(manifest), "mentions": sum(counted.values()), "decisions": counted}
        told["seconds"] = dict(stages.seconds)
        out.add_key_value_metadata({_MANIFEST.decode(): json.dumps(told, sort_keys=True)})
    return Shadow(**told)


def shadow_of(home: Home, name: str) -> Shadow:
    """Return what a shadow run was; raises NotFoundError."""
    path = _path(home, name)
    try:
        metadata = pq.read_metadata(path).metadata or {}
        return Shadow(**json.loads(metadata[_MANIFEST]))
    except FileNotFoundError as error:
        names = sorted(each.stem for each in path.parent.glob("*.parquet"))
        raise NotFoundError("shadow run", name, names, "`kg resolve --shadow NAME` makes one") from error
    except (OSError, KeyError, ValueError, TypeError, pa.ArrowException) as error:
        raise NotFoundError("shadow run", name, hint=f"{path.name} is not one: make it again") from error


def shadow_decisions(home: Home, name: str, doc_ids: list[str] | None = None) -> Iterator[pa.Table]:
    """Yield the DECISIONS of a shadow run in bounded batches, ordered as in the store; only of `doc_ids` when given."""
    shadow_of(home, name)
    only = None if doc_ids is None else pa.array(doc_ids, pa.string())
    with pq.ParquetFile(_path(home, name)) as file:
        for batch in file.iter_batches(batch_size=4_096):
            table = pa.Table.from_batches([batch]).cast(DECISIONS)
            yield table if only is None else table.filter(pc.is_in(table["doc_id"], value_set=only))


def _batches(home: Home, doc_ids: list[str]) -> Iterator[pa.Table]:
    size = home.config.resolve.batch_documents
    for start in range(0, len(doc_ids), size):
        home.progress("shadow", start, len(doc_ids))
        yield home.mentions.mentions(doc_ids[start : start + size])
    home.progress("shadow", len(doc_ids), len(doc_ids))


def _free(home: Home, decided: pa.Table) -> pa.Table:
    """Return what no person decided: a person's word stands whichever model answers."""
    doc_ids = sorted(set(decided["doc_id"].to_pylist()))
    kept = kept_by_person(home, doc_ids)
    return decided.filter(pa.array([each not in kept for each in decided["mention_id"].to_pylist()], pa.bool_()))


def _path(home: Home, name: str) -> Path:
    if not _NAME.match(name):
        problem = f"{name!r} is not a name; letters, digits, dot, hyphen and underscore, at most 64, a letter first"
        raise ConfigError("shadow", problem)
    return home.folder / "shadow" / f"{name}.parquet"


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """Yield a path beside, which takes the place of `path` when the block ends well."""
    path.parent.mkdir(exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
