"""Two that write at once, and clocks that are hours apart: one is refused by name, and the later run wins."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from kg.config import Config, load_config
from kg.home import Home
from kg.write_lock import this_process
from schemas.errors import StoreHeld, StoreRejected
from tests.cluster.faketime import faked
from tests.cluster.jobs import jobs, write_config
from tests.homes import digest, exported, fill, on_servers
from tests.servers.session import Access
from tests.small_world import SmallWorld, write_small_world

pytestmark = [pytest.mark.cluster, pytest.mark.servers, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
HOLD = "import sys; from pathlib import Path; from kg.config import load_config; from kg.home import Home\n" + (
    "with Home(load_config(Path(sys.argv[1]))) as home, home.writing():\n"
    "    print('holds', flush=True)\n    sys.stdin.read()\n"
)


@pytest.fixture
def world(tmp_path: Path) -> SmallWorld:
    return write_small_world(tmp_path / "world")


@pytest.fixture
def stores(neo4j_clean: Access, cassandra_server: Access, cassandra_keyspace: str) -> tuple[str, str]:
    return neo4j_clean.url, f"{cassandra_server.url}/{cassandra_keyspace}"


@pytest.fixture
def config(tmp_path: Path, stores: tuple[str, str]) -> Config:
    return on_servers(tmp_path, *stores)


def _other(config: Config) -> Config:
    return replace(config, home=config.home.with_name("elsewhere"))


@pytest.fixture
def holder(tmp_path: Path, stores: tuple[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """A process with a home folder of its own that holds the right to write to the servers."""
    path = write_config(tmp_path / "holder", graph=stores[0], mentions=stores[1])
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "holds\n"
        yield process
        process.kill()


def test_a_second_writer_with_another_home_folder_is_refused_by_name(
    holder: "subprocess.Popen[str]", config: Config, world: SmallWorld
) -> None:
    with pytest.raises(StoreHeld, match=f"process {holder.pid} on .* is writing to it; wait for it to end"):
        fill(config, world)
    assert exported(config) == b""
    assert holder.stdin
    holder.stdin.close()
    holder.wait(60)
    fill(config, world)
    assert exported(config, "decisions")


def test_who_was_killed_is_no_hindrance_to_the_same_home_and_for_seconds_only_to_others(
    holder: "subprocess.Popen[str]", config: Config, tmp_path: Path
) -> None:
    holder.kill()
    holder.wait(60)
    with Home(config) as home, pytest.raises(StoreHeld, match="if it was killed, 30 s"), home.writing():
        pass
    with Home(load_config(tmp_path / "holder" / "kg.toml")) as same, same.writing():
        assert same.mentions.counts()["records"] == 0


def _shared(home: Home) -> AbstractContextManager[None]:
    return home.mentions.writing(this_process(home.folder), shared=True)


def test_writers_that_share_write_at_once_and_keep_out_who_would_be_alone(config: Config) -> None:
    alone = replace(config, home=config.home.with_name("third"))
    with Home(config) as first, Home(_other(config)) as second, Home(alone) as third:
        with _shared(first), _shared(second):
            first.mentions.set_state("first", "1")
            second.mentions.set_state("second", "2")
            with pytest.raises(StoreHeld, match=r"process \d+ on .*, process \d+ on .* is writing"), third.writing():
                pass
        with third.writing():
            assert (third.mentions.get_state("first"), third.mentions.get_state("second")) == ("1", "2")
            with pytest.raises(StoreHeld), _shared(first):
                pass


def test_who_was_silent_while_another_wrote_writes_no_more(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    from loaders.stores.mentions import cassandra_lease

    # as if the process had been stopped for longer than its right to write lasts
    monkeypatch.setattr(cassandra_lease, "LEASE_S", 0)
    monkeypatch.setattr(cassandra_lease, "RENEW_S", 3_600)
    with Home(config) as silent, Home(_other(config)) as other:
        with pytest.raises(StoreRejected, match="silent for longer"), silent.writing():
            silent.mentions.set_state("who", "silent")
            session = silent.mentions._db  # type: ignore[attr-defined]
            assert session.swap("DELETE owner, told FROM writers WHERE name = 'home' IF EXISTS")
            with other.writing():
                other.mentions.set_state("who", "other")
            silent.mentions.set_state("who", "silent again")
        assert other.mentions.get_state("who") == "other"


@pytest.mark.parametrize("hours", [-5, 5])
def test_runs_whose_clocks_are_hours_apart_end_as_with_one_clock(
    hours: int, config: Config, stores: tuple[str, str], world: SmallWorld, tmp_path: Path
) -> None:
    ordinary = write_config(tmp_path / "ordinary", graph=stores[0], mentions=stores[1])
    shifted = write_config(tmp_path / "shifted", graph=stores[0], mentions=stores[1])
    alone = write_config(tmp_path / "alone")
    before = world.catalog.read_text(encoding="utf-8")
    changed = before.replace("Icelandic singer", "singer and producer from Iceland")
    assert changed != before
    texts = (before, changed, before)
    with jobs() as here, jobs(faked(hours)) as there:
        for text in texts:
            world.catalog.write_text(text, encoding="utf-8")
            assert not here.run(alone, world).error
        told = []
        for text, worker, path in zip(texts, (here, there, here), (ordinary, shifted, ordinary), strict=True):
            world.catalog.write_text(text, encoding="utf-8")
            ended = worker.run(path, world)
            assert not ended.error, ended
            told.append(any("behind that of who wrote before" in sentence for sentence in ended.told))
    assert told == [False, hours < 0, hours > 0]
    assert digest(load_config(ordinary)) == digest(load_config(alone))
