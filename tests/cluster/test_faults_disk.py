"""A disk that is full at any moment: named, nothing torn, and the next run goes on from there.

The disk is a tmpfs of a few MiB, mounted for the test; that takes root.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.config import load_config
from kg.home import Home
from schemas.errors import IndexMissingError
from tests.cluster.jobs import Jobs, jobs, write_config, write_world
from tests.homes import digest
from tests.small_world import SmallWorld

pytestmark = [pytest.mark.cluster, pytest.mark.slow]

DISK = 256 << 20
MOMENTS = 6
FILLER = "filler"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "kg", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        reason = f"no tmpfs can be mounted here: {made.stderr.decode().strip()}"
        if os.environ.get("CI") == "true" or os.environ.get("KG_REQUIRE_SERVERS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture(scope="module")
def worker() -> Iterator[Jobs]:
    with jobs() as made:
        yield made


def _leave(disk: Path, room: int) -> None:
    """Fill the disk until so many bytes are free."""
    found = os.statvfs(disk)
    size = found.f_bavail * found.f_frsize - room
    with (disk / FILLER).open("wb") as out:
        os.posix_fallocate(out.fileno(), 0, max(1, size))


def _used(disk: Path) -> int:
    found = os.statvfs(disk)
    return (found.f_blocks - found.f_bfree) * found.f_frsize


def test_full_at_any_moment_a_run_is_named_and_the_next_ends_as_undisturbed(
    disk: Path, worker: Jobs, tmp_path: Path
) -> None:
    world = write_world(tmp_path / "world", documents=20)
    undisturbed = write_config(disk / "undisturbed")
    used = [0]
    assert not worker.run(undisturbed, world, watch=lambda _: used.append(_used(disk))).error
    expected, needed = digest(load_config(undisturbed)), max(used)
    subprocess.run(["rm", "-rf", str(disk / "undisturbed")], check=True)
    named = 0
    for moment in range(MOMENTS):
        config = write_config(disk / f"home-{moment}")
        _leave(disk, needed * moment // MOMENTS)
        ended = worker.run(config, world)
        if ended.error:
            named += 1
            assert ended.error == "DiskFullError", ended
            assert str(disk) in ended.text
            assert "Make room and run the same command again" in ended.text
        (disk / FILLER).unlink()
        _readable(config)
        again = worker.run(config, world)
        assert not again.error, again
        assert digest(load_config(config)) == expected, f"moment {moment}"
        subprocess.run(["rm", "-rf", str(config.parent)], check=True)
    assert named >= MOMENTS // 2


def test_an_index_that_finds_no_room_leaves_the_one_before(disk: Path, worker: Jobs, tmp_path: Path) -> None:
    world = write_world(tmp_path / "world", documents=5)
    config = write_config(disk / "home")
    assert not worker.run(config, world).error
    before, current = digest(load_config(config)), _current(config)
    catalog = world.catalog.read_text(encoding="utf-8")
    _grow(world)
    _leave(disk, 3 << 20)
    ended = worker.run(config, world, ["catalog"])
    assert ended.error == "DiskFullError", ended
    assert _current(config) == current
    assert not list((config.parent / "home" / "index").glob("unfinished-*"))
    (disk / FILLER).unlink()
    assert not worker.run(config, world).error
    assert _current(config) != current
    world.catalog.write_text(catalog, encoding="utf-8")
    assert not worker.run(config, world).error
    assert _current(config) == current
    assert digest(load_config(config)) == before


def _grow(world: SmallWorld) -> None:
    with world.catalog.open("a", encoding="utf-8") as out:
        out.writelines(f'{{"id": "n{i}", "name": "Name {i} of many words", "type": "artist"}}\n' for i in range(6_000))


def _current(config: Path) -> str:
    return (config.parent / "home" / "index" / "CURRENT").read_text()


def _readable(config: Path) -> None:
    """The home that met the full disk can be read, whatever it holds."""
    with Home(load_config(config)) as home:
        home.graph.query("MATCH (e:Entity) RETURN count(e)")
        home.mentions.counts()
        try:
            assert home.index.size >= 0
        except IndexMissingError:
            assert not (home.config.home / "index" / "CURRENT").exists()
