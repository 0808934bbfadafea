"""Reads damaged files in a process of its own: `python -m tests.hostile.fuzzing COUNT SEED [FORMAT...]`.

A process of its own, so that its memory can be limited and that a crash of a compiled reader is seen. It writes a line
of JSON for each format: how many files were read, read in part and refused, and each fault with the file that shows it.
"""

import json
import random
import resource
import sys
import tempfile
import traceback
from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from pathlib import Path

from schemas.errors import InputError, KgError
from schemas.visible import visible
from tests.hostile.mutations import mutated
from tests.hostile.samples import SAMPLES, Sample

MEMORY_BYTES = 1 << 30
"""What reading may take beyond what the process had when it began."""
FAULTS_TOLD = 5


def texts_of(value: object) -> Iterator[str]:
    """Yield every text within a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from texts_of(name)
            yield from texts_of(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from texts_of(part)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from texts_of(asdict(value))


def check_row(row: object) -> None:
    """Raise AssertionError unless a store can hold a row, or a terminal show an error."""
    if isinstance(row, KgError):
        shown = str(row)
        assert len(shown) < 5000, f"an error of {len(shown)} characters"
        assert shown == visible(shown, keep="\n"), f"an error that a terminal would obey: {shown!r}"
        return
    for text in texts_of(row):
        assert "\0" not in text, f"NUL in {row!r:.300}"
        text.encode()  # a lone surrogate is a UnicodeEncodeError


def outcome(sample: Sample, path: Path) -> str:
    """Return "read", "in part" (some rows are errors) or "refused"; anything but a named error is raised."""
    try:
        rows = sample.read(path)
    except KgError as error:
        check_row(error)
        return "refused"
    for row in rows:
        check_row(row)
    bad = sum(isinstance(row, InputError) for row in rows)
    return "read" if not bad else "in part" if bad < len(rows) else "refused"


def fuzz(name: str, count: int, seed: int, folder: Path) -> dict[str, object]:
    """Read `count` damaged files of a format, and tell what became of them."""
    sample, counts, faults = SAMPLES[name], {"read": 0, "in part": 0, "refused": 0}, []
    assert outcome(sample, _written(folder, sample, sample.content)) == "read"
    for number in range(count):
        data = mutated(sample, random.Random(f"{name}/{seed}/{number}"))
        path = _written(folder, sample, data)
        try:
            counts[outcome(sample, path)] += 1
        except (Exception, MemoryError) as fault:
            where = traceback.extract_tb(fault.__traceback__)[-1]
            shown = f"number {number}: {type(fault).__name__}: {fault!s:.300} ({where.filename}:{where.lineno})"
            faults.append(f"{shown}, {len(data)} bytes: {data[:200]!r}")
    return {"counts": counts, "faults": len(faults), "first": faults[:FAULTS_TOLD]}


def _written(folder: Path, sample: Sample, data: bytes) -> Path:
    path = folder / f"sample{sample.suffix}"
    path.write_bytes(data)
    return path


def limit_memory(more: int) -> None:
    """Let this process take so many bytes of addresses beyond those it has."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def main() -> None:
    """Fuzz formats as the command line says, all of them by default."""
    count, seed, *names = sys.argv[1:]
    limit_memory(MEMORY_BYTES)
    with tempfile.TemporaryDirectory() as folder:
        for name in names or SAMPLES:
            found = fuzz(name, int(count), int(seed), Path(folder))
            sys.stdout.write(json.dumps({"format": name, **found}) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
