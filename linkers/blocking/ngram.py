"""Channel ngram: the surface is written nearly like a name."""

from collections.abc import Sequence

from linkers.blocking.settings import BlockingSettings
from linkers.index import CatalogIndex, Hits


def ngram_hits(keys: Sequence[str], index: CatalogIndex, settings: BlockingSettings) -> Hits:
    """Return the alias rows of highest cosine of character 3-grams."""
    return index.ngram_search(keys, settings.ngram)
