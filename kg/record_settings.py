"""How a home resolves its records, from its configuration."""

from kg.home import Home
from linkers.clustering.records import RecordSettings


def record_settings(home: Home) -> RecordSettings:
    """Return the settings of record resolution."""
    resolve = home.config.resolve
    return RecordSettings(resolve.identifiers, resolve.source_priority, home.config.ontology)
