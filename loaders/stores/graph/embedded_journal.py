"""Keeps the changes of the embedded graph that are not yet in its published file.

The engine's own log does not bring bulk copies back after a killed process, and may end in a crash of the process
that opens the file. So a change is written here before the engine sees it, the engine only ever works on a copy,
and the copy replaces the published file in one rename. Whatever happens in between, the published file is whole,
and what is missing in it is here.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

_ENTRY = ".arrow"


@dataclass(frozen=True, slots=True)
class Change:
    """One call that changes the graph.

    verb: "tables", "put_nodes", "put_edges", "delete_nodes", "delete_edges", "clear" or "cypher".
    name: the label, the edge type, or "".
    rows: its data; never without a column.
    """

    verb: str
    name: str
    rows: pa.Table


class Journal:
    """The folder beside a graph file that holds the working copy and the changes made to it, in order.

    path: the published file; the folder is called like it with ".writing", and ".publishing" when all is done.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = path.with_name(path.name + ".writing")
        self._publishing = path.with_name(path.name + ".publishing")
        self._count = 0
        self._bytes = 0

    @property
    def pending(self) -> bool:
        """Whether there are changes that are not published."""
        return self._writing.exists() or self._publishing.exists()

    @property
    def working_copy(self) -> Path:
        """The file that the engine writes to."""
        return self._writing / "graph.lbug"

    @property
    def size(self) -> int:
        """Bytes of the changes that this process has added since it began."""
        return self._bytes

    def begin(self) -> None:
        """Make a fresh working copy of the published file; changes that are there already stay."""
        self._writing.mkdir(exist_ok=True)
        for left in self._writing.iterdir():
            if left.suffix != _ENTRY:
                left.unlink()
        if self._path.exists():
            shutil.copyfile(self._path, self.working_copy)
        self._count = max((int(entry.stem) for entry in self._entries()), default=0)
        self._bytes = 0

    def add(self, change: Change) -> Path:
        """Write a change to the disk and return its file."""
        self._count += 1
        entry = self._writing / f"{self._count:08d}{_ENTRY}"
        unfinished = entry.with_suffix(".part")
        table = change.rows.replace_schema_metadata({"verb": change.verb, "name": change.name})
        try:
            with unfinished.open("wb") as file:
                with pa.ipc.new_file(file, table.schema) as writer:
                    writer.write_table(table)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        self._bytes += unfinished.stat().st_size
        unfinished.replace(entry)
        _sync(self._writing)
        return entry

    def changes(self) -> Iterator[Change]:
        """Yield the changes in the order in which they were made."""
        for entry in self._entries():
            with pa.memory_map(str(entry)) as source:
                table = pa.ipc.open_file(source).read_all()
            described = {k.decode(): v.decode() for k, v in table.schema.metadata.items()}
            yield Change(described["verb"], described["name"], table.replace_schema_metadata())

    def _entries(self) -> list[Path]:
        return sorted(self._writing.glob(f"*{_ENTRY}"))

    def publish(self) -> None:
        """Put the working copy, which the engine has closed, in the place of the published file."""
        _sync(self.working_copy)
        self._writing.rename(self._publishing)
        self.finish_publishing()

    def finish_publishing(self) -> None:
        """Do what is left of publishing, if a process was killed on the way."""
        if not self._publishing.exists():
            return
        finished = self._publishing / self.working_copy.name
        if finished.exists():
            finished.replace(self._path)
            _sync(self._path.parent)
        shutil.rmtree(self._publishing)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
