"""Channel phonetic: the surface sounds like a name, as a speech recogniser may have heard it."""

from collections.abc import Sequence

from linkers.blocking.settings import BlockingReport, BlockingSettings
from linkers.index import CatalogIndex, Hits
from linkers.index.sounds import sound_codes


def phonetic_hits(keys: Sequence[str], index: CatalogIndex, settings: BlockingSettings, report: BlockingReport) -> Hits:
    """Return alias rows with the sound code of a key; a code that too many names share is cut and counted."""
    codes = sound_codes(keys)
    hits = index.phonetic(codes)
    kept = index.phonetic(codes, settings.phonetic)
    report.cut["phonetic"] += len(hits.target) - len(kept.target)
    return kept
