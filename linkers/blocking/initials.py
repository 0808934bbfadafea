"""Channel initials: the surface is a name's initials, or a name is the surface's."""

from collections.abc import Sequence

import numpy as np

from linkers.blocking.settings import BlockingReport, BlockingSettings
from linkers.index import CatalogIndex, Hits
from linkers.index.sounds import initials

LONGEST = 6


def initials_hits(keys: Sequence[str], index: CatalogIndex, settings: BlockingSettings, report: BlockingReport) -> Hits:
    """Return alias rows whose initials a key is ("bbc"), and rows that are the initials of a key."""
    short = [key.replace(" ", "") if 2 <= len(key.replace(" ", "")) <= LONGEST else "" for key in keys]
    found = index.initials(short)
    longer = found.first(settings.initials)
    report.cut["initials"] += len(found.target) - len(longer.target)
    shorter = index.exact([initials(key) if len(key.split()) > 2 else "" for key in keys])
    return Hits(
        np.concatenate([longer.query, shorter.query]),
        np.concatenate([longer.target, shorter.target]),
        np.concatenate([longer.score, shorter.score]),
    )
