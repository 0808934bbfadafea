"""Other ways to find records that are one thing: Splink with a usual set-up, and a naive twin."""

import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
from rapidfuzz import fuzz

NAIVE_BLOCK = 200
NAIVE_BAR = 85.0
SPLINK_BAR = 0.9


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


def splink(frame: pl.DataFrame, apart: str | None, blocks: list[tuple[str, ...]]) -> dict[str, str]:
    """Return the entity of each record by Splink: Jaro-Winkler on every text column, EM, clusters from .9 on.

    blocks: columns that two records must share all of; one such group is enough to be compared.
    """
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    texts = [column for column in frame.columns if column not in ("record_id", apart)]
    rules = [block_on(*columns) for columns in blocks]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        blocking_rules_to_generate_predictions=rules,
        comparisons=[cl.JaroWinklerAtThresholds(column, [0.95, 0.88, 0.7]) for column in texts],
    )
    database = DuckDBAPI()
    linker = Linker(database.register(frame.to_arrow()), settings)
    linker.training.estimate_probability_two_random_records_match(rules[:1], recall=0.4)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in rules[:2]:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_probability=SPLINK_BAR)
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, SPLINK_BAR)
    rows = found.as_duckdbpyrelation().select("record_id", "cluster_id").pl().cast(pl.String)
    return dict(zip(rows["record_id"], rows["cluster_id"], strict=True))


def timed(work: Callable[..., dict[str, str]], *arguments: Any) -> tuple[dict[str, str], float]:  # noqa: ANN401
    """Return what work gives, and its seconds."""
    began = time.perf_counter()
    found = work(*arguments)
    return found, time.perf_counter() - began


def read(files: list[Path]) -> pl.DataFrame:
    """Return the rows of CSV files, every column as text."""
    return pl.concat([pl.read_csv(file, infer_schema=False) for file in files], how="diagonal")
