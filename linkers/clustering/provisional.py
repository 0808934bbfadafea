"""Which unknown thing a NIL mention names: ids that are the same for the same name in every document and run."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from linkers.clustering.held_names import held_names
from linkers.grouping import Groups, Ints, joined, paired
from linkers.normalization import normalize
from schemas.identity import content_id
from schemas.ontology import Ontology

PREFIX = "nil/"
_LOW = (1 << 32) - 1


def provisional_id(key: str) -> str:
    """Return the id of the unknown thing that is called `key`, the normalised full form of its name."""
    return PREFIX + content_id("provisional", key)


@dataclass(frozen=True)
class NilMentions:
    """NIL mentions of whole documents, in any order.

    doc: number of the document. start: where the mention begins. key: number of its name among `keys`, which are
    sorted. family: bit of the family of its type, 0 for none.
    """

    doc: Ints
    start: Ints
    key: Ints
    family: Ints
    keys: list[str]

    @classmethod
    def of(cls, mentions: pa.Table, ontology: Ontology) -> "NilMentions":
        """Read doc_id, start, surface and type of mentions."""
        names = [normalize(surface) or surface for surface in mentions["surface"].to_pylist()]
        keys = sorted(set(names))
        documents, families = mentions["doc_id"].to_pylist(), ontology.families()
        kinds = [families.get(name, "") for name in mentions["type"].to_pylist()]
        bits = {"": 0} | {family: 1 << bit for bit, family in enumerate(sorted(set(families.values()) - {""}))}
        return cls(
            _numbers(documents, dict.fromkeys(documents)),
            mentions["start"].to_numpy().astype(np.int64),
            _numbers(names, keys),
            np.array([bits[kind] for kind in kinds], dtype=np.int64),
            keys,
        )


def _numbers(values: Sequence[str], known: Sequence[str] | dict[str, None]) -> Ints:
    number = {value: place for place, value in enumerate(known)}
    return np.array([number[value] for value in values], dtype=np.int64)


def provisional_ids(mentions: NilMentions) -> list[str]:
    """Return the provisional id that each NIL mention has by its document alone.

    Equal full names have equal ids; what other documents say is the business of `unknown_things`.
    """
    names = full_names(mentions)
    ids = {name: provisional_id(name) for name in dict.fromkeys(names)}
    return [ids[name] for name in names]


def full_names(mentions: NilMentions) -> list[str]:
    """Return the key of the full name of each NIL mention within its document.

    Within a document a short form takes the full form that holds all its words in a row ("Marlowe" after
    "June Marlowe") or has its first names as initials ("M. Quill"), unless their types contradict each other; of
    several the one last named before it, else the first after.
    """
    full = mentions.key.copy()
    short, long = _pairs(mentions) if len(mentions.keys) > 1 else (full[:0], full[:0])
    if len(short):
        own = paired(mentions.doc, mentions.key)
        pair, named = joined(long, own)
        # where each full form is named, by short form and place in the text
        order = np.lexsort((mentions.key[named], mentions.start[named], short[pair]))
        surface, at = short[pair][order], mentions.start[named][order]
        form, number = mentions.key[named][order], Groups.of(surface)
        which = np.searchsorted(surface[number.starts], own)
        which[which == len(number.starts)] = 0
        rows = np.flatnonzero(surface[number.starts][which] == own)
        place = np.searchsorted(paired(number.numbers, at), paired(which[rows], mentions.start[rows]), "right") - 1
        before = (place >= 0) & (surface[place] == own[rows])
        full[rows] = form[np.where(before, place, place + 1)]
    return [mentions.keys[number] for number in full.tolist()]


def _pairs(mentions: NilMentions) -> tuple[Ints, Ints]:
    """Return names of documents, as `paired` document and key, and the longest names there that hold them."""
    names, place = np.unique(paired(mentions.doc, mentions.key), return_inverse=True)
    family = np.zeros(len(names), dtype=np.int64)
    np.bitwise_or.at(family, place, mentions.family)
    held = held_names(list(zip((names >> 32).tolist(), (names & _LOW).tolist(), strict=True)), mentions.keys)
    short, long = np.array(held, dtype=np.int64).reshape(-1, 2).T
    agree = (family[short] == 0) | (family[long] == 0) | ((family[short] & family[long]) != 0)
    short, long = short[agree], long[agree]
    # a full form that is itself the short form of a longer one leads to the longer one
    longest = ~np.isin(long, short)
    return names[short[longest]], names[long[longest]]
