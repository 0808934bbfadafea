"""Where each channel of blocking has an entity, and which budget leaves it out."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np
import polars as pl

from linkers.blocking import CHANNELS, BlockingSettings, block, channel_names
from linkers.encoding import Encoder
from linkers.evaluation.candidates import vectors_of
from linkers.index import CatalogIndex

UNION = ("homonyms", "total")
"""Budgets of the union of the channels; the others belong to one channel."""

_NOT_FOUND = {
    "exact": "none of its names is equal to the surface",
    "ngram": "none of its names shares a run of characters with the surface",
    "phonetic": "none of its names sounds the same",
    "token": "none of its names holds one of the surface's rarest words",
    "initials": "neither is made of the other's initials",
    "form": "none of its names is the surface in the other grammatical number",
    "people": "the surface is not the people, the adjective or the short name of a place of its name",
}
_BY_SENTENCE = "it is sought by the mention's sentence, not by its surface"
_NO_VECTORS = "there are no vectors to compare"
_NOT_SOUGHT = "a surface that is exactly a name of several words is not sought by its vector"


@dataclass(frozen=True, slots=True)
class Cut:
    """A budget that left an entity out. value: what it is; needed: the least that would have kept it."""

    budget: str
    value: int
    needed: int


@dataclass(frozen=True, slots=True)
class ChannelPlace:
    """What one channel makes of an entity.

    found: whether the channel finds it when no budget limits it. reason: why not, "" when it does.
    place: the least budget of its own at which the channel gives it, its rank there; None for a channel without a
           budget of its own. cuts: the budgets that leave out what this channel finds; none when the entity is a
           candidate by it.
    """

    channel: str
    found: bool
    place: int | None
    cuts: tuple[Cut, ...] = ()
    reason: str = ""


def channel_places(
    surface: str, entity: int, index: CatalogIndex, *, settings: BlockingSettings, encoder: Encoder | None
) -> list[ChannelPlace]:
    """Return what each channel makes of an entity for a surface form, in the order of CHANNELS.

    entity: row in the index. settings: the budgets in question. Blocking is asked again and again with other budgets,
    so this is for one mention, not for many.
    """
    vectors = vectors_of([surface], index, encoder)

    def gives(channel: str, budgets: BlockingSettings) -> bool:
        table = block([surface], index, settings=budgets, vectors=vectors).table
        masks = table.filter(pl.col("entity") == entity)["channels"].to_list()
        return any(channel in channel_names(mask) for mask in masks)

    unsought = _NO_VECTORS if vectors is None else "" if np.any(vectors) else _NOT_SOUGHT
    most = max(index.aliases.num_rows, index.size, *_budgets(settings).values())
    places = []
    for channel in CHANNELS:
        if channel == "vector" and unsought:
            places.append(ChannelPlace(channel, False, None, reason=unsought))
        elif channel == "context":
            places.append(ChannelPlace(channel, False, None, reason=_BY_SENTENCE))
        else:
            places.append(_place(channel, settings, most, gives))
    return places


Gives = Callable[[str, BlockingSettings], bool]


def _place(channel: str, settings: BlockingSettings, most: int, gives: Gives) -> ChannelPlace:
    budgets = _budgets(settings)
    # the other channels are kept short: what they find does not matter here, and costs time
    wide = replace(settings, **{name: 1 if name in CHANNELS and name != channel else most for name in budgets})
    if not gives(channel, wide):
        return ChannelPlace(channel, False, None, reason=_NOT_FOUND.get(channel, ""))
    own = [name for name in budgets if name not in UNION and (name == channel or name not in CHANNELS)]
    cuts = [
        Cut(name, budgets[name], _least(channel, wide, name, most, gives))
        for name in own
        if not gives(channel, replace(wide, **{name: budgets[name]}))
    ]
    union = [name for name in UNION if name in budgets]
    raised = replace(settings, **{cut.budget: cut.needed for cut in cuts}, **dict.fromkeys(union, most))
    cuts += [
        Cut(name, budgets[name], _least(channel, raised, name, most, gives))
        for name in union
        if not gives(channel, replace(raised, **{name: budgets[name]}))
    ]
    place = _least(channel, wide, channel, most, gives) if channel in budgets else None
    return ChannelPlace(channel, True, place, tuple(cuts))


def _budgets(settings: BlockingSettings) -> dict[str, int]:
    values = {each.name: getattr(settings, each.name) for each in fields(settings)}
    return {name: value for name, value in values.items() if isinstance(value, int)}


def _least(channel: str, budgets: BlockingSettings, name: str, most: int, gives: Gives) -> int:
    """Return the least value of a budget at which a channel gives the entity; `most` does."""
    low, high = 0, 1
    while high < most and not gives(channel, replace(budgets, **{name: high})):
        low, high = high, min(2 * high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if gives(channel, replace(budgets, **{name: middle})) else (middle, high)
    return high
