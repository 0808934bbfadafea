"""What a user may choose about linking."""

from dataclasses import astuple, dataclass, field

from linkers.blocking import BlockingSettings
from schemas.errors import ConfigError
from schemas.identity import content_id
from schemas.ontology import AUDIO_ONTOLOGY, Ontology

RULES = "1"
"""Version of blocking, features and deciding: raised whenever equal input would give other decisions."""


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """Settings of `link`.

    precision: share of links that shall be right, in (0, 1); None takes the model's own threshold.
    ontology:  families of types, which tell whether a suggested type fits.
    blocking:  budgets of the candidate channels.
    shown:     most candidates kept in a decision.
    """

    precision: float | None = None
    ontology: Ontology = AUDIO_ONTOLOGY
    blocking: BlockingSettings = field(default_factory=BlockingSettings)
    shown: int = 5

    def __post_init__(self) -> None:
        if self.precision is not None and not 0.0 < self.precision < 1.0:
            raise ConfigError("resolve.precision", f"{self.precision!r} is not between 0 and 1")
        if self.shown < 1:
            raise ConfigError("link.shown", f"{self.shown!r} is not at least 1")

    @property
    def version(self) -> str:
        """Content id of everything here that changes decisions."""
        families = [f"{name}={family}" for name, family in sorted(self.ontology.families().items())]
        budgets = [str(value) for value in astuple(self.blocking)]
        return content_id("link", RULES, str(self.precision), str(self.shown), *budgets, *families)
