"""Fine-tunes the sentence-transformer on pairs of a catalog: what is said of an entity, and the entity's own text."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkers.encoding import Encoder, open_transformer
from schemas.identity import content_id

Progress = Callable[[str, int, int | None], None]
MAX_MINUTES = 10.0
_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class TextPair:
    """What is said of an entity, and the text that stands for the entity. kind: "alias" or "sentence"."""

    entity_id: str
    said: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class EncoderTrainingSettings:
    """How the encoder is trained.

    seed: of the order of pairs and of dropout. batch: pairs in a step, each the negatives of the others.
    passes: how often each pair is seen at most. most_steps: bound on steps. tokens: of a text, read in training.
    rate: highest learning rate, after a tenth of the steps; it falls to 0 in a line.
    max_minutes: training ends after this time, whatever is left; a run that it ends is not repeatable.
    """

    seed: int = 0
    batch: int = 32
    passes: int = 4
    most_steps: int = 400
    tokens: int = 48
    rate: float = 2e-5
    max_minutes: float = MAX_MINUTES


@dataclass(frozen=True, slots=True)
class Trained:
    """What training did. losses: (steps,) of each step. stopped: whether max_minutes ended it."""

    losses: tuple[float, ...]
    stopped: bool


class TrainableEncoder:
    """A sentence-transformer that can be trained, measured and saved. name_or_path: as `Encoder.load` takes it.

    Raises ModelError when there is no such model.
    """

    def __init__(self, name_or_path: str) -> None:
        self._model: Any = open_transformer(name_or_path)

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return unit vectors (n, d), float32, as the encoder that is saved now would."""
        return Encoder(lambda: self._model, "in training").encode(texts, progress)

    def train(
        self, pairs: Sequence[TextPair], settings: EncoderTrainingSettings, progress: Progress | None = None
    ) -> Trained:
        """Train on pairs; word embeddings stay, for a catalog has too few words to move them all alike.

        The loss is the library's MultipleNegativesRankingLoss: cross-entropy of the right text among those of the batch
        (M. Henderson et al., "Efficient Natural Language Response Suggestion for Smart Reply", arXiv:1705.00652, 4.4).
        """
        import torch
        from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

        batches = batches_of(pairs, settings)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(settings.seed)
            read, self._model.max_seq_length = self._model.max_seq_length, settings.tokens
            frozen = [value for name, value in self._model.named_parameters() if "word_embeddings" in name]
            for value in frozen:
                value.requires_grad_(False)
            moved = [value for value in self._model.parameters() if value.requires_grad]
            optimizer = torch.optim.AdamW(moved, lr=settings.rate)
            loss = MultipleNegativesRankingLoss(self._model)
            self._model.train()
            losses: list[float] = []
            until = time.monotonic() + 60.0 * settings.max_minutes
            try:
                for step, batch in enumerate(batches):
                    if time.monotonic() >= until:
                        break
                    for group in optimizer.param_groups:
                        group["lr"] = settings.rate * rate_at(step, len(batches))
                    features = [self._model.preprocess([getattr(p, side) for p in batch]) for side in ("said", "text")]
                    value = loss(features, torch.empty(0))
                    value.backward()
                    torch.nn.utils.clip_grad_norm_(moved, 1.0)
                    optimizer.step()
                    optimizer.zero_grad()
                    losses.append(float(value.detach()))
                    if progress:
                        progress("train encoder", step + 1, len(batches))
            finally:
                self._model.eval()
                self._model.max_seq_length = read
                for value in frozen:
                    value.requires_grad_(True)
            if progress:
                progress("train encoder", len(batches), len(batches))
        return Trained(tuple(losses), len(losses) < len(batches))

    def save(self, folder: Path) -> None:
        """Write the model to a folder that `Encoder.load` reads."""
        self._model.save(str(folder), create_model_card=False)


def rate_at(step: int, steps: int) -> float:
    """Return the learning rate of a step as a share of the highest: rising for a tenth of the steps, then falling."""
    warm = max(steps // 10, 1)
    return (step + 1) / warm if step < warm else (steps - step) / max(steps - warm, 1)


def batches_of(pairs: Sequence[TextPair], settings: EncoderTrainingSettings) -> list[list[TextPair]]:
    """Return the batches of a training in order; within one no entity, no text and nothing said stands twice.

    What stands twice in a batch would be called wrong where it is right: two homonyms, two aliases of one entity.
    """
    drawn = random.Random(settings.seed)
    batches: list[list[TextPair]] = []
    for _ in range(settings.passes):
        waiting = drawn.sample(list(pairs), len(pairs))
        while waiting and len(batches) < settings.most_steps:
            batch: list[TextPair] = []
            seen: set[tuple[str, str]] = set()
            later: list[TextPair] = []
            for place, pair in enumerate(waiting):
                if len(batch) == settings.batch:
                    later += waiting[place:]
                    break
                own = {("entity", pair.entity_id), ("text", pair.text), ("said", pair.said.casefold())}
                if seen & own:
                    later.append(pair)
                else:
                    seen |= own
                    batch.append(pair)
            if len(batch) < 2:
                break
            batches.append(batch)
            waiting = later
    return batches


def held_out(entity_id: str, seed: int) -> bool:
    """Return whether an entity is one of the tenth that is measured by and not trained on; by a hash of its id."""
    return int(content_id("held out", str(seed), entity_id)[:8], 16) % 10 == 0


def recalls(
    encoder: TrainableEncoder, asked: Sequence[TextPair], texts: Sequence[str], progress: Progress | None = None
) -> dict[str, float]:
    """Return recall@1 and recall@10 of each kind of pair ("alias_recall@1"), searched among `texts`.

    texts: of all entities that are searched, those of `asked` among them. A text that several entities share is one.
    """
    pool = sorted(set(texts))
    row = {text: number for number, text in enumerate(pool)}
    entities = encoder.encode(pool, progress)
    said = encoder.encode([pair.said for pair in asked], progress)
    right = np.array([row[pair.text] for pair in asked], dtype=np.int64)
    places = np.empty(len(asked), dtype=np.int64)
    for start in range(0, len(asked), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        scores = said[part] @ entities.T
        own = scores[np.arange(len(scores)), right[part]]
        # what scores as high as the right text counts as before it
        places[part] = (scores >= own[:, None]).sum(axis=1)
    kinds = np.array([pair.kind for pair in asked])
    return {
        f"{kind}_recall@{depth}": float((places[kinds == kind] <= depth).mean())
        for kind in sorted(set(kinds.tolist()))
        for depth in (1, 10)
    }
