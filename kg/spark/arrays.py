"""Arrays that all workers read: files that are sent once to each executor and mapped by its Python processes."""

import gc
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kg.spark.session import cluster_failures

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_opened: dict[tuple[str, ...], Any] = {}


@dataclass(frozen=True, slots=True)
class Sent:
    """How a worker comes by a dataclass of arrays and plain values.

    kind: the class. files: of its fields that are arrays, path of the file, or name by which it was sent. rest: its
    other fields.
    """

    kind: type[Any]
    files: Mapping[str, str]
    rest: Mapping[str, Any]
    sent: bool


@dataclass(frozen=True)
class ArraySender:
    """Writes arrays to a folder, named by their content, and sends to a session what it has not sent before."""

    spark: "SparkSession"
    folder: Path
    _known: set[str] = field(default_factory=set)

    def send(self, thing: object) -> Sent:
        """Send the arrays of a dataclass. On a local master nothing is sent, the files are used in place."""
        context = self.spark.sparkContext
        away = not str(context.master).startswith("local")
        files, rest = {}, {}
        for each in fields(thing):  # type: ignore[arg-type]
            value = getattr(thing, each.name)
            if not isinstance(value, np.ndarray):
                rest[each.name] = value
                continue
            path = self._written(value)
            if away and path.name not in self._known:
                with cluster_failures(str(context.master)):
                    context.addFile(str(path))
            self._known.add(path.name)
            files[each.name] = path.name if away else str(path)
        return Sent(type(thing), files, rest, away)

    def _written(self, array: NDArray[Any]) -> Path:
        content = blake2b(repr((array.dtype.str, array.shape)).encode(), digest_size=16)
        content.update(np.ascontiguousarray(array).data)
        path = self.folder / f"kg-{content.hexdigest()}.npy"
        if path.name not in self._known:
            np.save(path, array)
        return path


def opened(sent: Sent) -> Any:  # noqa: ANN401 - what was sent
    """Return what was sent, opened when this worker process is first asked for it; one thing is open at a time."""
    key = (sent.kind.__name__, repr(sorted(sent.rest.items())), *sorted(sent.files.values()))
    if key not in _opened:
        _opened.clear()
        gc.collect()  # what was mapped before is let go now
        arrays = {name: _mapped(file, away=sent.sent) for name, file in sent.files.items()}
        _opened[key] = sent.kind(**arrays, **sent.rest)
    return _opened[key]


def _mapped(file: str, *, away: bool) -> NDArray[Any]:
    """Return a file as an array; writable like that which was sent, so that the same compiled loop takes it."""
    if away:
        from pyspark import SparkFiles

        file = str(SparkFiles.get(file))
    return np.asarray(np.load(file, mmap_mode="c", allow_pickle=False)).view(np.ndarray)
