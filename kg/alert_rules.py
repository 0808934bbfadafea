"""How far two runs may differ before somebody should look."""

import math
from dataclasses import dataclass, fields

from schemas.errors import ConfigError


@dataclass(frozen=True, slots=True)
class AlertRules:
    """The most that is allowed, each a rule of this name; `inf` switches a rule off.

    fewest_mentions:  a run that decided fewer is judged by its recall probes only, for its shares are chance.
    link_share, review_share, nil_share: change of the share of mentions decided so.
    probability_psi, score_psi: population stability index of the likeliest answer's probability, and of the best
                      candidate's score; 0.1 is a little, 0.25 much.
    winning_channel_share: largest change of a blocking channel's share of the candidates that links assert.
    recall_fall:      fall of the share of recall probes whose entity is among the first ten candidates.
    unknown_surfaces: rise of the share of mentions whose surface is no name in the catalog.
    new_surfaces:     share of the later run's distinct surfaces that the earlier run did not meet.
    """

    fewest_mentions: int = 100
    link_share: float = 0.1
    review_share: float = 0.1
    nil_share: float = 0.1
    probability_psi: float = 0.25
    score_psi: float = 0.25
    winning_channel_share: float = 0.15
    recall_fall: float = 0.05
    unknown_surfaces: float = 0.15
    new_surfaces: float = 0.95

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if math.isnan(value) or value < 0:
                raise ConfigError(f"alerts.{field.name}", f"{value!r} is not at least 0")
