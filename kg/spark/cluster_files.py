"""Files in the storage of a cluster: found by Hadoop's file systems, named and hashed as local files are."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from glob import has_magic
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from schemas.errors import FormatError, NotFoundError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FORMATS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
_HASHED_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class ClusterFile:
    """A file of rows.

    uri:  as Spark tells it of a row, unquoted. name: relative to what was named, as local documents are called.
    place: what the home knows it by: the absolute path of a local file, else the uri.
    """

    uri: str
    name: str
    format: str

    @property
    def place(self) -> str:
        """Where it is, as the home remembers it."""
        return str(Path(urlsplit(self.uri).path).resolve()) if self.uri.startswith("file:") else self.uri


def cluster_files(spark: "SparkSession", paths: Sequence[str]) -> list[ClusterFile]:
    """Return the JSONL and Parquet files that paths lead to, ordered by name, each once.

    paths: files, folders (with all that is in them) or globs. Hidden files ("." or "_") are not met. Raises
    NotFoundError for a path that leads to none, FormatError for a file named by itself of another suffix.
    """
    found: dict[str, ClusterFile] = {}
    for path in dict.fromkeys(paths):
        here = list(_below(spark, path))
        if not here:
            raise NotFoundError("document file in", path, hint=f"a cluster reads files of {', '.join(FORMATS)}")
        for file in here:
            found.setdefault(file.uri, file)
    return sorted(found.values(), key=lambda file: (file.name, file.uri))


def content_digests(spark: "SparkSession", files: Sequence[ClusterFile]) -> dict[str, str]:
    """Return the SHA-256 of the bytes of each file, by uri; several are read at a time."""
    with ThreadPoolExecutor(_HASHED_AT_ONCE) as pool:
        return dict(zip((file.uri for file in files), pool.map(lambda file: _digest(spark, file), files), strict=True))


def _digest(spark: "SparkSession", file: ClusterFile) -> str:
    path, system = _opened(spark, file.uri)
    stream = system.open(path)
    try:
        return str(_jvm(spark).org.apache.commons.codec.digest.DigestUtils.sha256Hex(stream))
    finally:
        stream.close()


def _jvm(spark: "SparkSession") -> Any:  # noqa: ANN401 - names of Java
    return spark.sparkContext._jvm


def _opened(spark: "SparkSession", path: str) -> tuple[Any, Any]:
    """Return a path of Hadoop and its file system."""
    opened = _jvm(spark).org.apache.hadoop.fs.Path(path if ":/" in path else str(Path(path).absolute()))
    return opened, opened.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())


def _below(spark: "SparkSession", given: str) -> Iterator[ClusterFile]:
    if not given.strip():
        raise NotFoundError("file or folder", given)
    path, system = _opened(spark, given)
    fixed = PurePosixPath(given)
    while has_magic(str(fixed)):
        fixed = fixed.parent
    for status in system.globStatus(path) or []:
        if status.isDirectory():
            base = _uri(status) if not has_magic(given) else _uri_of(spark, str(fixed))
            yield from _walked(system, status.getPath(), base)
        elif has_magic(given):
            yield from _known(_uri(status), _uri_of(spark, str(fixed)))
        else:
            uri = _uri(status)
            if PurePosixPath(uri).suffix.lower() not in FORMATS:
                problem = (
                    f"suffix {PurePosixPath(uri).suffix!r} is none that a cluster reads; valid: {', '.join(FORMATS)}"
                )
                raise FormatError(given, problem)
            yield from _known(uri, str(uri).rsplit("/", 1)[0])


def _walked(system: Any, path: Any, base: str) -> Iterator[ClusterFile]:  # noqa: ANN401 - objects of Java
    listed = system.listFiles(path, True)
    while listed.hasNext():
        yield from _known(_uri(listed.next()), base)


def _known(uri: str, base: str) -> Iterator[ClusterFile]:
    name = uri.removeprefix(base).lstrip("/")
    kind = FORMATS.get(PurePosixPath(name).suffix.lower())
    if kind and not any(part.startswith((".", "_")) for part in PurePosixPath(name).parts):
        yield ClusterFile(uri, name, kind)


def _uri(status: Any) -> str:  # noqa: ANN401 - an object of Java
    return normalised(str(status.getPath().toUri().toString()))


def _uri_of(spark: "SparkSession", path: str) -> str:
    opened, system = _opened(spark, path)
    return normalised(str(system.makeQualified(opened).toUri().toString()))


def normalised(uri: str) -> str:
    """Return a uri in one writing, whoever told it: unquoted, and with one slash where a host could stand."""
    text = unquote(uri)
    return "file:/" + text.removeprefix("file:").lstrip("/") if text.startswith("file:") else text
