"""`kg train --encoder`: the sentence-transformer fine-tuned on a home's own catalog."""

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from kg.home import Home
from kg.train import mention_batches, usable_gold
from linkers.encoder_training import MAX_MINUTES, EncoderTrainingSettings, TextPair, TrainableEncoder, held_out, recalls
from linkers.index.building import vector_text
from schemas.errors import InputError, TrainingError

MOST_PAIRS = 10_000
MOST_ASKED = 2_000
MOST_SEARCHED = 5_000
LEAST_ASKED = 20
LEAST_PAIRS = 100
T = TypeVar("T")
_COLUMNS = ["id", "name", "type", "aliases", "description"]


@dataclass(frozen=True, slots=True)
class EncoderTraining:
    """A sentence-transformer fine-tuned on a catalog, and what it gained on entities that it was not trained on.

    before, after: recall@1 and recall@10 by kind of pair ("alias_recall@1"): an alias, a name (of an entity without
                   alias) or a sentence of the gold leads to the entity's text, among `searched` texts.
    gained:        whether the mean of these is higher after than before.
    pairs, asked:  pairs trained on and measured by; no entity is in both. losses: of each step. stopped: whether the
                   time ended the training.
    """

    before: dict[str, float]
    after: dict[str, float]
    gained: bool
    pairs: int
    asked: int
    searched: int
    losses: tuple[float, ...]
    stopped: bool
    encoder: TrainableEncoder = field(repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Return all of it but the model as plain values."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "encoder"}

    def save(self, folder: Path, *, force: bool = False) -> None:
        """Write the model as a folder that the configuration can name.

        Raises TrainingError when nothing was gained, unless forced; InputError when the folder is there already.
        """
        if not self.gained and not force:
            told = ", ".join(f"{name} {value:.4f} -> {self.after[name]:.4f}" for name, value in self.before.items())
            raise TrainingError(f"not written: the encoder gained nothing ({told}); --force writes it all the same")
        check_free(folder)
        unfinished = folder.with_name(folder.name + ".unfinished")
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(unfinished, ignore_errors=True)
            self.encoder.save(unfinished)
            unfinished.replace(folder)
        except OSError as error:
            raise InputError(folder, f"cannot be written: {error.strerror}") from error
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


def check_free(folder: Path) -> None:
    """Raise InputError when something stands where a model shall be written."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(folder, "is there already; a model is written to a new folder")


def train_encoder(
    home: Home, gold: Path | None = None, *, seed: int = 0, max_minutes: float = MAX_MINUTES
) -> EncoderTraining:
    """Fine-tune the home's encoder on pairs of its catalog and, with a gold file, of sentences and their entities.

    A tenth of the entities, by a hash of their id, is kept for measuring. seed: of what is drawn; the same seed gives
    the same model on the same machine, unless max_minutes ends the training. Nothing is written but by
    `EncoderTraining.save`. Raises TrainingError when the catalog has too few pairs or the home has no encoder,
    IndexMissingError, ModelError, SpanError.
    """
    if home.config.models.encoder == "none":
        raise TrainingError('the home does without vectors: [models] encoder = "none"')
    rows = home.index.entities.select(_COLUMNS).to_pylist()
    texts = {str(row["id"]): vector_text(row) for row in rows}
    pairs = [*_of_catalog(rows, texts), *(_of_gold(home, gold, texts) if gold else ())]
    drawn = random.Random(seed)
    asked = _at_most(drawn, [pair for pair in pairs if held_out(pair.entity_id, seed)], MOST_ASKED)
    trained = _at_most(drawn, [pair for pair in pairs if not held_out(pair.entity_id, seed)], MOST_PAIRS)
    if len(asked) < LEAST_ASKED or len(trained) < LEAST_PAIRS:
        raise TrainingError(
            f"too few pairs of a name and what else is known of an entity: {len(trained)} to train on, {len(asked)} to "
            f"measure by; at least {LEAST_PAIRS} and {LEAST_ASKED} are needed, so aliases or descriptions of more "
            "entities"
        )
    own = {pair.text for pair in asked}
    others = _at_most(drawn, sorted(set(texts.values()) - own), max(MOST_SEARCHED - len(own), 0))
    searched = sorted([*own, *others])
    encoder = TrainableEncoder(home.config.models.encoder)
    before = recalls(encoder, asked, searched, home.progress)
    settings = EncoderTrainingSettings(seed=seed, max_minutes=max_minutes)
    result = encoder.train(trained, settings, home.progress)
    after = recalls(encoder, asked, searched, home.progress)
    return EncoderTraining(
        before=before,
        after=after,
        gained=sum(after.values()) > sum(before.values()),
        pairs=len(trained),
        asked=len(asked),
        searched=len(searched),
        losses=tuple(round(loss, 6) for loss in result.losses),
        stopped=result.stopped,
        encoder=encoder,
    )


def _at_most(drawn: random.Random, rows: list[T], most: int) -> list[T]:
    return rows if len(rows) <= most else drawn.sample(rows, most)


def _of_catalog(rows: list[dict[str, Any]], texts: dict[str, str]) -> Iterator[TextPair]:
    """Yield a pair for each alias of an entity; for one without, of its name when its description says more."""
    for row in rows:
        entity_id, name = str(row["id"]), str(row["name"])
        aliases = [alias for alias in row["aliases"] or () if alias != name]
        for alias in aliases:
            yield TextPair(entity_id, alias, texts[entity_id], "alias")
        if not aliases and row["description"]:
            yield TextPair(entity_id, name, texts[entity_id], "name")


def _of_gold(home: Home, gold: Path, texts: dict[str, str]) -> Iterator[TextPair]:
    usable, documents, _ = usable_gold(home, gold)
    if not usable:
        raise TrainingError("the gold has no mention in a document of this home")
    seen = set()
    for batch, _ in mention_batches(home, usable, documents):
        for row in batch.select(["doc_id", "start", "end", "sentence"]).to_pylist():
            entity_id = usable.get((row["doc_id"], row["start"], row["end"]))
            if entity_id is not None and (entity_id, row["sentence"]) not in seen:
                seen.add((entity_id, row["sentence"]))
                yield TextPair(entity_id, row["sentence"], texts[entity_id], "sentence")
