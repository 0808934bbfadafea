"""Channel ngram: the surface is written nearly like a name."""

from collections.abc import Sequence

from linkers.blocking.settings import BlockingReport, BlockingSettings
from linkers.index import CatalogIndex, Hits


def ngram_hits(keys: Sequence[str], index: CatalogIndex, settings: BlockingSettings, report: BlockingReport) -> Hits:
    """Return the alias rows written most alike; score: cosine of 3-grams. Postings left unread are counted."""
    hits, unread = index.spelled_alike(keys, settings.ngram)
    report.cut["ngram"] += unread
    return hits
