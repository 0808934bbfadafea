"""The sentence-transformer: texts to vectors."""

import hashlib
import os
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas.errors import ModelError
from schemas.identity import content_id

BATCH = 8
MOST_TOKENS = 128
_ROUND = 4
_TOKENIZED_AT_ONCE = 4_096


class Encoder:
    """Turns texts into unit vectors; the same text gives the same vector, whatever else is encoded.

    transformer: gives the sentence-transformer; called once, when the first text is encoded.
    version:     content id of the model's files.
    """

    def __init__(self, transformer: Callable[[], Any], version: str) -> None:
        self._open = transformer
        self.version = version

    @classmethod
    def load(cls, name_or_path: str) -> "Encoder":
        """Return the encoder of the model that a package carries (in a folder `model`), or that lies at a path.

        Nothing is fetched. Raises ModelError when there is neither. The files are read to tell their version; the model
        is loaded, which takes seconds, when it is first needed, and may raise ModelError then.
        """
        folder = model_folder(name_or_path)

        def transformer() -> Any:  # noqa: ANN401 - the library is loaded late
            model = open_transformer(name_or_path)
            model.max_seq_length = min(int(model.max_seq_length or MOST_TOKENS), MOST_TOKENS)
            return model

        return cls(transformer, _folder_version(folder))

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401 - the library is loaded late
        return self._open()

    @cached_property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension())

    def encode(
        self, texts: Sequence[str], progress: Callable[[str, int, int | None], None] | None = None
    ) -> NDArray[np.float32]:
        """Return vectors (n, d), float32, L2-normalised, in the order of `texts`.

        Equal texts are encoded once. A batch holds texts of one length in tokens and is always full (the last one fills
        it up), since the arithmetic of a batch depends on its shape: so a text has the same vector in any company.
        """
        distinct = sorted(set(texts))
        rows = {text: row for row, text in enumerate(distinct)}
        vectors = np.zeros((len(distinct), self.dimensions), dtype=np.float32)
        done = 0
        for length in self._by_length(distinct):
            for start in range(0, len(length), BATCH):
                part = length[start : start + BATCH]
                vectors[[rows[text] for text in part]] = self._full_batch(part)[: len(part)]
                done += len(part)
                if progress:
                    progress("encode", done, len(distinct))
        return np.round(vectors[[rows[text] for text in texts]], _ROUND) if len(texts) else vectors

    def _by_length(self, texts: Sequence[str]) -> list[list[str]]:
        """Return the texts grouped by how many tokens the model reads of them."""
        groups: dict[int, list[str]] = {}
        for start in range(0, len(texts), _TOKENIZED_AT_ONCE):
            part = list(texts[start : start + _TOKENIZED_AT_ONCE])
            read = self._model.tokenizer(part, truncation=True, max_length=self._model.max_seq_length)["input_ids"]
            for text, tokens in zip(part, read, strict=True):
                groups.setdefault(len(tokens), []).append(text)
        return [groups[length] for length in sorted(groups)]

    def _full_batch(self, part: Sequence[str]) -> NDArray[np.float32]:
        full = [*part, *[part[-1]] * (BATCH - len(part))]
        return np.asarray(
            self._model.encode(
                full, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
            ),
            dtype=np.float32,
        )


def open_transformer(name_or_path: str) -> Any:  # noqa: ANN401 - the library is loaded late
    """Load the sentence-transformer of a name or path as `Encoder.load` takes it; raises ModelError."""
    folder = model_folder(name_or_path)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # threads that wait by spinning slow each other down as soon as another process works too
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(name_or_path, f"cannot be loaded as a sentence-transformer: {error}") from error


def model_folder(name_or_path: str) -> Path:
    """Return the folder of a model's files; raises ModelError when there is none."""
    path = Path(name_or_path)
    if path.is_dir():
        return path
    spec = find_spec(name_or_path) if name_or_path.isidentifier() else None
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if (Path(place) / "model").is_dir():
            return Path(place) / "model"
    found = "no such folder, and no installed package of that name carries a folder `model`"
    raise ModelError(name_or_path, found)


def _folder_version(folder: Path) -> str:
    """Return a content id of a model: of small files their bytes, of large ones their size and both ends."""
    parts = [f"tokens={MOST_TOKENS}"]
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as stream:
            head = stream.read(1 << 16)
            size = path.stat().st_size
            stream.seek(max(0, size - (1 << 16)))
            tail = stream.read()
        digest = hashlib.sha256(head + tail).hexdigest()
        parts.append(f"{path.relative_to(folder).as_posix()}:{size}:{digest}")
    return content_id("encoder", *parts)
