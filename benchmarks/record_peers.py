"""Other ways to find records that are one thing: Splink with a usual set-up, and a naive twin."""

import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import polars as pl
from rapidfuzz import fuzz

NAIVE_BLOCK = 200
NAIVE_BAR = 85.0
SPLINK_BARS = (0.9, 0.99, 0.999, 0.9999)
"""Probabilities from which pairs are chained."""


def naive(frame: pl.DataFrame, apart: str | None) -> dict[str, str]:
    """Return the entity of each record: records sharing a rare word are one from a token_sort_ratio of 85 on, chained."""
    columns = [column for column in frame.columns if column not in ("record_id", apart)]
    ids = frame["record_id"].to_list()
    texts = [" ".join(filter(None, row)).lower() for row in frame.select(columns).iter_rows()]
    blocks: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        for word in set(text.split()):
            blocks[word].append(place)
    parent = list(range(len(ids)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for word in sorted(blocks):
        members = blocks[word]
        if len(members) > NAIVE_BLOCK:
            continue
        for at, one in enumerate(members):
            for other in members[at + 1 :]:
                if root(one) != root(other) and fuzz.token_sort_ratio(texts[one], texts[other]) >= NAIVE_BAR:
                    parent[max(root(one), root(other))] = min(root(one), root(other))
    return {record: ids[root(place)] for place, record in enumerate(ids)}


def splink(
    frame: pl.DataFrame, apart: str | None, blocks: list[tuple[str, ...]], columns: list[str]
) -> dict[str, dict[str, str]]:
    """Return the entity of each record by Splink at each bar: Jaro-Winkler on columns, EM, chained clusters.

    blocks: columns or SQL expressions that two records must share all of; one such group is enough to be compared.
    apart: a column of sources; of several only records of two are compared. columns: those compared, empty for all.
    """
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    texts = columns or [column for column in frame.columns if column not in ("record_id", apart)]
    parts = frame.partition_by(apart) if apart else [frame]
    rules: list[Any] = [block_on(*columns) for columns in blocks]
    settings = SettingsCreator(
        link_type="link_only" if len(parts) > 1 else "dedupe_only",
        unique_id_column_name="record_id",
        blocking_rules_to_generate_predictions=rules,
        comparisons=[cl.JaroWinklerAtThresholds(column, [0.95, 0.88, 0.7]) for column in texts],
    )
    database = DuckDBAPI()
    tables = [database.register(part.select("record_id", *texts).to_arrow()) for part in parts]
    linker = Linker(tables if len(tables) > 1 else tables[0], settings)
    linker.training.estimate_probability_two_random_records_match(rules[:1], recall=0.4)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in rules[:2]:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_probability=SPLINK_BARS[0])
    found = {}
    for bar in SPLINK_BARS:
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, bar)
        rows = clusters.as_duckdbpyrelation().select("record_id", "cluster_id").pl().cast(pl.String)
        found[str(bar)] = dict(zip(rows["record_id"], rows["cluster_id"], strict=True))
    return found


def read(files: list[Path]) -> pl.DataFrame:
    """Return the rows of CSV files, every column as text; of several files a column says which."""
    frames = [pl.read_csv(file, infer_schema=False) for file in files]
    if len(frames) > 1:
        frames = [
            frame.with_columns(pl.lit(file.stem).alias("source")) for frame, file in zip(frames, files, strict=True)
        ]
    return pl.concat(frames, how="diagonal")


def main() -> None:
    name, asked = sys.argv[1], json.loads(sys.argv[2])
    frame = read([Path(file) for file in asked["files"]])
    apart = asked["apart"] or ("source" if len(asked["files"]) > 1 else None)
    began = time.perf_counter()
    blocks = [tuple(columns) for columns in asked.get("blocks", ())]
    found = splink(frame, apart, blocks, asked["columns"]) if name == "splink" else {"twin": naive(frame, apart)}
    seconds = time.perf_counter() - began
    rows = frame.select("record_id", *(pl.col("record_id").replace_strict(by).alias(bar) for bar, by in found.items()))
    rows.write_csv(asked["out"])
    sys.stdout.write(json.dumps({"seconds": seconds}) + "\n")


if __name__ == "__main__":
    main()
