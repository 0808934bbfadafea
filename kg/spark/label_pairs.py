"""Which names are writings of one, by Spark: in blocks, of which the large ones are cut and counted."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from kg.spark.cluster import Batches, Cluster
from linkers.clustering.name_blocks import LARGEST_BLOCK, REACH, block_pairs, blocking_keys
from linkers.clustering.same_name import bare
from linkers.clustering.unknown_things import Alike, alike_names, name_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

PIECE = 20 * REACH
"""So many names of a large block are compared by one task, each with the next in order, some of the next piece too."""

_PAIRS = pa.schema([("sure", pa.float64()), ("smaller", pa.string()), ("larger", pa.string())])


@dataclass(frozen=True)
class AlikeLabels:
    """What the blocks gave.

    alike: the pairs that are writings of one name. split: how many blocks were larger than is compared all with all.
    largest: names of the largest block.
    """

    alike: list[Alike]
    split: int
    largest: int


def alike_labels(cluster: Cluster, labels: Collection[str]) -> AlikeLabels:
    """Compare labels as `alike_names` does the pairs of `block_pairs` of all blocks; nothing else is compared."""
    from pyspark.sql import functions

    ordered = cluster.spark.createDataFrame(pa.table({"label": pa.array(sorted(labels), pa.string())}))
    keys = ordered.repartition(2 * cluster.cores).mapInArrow(_keys, "block string, label string")
    sizes = keys.groupBy("block").agg(functions.count("label").alias("size")).filter("size > 1").cache()
    sized = keys.join(sizes, "block")
    small = sized.filter(functions.col("size") <= LARGEST_BLOCK)
    whole = small.groupBy("block").agg(functions.sort_array(functions.collect_list("label")).alias("own"))
    pieces = whole.select("own", functions.lit(-1).alias("first")).unionByName(
        _pieces(sized.filter(functions.col("size") > LARGEST_BLOCK))
    )
    pairs = pieces.mapInArrow(_compared, "sure double, smaller string, larger string").distinct()
    found = cluster.rows(pairs)
    large = sizes.agg(
        functions.max("size").alias("largest"), functions.count_if(functions.col("size") > LARGEST_BLOCK).alias("split")
    ).collect()[0]
    sizes.unpersist()
    return AlikeLabels(list(found.iter_rows()), int(large["split"]), int(large["largest"] or 0))


def _pieces(sized: "DataFrame") -> "DataFrame":
    """Cut large blocks: each piece holds its names in order, and behind them the first of the next piece.

    The order within a block is found by Spark's window, which spills and sees keys and names alone.
    """
    from pyspark.sql import Window, functions

    place = functions.row_number().over(Window.partitionBy("block").orderBy("label")) - 1
    placed = sized.withColumn("place", place).withColumn("piece", functions.expr(f"place div {PIECE}"))
    ahead = placed.filter(f"place % {PIECE} < {REACH} AND piece > 0").withColumn("piece", functions.col("piece") - 1)
    parts = placed.unionByName(ahead).groupBy("block", "piece")
    own = functions.sort_array(functions.collect_list("label")).alias("own")
    return parts.agg(own, functions.lit(PIECE).alias("first")).select("own", "first")


def _keys(batches: Batches) -> Batches:
    for batch in batches:
        labels = batch["label"].to_pylist()
        pairs = [(key, label) for label in labels for key in sorted(blocking_keys(bare(name_of(label))))]
        columns = [pa.array(column, pa.string()) for column in zip(*pairs, strict=True)] if pairs else []
        if columns:
            yield pa.RecordBatch.from_arrays(columns, ["block", "label"])


def _compared(batches: Batches) -> Batches:
    for batch in batches:
        blocks = zip(batch["own"].to_pylist(), batch["first"].to_pylist(), strict=True)
        alike = alike_names({pair for own, first in blocks for pair in _pairs(own, first)})
        columns = zip(*alike, strict=True) if alike else ((), (), ())
        arrays = [pa.array(column, field.type) for column, field in zip(columns, _PAIRS, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=_PAIRS)


def _pairs(own: list[str], first: int) -> Iterator[tuple[str, str]]:
    """Yield the pairs of a whole block (first -1), or of each of the first names of a piece with its next ones."""
    if first < 0:
        yield from block_pairs(own)
        return
    for place, label in enumerate(own[:first]):
        yield from ((label, other) for other in own[place + 1 : place + 1 + REACH])
