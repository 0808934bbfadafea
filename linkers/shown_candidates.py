"""The best candidates of each mention, as a decision keeps them."""

import numpy as np
import pyarrow as pa

from linkers.blocking import channel_names
from linkers.index import CatalogIndex
from linkers.ranking import Ranked
from linkers.scoring.gathering import Gathered
from schemas.batches import CANDIDATE


def shown_candidates(part: Gathered, order: Ranked, index: CatalogIndex, limit: int) -> pa.ListArray:
    """Return for each mention of a part its best candidates, at most `limit`, best first."""
    kept = np.flatnonzero(order.mentions.places < limit)
    rows = order.rows[kept]
    features = part.features[rows]
    sizes = np.full(len(rows), features.shape[1])
    masks = part.pairs["channels"][rows].tolist()
    names = {mask: channel_names(mask) for mask in set(masks)}
    columns = {
        "entity_id": index.entity_ids.take(pa.array(part.pairs["entity"][rows])),
        "alias": index.alias_texts.take(pa.array(part.pairs["alias"][rows])),
        "channels": pa.array([names[mask] for mask in masks], pa.list_(pa.string())),
        "features": pa.ListArray.from_arrays(_offsets(sizes), pa.array(features.ravel())),
        "score": pa.array(order.score[kept]),
        "probability": pa.array(order.probability[kept]),
    }
    structs = pa.StructArray.from_arrays([columns[field.name] for field in CANDIDATE], fields=list(CANDIDATE))
    counts = np.zeros(part.mentions.num_rows, dtype=np.int64)
    counts[part.pairs["row"][order.rows[order.best]]] = np.minimum(order.mentions.sizes, limit)
    return pa.ListArray.from_arrays(_offsets(counts), structs)


def _offsets(sizes: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.Array:
    return pa.array(np.concatenate([[0], np.cumsum(sizes)]), pa.int32())
