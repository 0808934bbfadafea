"""`kg assign`: an unknown thing turns out to be an entity that the catalog has."""

from kg.entities import entity_id_of
from kg.home import Home
from kg.identify import Identified, identify, summary, unknown
from linkers.clustering.provisional import PREFIX
from linkers.clustering.record_evidence import SAME_AS
from schemas.errors import NotFoundError
from schemas.identity import content_id
from schemas.record import Record

SOURCE = "assigned"


def assign(home: Home, provisional_id: str, entity_id: str, *, dry_run: bool = False) -> Identified:
    """Give a provisional entity to an entity of the catalog, as a record of source "assigned" that is the same.

    entity_id: an entity id, a record id, source:record_id or an exact name. The full names of the provisional
    entity become aliases of the entity, its mentions link to it at once, and `undo` of the run takes all back. Raises
    NotFoundError when either does not exist, or the entity is provisional itself.
    """
    fingerprint = content_id("assign", provisional_id, entity_id)
    what = unknown(home, provisional_id, fingerprint)
    target = entity_id_of(home, entity_id)
    if home.index.row_of([target])[0] < 0:
        raise NotFoundError("catalog entity", entity_id, hint="it is provisional; `kg promote` makes it one")
    record = Record(
        source=SOURCE,
        record_id=what.id.removeprefix(PREFIX),
        name=what.name,
        aliases=what.aliases,
        properties={SAME_AS: target},
    )
    if dry_run:
        return summary(what, target, record, run_id="")
    with home.writing():
        run_id = identify(home, "assign", fingerprint, what, record, target)
    return summary(what, target, record, run_id=run_id)
