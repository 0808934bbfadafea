"""What a worker opens once and keeps: the catalog index, which is sent to it, and the models beside it."""

import gc
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kg.config import Config
from kg.home import Home
from linkers.index import CatalogIndex
from linkers.index.catalog_index import CURRENT
from linkers.scoring.model import LinkerModel
from schemas.errors import IndexMissingError, ModelError
from schemas.identity import content_id

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_opened: dict[str, Home] = {}


@dataclass(frozen=True, slots=True)
class WorkerRecipe:
    """How a Python process of a worker comes by a home that decides as the driver's does.

    index:   folder of the index, or the name of the archive in which it was sent. index_version: what must be in it.
    encoder: version of the encoder that the driver has, "none" without.
    written_until: mark of the store that what workers write must be later than; their clocks may be behind.
    """

    config: Config
    model: LinkerModel
    index: str
    index_version: str
    sent: bool
    encoder: str
    written_until: int = 0

    @property
    def key(self) -> str:
        """What tells recipes apart."""
        return content_id("recipe", repr(self.config), self.model.version, self.index, self.index_version)


@contextmanager
def shipped(spark: "SparkSession", home: Home) -> Iterator[WorkerRecipe]:
    """Send the catalog index of a home to all workers, now and as they come; yields what they open it by.

    It is packed once and unpacked once by each executor, whose Python processes map the same files into memory. On a
    local master nothing is sent, the folder of the home is used in place.
    """
    version, encoder = home.index.version, home.encoder.version if home.encoder else "none"
    context = spark.sparkContext
    if str(context.master).startswith("local"):
        yield WorkerRecipe(home.config, home.model, str(home.index_folder.absolute()), version, False, encoder)
        return
    name = f"kg-index-{version}"
    with TemporaryDirectory(prefix="kg-") as folder:
        archive = Path(folder, f"{name}.tar")
        _pack(home.index.folder, archive)
        context.addArchive(f"{archive}#{name}")
        yield WorkerRecipe(home.config, home.model, name, version, True, encoder)


def _pack(version_folder: Path, archive: Path) -> None:
    with tarfile.open(archive, "w") as tar:
        tar.add(version_folder, version_folder.name)
        tar.add(version_folder.parent / CURRENT, CURRENT)


def opened_home(recipe: WorkerRecipe) -> Home:
    """Return the home of this worker process, opened when it is first asked for.

    Its stores are those of the configuration; the embedded ones are not here and must not be asked for. Raises
    IndexMissingError for an index of another version, ModelError for another encoder than the driver's.
    """
    if recipe.key not in _opened:
        for home in _opened.values():
            home.close()
        _opened.clear()
        _opened[recipe.key] = _open(recipe)
        gc.freeze()  # the index stays; the collector need not walk it again and again
    home = _opened[recipe.key]
    if recipe.written_until:
        home.mentions.write_after(recipe.written_until)
    return home


def _open(recipe: WorkerRecipe) -> Home:
    home = Home(recipe.config)
    folder = Path(_unpacked(recipe.index)) if recipe.sent else Path(recipe.index)
    index = CatalogIndex.open(folder)
    if index.version != recipe.index_version:
        raise IndexMissingError(folder, f"holds version {index.version!r}, not {recipe.index_version!r}")
    home.use_index(index)
    home.__dict__["model"] = recipe.model
    encoder = home.encoder.version if home.encoder else "none"
    if encoder != recipe.encoder:
        problem = f"has version {encoder!r} on a worker, and {recipe.encoder!r} where the command runs"
        raise ModelError(recipe.config.models.encoder, f"{problem}; install the same package on both")
    return home


def _unpacked(name: str) -> str:
    from pyspark import SparkFiles

    return str(SparkFiles.get(name))
