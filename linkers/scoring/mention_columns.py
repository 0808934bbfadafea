"""A batch of mentions as the columns that features are computed from."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from linkers.columns import Columns
from linkers.scoring.names import has_capital
from linkers.scoring.type_evidence import TypeNumbers


def mention_columns(batch: pa.Table, surfaces: Sequence[str], types: TypeNumbers) -> Columns:
    """Return the columns of MENTIONS, the rows of a document together.

    doc (number of the document, rising), query (row of surfaces), start, type and cue (numbers), surface, sentence and
    context (texts), cased (the sentence has a capital letter). surfaces: the distinct ones, sorted.
    """
    number = {surface: row for row, surface in enumerate(surfaces)}
    texts = {name: batch[name].to_pylist() for name in ("doc_id", "surface", "sentence", "context")}
    documents = np.array(texts.pop("doc_id"), dtype=object)
    change = documents[1:] != documents[:-1]
    cased = {sentence: has_capital(sentence) for sentence in set(texts["sentence"])}
    return Columns(
        {
            "doc": np.concatenate([np.zeros(min(len(documents), 1), np.int64), np.cumsum(change)]),
            "query": np.array([number[surface] for surface in texts["surface"]], dtype=np.int64),
            "start": batch["start"].to_numpy().astype(np.int64),
            "type": types.of(batch["type"].to_pylist()),
            "cue": types.of(batch["cue"].to_pylist()),
            "cased": np.array([cased[sentence] for sentence in texts["sentence"]], dtype=bool),
            **{name: np.array(values, dtype=object) for name, values in texts.items()},
        }
    )
