"""`kg promote`: an unknown thing becomes an entity of the catalog."""

from kg.home import Home
from kg.identify import Identified, identify, summary, unknown
from kg.raw_ids import entity_by_raw_id
from linkers.clustering.provisional import PREFIX
from schemas.errors import TakenError
from schemas.identity import content_id
from schemas.record import Record

SOURCE = "promoted"


def promote(
    home: Home,
    provisional_id: str,
    *,
    type: str | None = None,
    name: str | None = None,
    entity_id: str | None = None,
    dry_run: bool = False,
) -> Identified:
    """Make a provisional entity an entity of the catalog, as a record of source "promoted".

    type, name: None takes those that its mentions speak for. entity_id: None takes the digits of its provisional id.
    Its full names become aliases, its mentions link to it at once, and `undo` of the run takes all back.
    Raises NotFoundError, OntologyError for a type that cannot be one, TakenError for an id that is in use.
    """
    wanted_type = home.config.ontology.canonical_type(type) if type else None
    fingerprint = content_id("promote", provisional_id, wanted_type or "", name or "", entity_id or "")
    what = unknown(home, provisional_id, fingerprint)
    chosen = (name or "").strip() or what.name
    record = Record(
        source=SOURCE,
        record_id=(entity_id or "").strip() or what.id.removeprefix(PREFIX),
        name=chosen,
        type=what.type if wanted_type is None else wanted_type,
        aliases=tuple(sorted({what.name, *what.aliases} - {chosen})),
        properties={"provisional_id": what.id, "decided_by": "person"},
    )
    _check_free(home, record)
    if dry_run:
        return summary(what, record.record_id, record, run_id="")
    with home.writing():
        run_id = identify(home, "promote", fingerprint, what, record, record.record_id)
    return summary(what, record.record_id, record, run_id=run_id)


def _check_free(home: Home, record: Record) -> None:
    """Refuse an id that names something else; the record that a killed promote left is its own."""
    others = home.mentions.resolutions()
    others.pop(record.key, None)
    if record.record_id in entity_by_raw_id(others) or record.record_id.startswith(PREFIX):
        raise TakenError(record.record_id, "choose another by --id, or `kg assign` to it")
