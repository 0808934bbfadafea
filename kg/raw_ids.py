"""Which canonical entity a raw id means."""

from collections.abc import Mapping

from kg.home import Home
from kg.record_clusters import led_on
from schemas.resolution import Resolution


def entity_by_raw_id(resolutions: Mapping[str, Resolution]) -> dict[str, str]:
    """Return the canonical id of every raw record id, and of every record key."""
    by_id: dict[str, str] = {}
    for key, resolution in sorted(resolutions.items()):
        by_id.setdefault(key.partition(":")[2], resolution.entity_id)
        by_id[key] = resolution.entity_id
    return by_id


def entity_by_any_id(home: Home) -> dict[str, str]:
    """Return the canonical id of every id that means an entity: of records, and ids that entities had before."""
    resolutions = home.mentions.resolutions()
    former = {old: resolutions[key].entity_id for old, key in led_on(home).items() if key in resolutions}
    live = {row.entity_id: row.entity_id for row in resolutions.values()}
    return former | entity_by_raw_id(resolutions) | live
