"""`kg dedupe`: records in files, no home: which of them are the same thing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
import pyarrow as pa

from kg.progress import Progress, silent
from kg.toml_file import read_toml
from linkers.records import Plan, Resolution, profile, resolve_table
from linkers.records.workforce import THREADS, Workforce
from loaders.readers.table import read_table
from schemas.errors import ConfigError, FormatError, InputError, NotFoundError

COLUMNS = ("source", "record_id", "entity_id", "probability")
"""Columns of the clusters, in order."""
PAIR_COLUMNS = ("left_source", "left_id", "right_source", "right_id", "probability", "evidence")
"""Columns of the pairs, in order."""
_IDS = ("record_id", "id")
_PART = "\x1f"
_FORMATS = (".csv", ".jsonl", ".parquet")


@dataclass(frozen=True, slots=True)
class DedupeOptions:
    """How files are deduplicated.

    source_column:  names the source of each record; without it every file is a source, named by the file.
    id_column:      names each record; without it `record_id` or `id`, else the number of the row, from 1.
    one_per_source: no source holds a thing twice; without it the sources are looked at.
    plan:           a file that says how columns are compared, as `explain_plan` wrote it and a person edited it.
    """

    source_column: str | None = None
    id_column: str | None = None
    one_per_source: bool = False
    plan: Path | None = None


@dataclass(frozen=True, slots=True)
class Deduped:
    """What was found.

    clusters:   source, record_id, entity_id, probability, one row a record, ordered by the first two. entity_id: the
                record_id of the cluster's first record, behind its source and ":" where ids are not distinct over all.
    resolution: the engine's own answer, with pairs, plan and report.
    notices:    what the user should know, one sentence each.
    """

    clusters: pa.Table
    resolution: Resolution
    notices: tuple[str, ...]


def dedupe(
    files: Sequence[Path | str],
    options: DedupeOptions | None = None,
    *,
    progress: Progress = silent,
    by: Workforce = THREADS,
) -> Deduped:
    """Return which records of files are the same thing: one file with duplicates, or several sources that overlap.

    by: who searches and compares; the result is the same. Raises RecordError or FormatError (with the line) for files
    that cannot be read, NotFoundError, ConfigError for a plan.
    """
    options = options or DedupeOptions()
    table, notices = _read(files, options)
    plan = _plan(table, options, by)
    found = resolve_table(table, plan=plan, progress=progress, by=by)
    return Deduped(_clusters(found.clusters), found, notices)


def explain_plan(files: Sequence[Path | str], options: DedupeOptions | None = None, *, by: Workforce = THREADS) -> Plan:
    """Return how `dedupe` would compare the records of files, and why. by: who searches."""
    options = options or DedupeOptions()
    table, _ = _read(files, options)
    return _plan(table, options, by) or profile(table, by=by)


def write_clusters(clusters: pa.Table, path: Path) -> None:
    """Write clusters as CSV, JSONL or Parquet, by suffix; the file is whole or not there. Raises ConfigError."""
    _write(pl.DataFrame(pl.from_arrow(clusters)), path, "output")


def write_pairs(found: Resolution, path: Path) -> None:
    """Write the compared pairs that say something (`Resolution.pairs`) with PAIR_COLUMNS, as `write_clusters` does."""
    frame = pl.DataFrame(pl.from_arrow(found.pairs.select(["left_id", "right_id", "probability", "evidence"])))
    ends = [pl.col(f"{side}_id").str.split_exact(_PART, 1).alias(side) for side in ("left", "right")]
    parts = frame.with_columns(ends)
    named = [
        pl.col(side).struct.field(f"field_{place}").alias(f"{side}_{what}")
        for side in ("left", "right")
        for place, what in enumerate(("source", "id"))
    ]
    _write(parts.select(*named, "probability", "evidence"), path, "pairs")


def _write(frame: pl.DataFrame, path: Path, option: str) -> None:
    suffix = path.suffix.lower()
    if suffix not in _FORMATS:
        raise ConfigError(option, f"{str(path)!r} ends in {suffix!r}; valid: {', '.join(_FORMATS)}")
    part = path.with_name(path.name + ".part")
    try:
        if suffix == ".csv":
            frame.write_csv(part)
        elif suffix == ".jsonl":
            frame.write_ndjson(part)
        else:
            frame.write_parquet(part)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ConfigError(option, f"{str(path)!r} cannot be written: {error.strerror or error}") from error


def _plan(table: pa.Table, options: DedupeOptions, by: Workforce) -> Plan | None:
    if options.plan is None:
        return profile(table, one_per_source=True, by=by) if options.one_per_source else None
    try:
        plan = Plan.from_tables(read_toml(options.plan), place=str(options.plan))
    except NotFoundError:
        raise NotFoundError("plan", str(options.plan)) from None
    if not options.one_per_source:
        return plan
    sources = tuple(replace(source, duplicate_free=True, why="declared") for source in plan.sources)
    return replace(plan, sources=sources, procedure="one-per-source")


def _read(files: Sequence[Path | str], options: DedupeOptions) -> tuple[pa.Table, tuple[str, ...]]:
    """Return record_id (source and id, distinct), source and the columns that are compared, and notices."""
    paths = [Path(file) for file in files]
    stems = [path.stem for path in paths]
    names = stems if len(set(stems)) == len(stems) else [str(path) for path in paths]
    parts, notices = [], []
    for path, name in zip(paths, names, strict=True):
        frame = pl.DataFrame(pl.from_arrow(read_table(path)))
        if not frame.height:
            raise FormatError(path, "holds no rows; nothing can be resolved")
        part, numbered = _identified(path, frame, name, options)
        parts.append(part)
        if numbered:
            notices.append(f"{path} has no column record_id or id: records are named by their row, from 1")
    whole = pl.concat(parts, how="diagonal")
    if len(whole.columns) == 2:
        raise FormatError(
            paths[0], "has no column to compare; columns are record_id, source and what is said of a record"
        )
    return whole.to_arrow(), tuple(notices)


def _identified(path: Path, frame: pl.DataFrame, name: str, options: DedupeOptions) -> tuple[pl.DataFrame, bool]:
    for column in (options.source_column, options.id_column):
        if column is not None and column not in frame.columns:
            raise FormatError(path, f"has no column {column!r}; columns: {', '.join(frame.columns[:50])}")
    id_column = options.id_column or next((column for column in _IDS if column in frame.columns), None)
    row = pl.int_range(1, frame.height + 1)
    own_id = pl.col(id_column).str.strip_chars() if id_column else row.cast(pl.String)
    source = pl.col(options.source_column).str.strip_chars().fill_null("") if options.source_column else pl.lit(name)
    dropped = [column for column in (options.source_column, id_column) if column]
    keyed = frame.select(own_id.alias("own"), source.alias("from"), row.alias("row"))
    _check_ids(path, keyed, id_column or "")
    rest = frame.drop(*dropped)
    clash: dict[str, str] = {
        column: f"{column} (column)" for column in ("record_id", "source") if column in rest.columns
    }
    key = keyed.select((pl.col("from") + _PART + pl.col("own")).alias("record_id"), pl.col("from").alias("source"))
    return pl.concat([key, rest.rename(clash)], how="horizontal"), id_column is None


def _check_ids(path: Path, keyed: pl.DataFrame, column: str) -> None:
    empty = keyed.filter(pl.col("own").is_null() | (pl.col("own") == ""))
    if empty.height:
        raise InputError(path, f"{column} is missing in row {empty['row'][0]}; every record needs an id")
    twice = keyed.filter(pl.struct("from", "own").is_duplicated())
    if twice.height:
        value, first = twice["own"][0], twice["row"][0]
        second = twice.filter(pl.col("own") == value)["row"][1]
        problem = f"{column} {value!r} of row {second} stands in row {first} already"
        raise InputError(path, f"{problem}; name another column by --id-column, or the sources by --source-column")


def _clusters(found: pa.Table) -> pa.Table:
    """Return the clusters with canonical ids: that of the first record by (source, record_id)."""
    frame = pl.DataFrame(pl.from_arrow(found)).with_columns(
        pl.col("record_id").str.split(_PART).list.last().alias("own")
    )
    distinct = frame["own"].n_unique() == frame.height
    called = pl.col("own") if distinct else pl.col("source") + ":" + pl.col("own")
    entity = called.sort_by("source", "own").first().over("cluster")
    named = frame.select("source", pl.col("own").alias("record_id"), entity.alias("entity_id"), "probability")
    return named.sort("source", "record_id").select(COLUMNS).to_arrow()
