"""TLS and passwords to both stores for real, and secrets that are told nobody."""

import json
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import pytest
from neo4j import GraphDatabase

from kg.config import Config, load_config
from kg.home import Home
from kg.store_config import StoresConfig
from schemas.errors import ConfigError, StoreError, StoreRejected
from tests.cluster.commands import run_commands
from tests.cluster.secret_forms import forms
from tests.homes import WITHOUT_VECTORS, digest, embedded, fill
from tests.servers import CassandraServer, Neo4jServer
from tests.servers.cassandra import cassandra_session, unproved
from tests.servers.certificates import CertificateAuthority
from tests.servers.required import servers_required
from tests.servers.slow_proxy import SlowProxy
from tests.small_world import SmallWorld, write_small_world

pytestmark = [pytest.mark.cluster, pytest.mark.servers, pytest.mark.slow]

SECRETS = {"KG_NEO4J_PASSWORD": "Gr@ph/pass wörd+1", "KG_CASSANDRA_PASSWORD": "M%ntions:pass&wörd 2"}
USERS = {"KG_NEO4J_USER": "neo4j", "KG_CASSANDRA_USER": "kg_writer"}


@dataclass(frozen=True)
class Secured:
    """Two servers that speak TLS only, for the address 127.0.0.1, and who signed their certificates."""

    neo4j: Neo4jServer
    cassandra: CassandraServer
    ca_file: Path
    other_ca_file: Path

    def config(self, home: Path, keyspace: str) -> Config:
        """Return a home on both that gives up at once."""
        start = Config(home=home, models=WITHOUT_VECTORS, stores=StoresConfig(patience_s=0))
        return replace(
            start,
            graph=self.neo4j.url,
            mentions=f"{self.cassandra.url}/{keyspace}",
            neo4j=replace(start.neo4j, ca_file=str(self.ca_file)),
            cassandra=replace(start.cassandra, tls=True, ca_file=str(self.ca_file), timeout_s=10),
        )


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder = tmp_path_factory.mktemp("secured")
    authority, other = CertificateAuthority(folder / "ca"), CertificateAuthority(folder / "other")
    identity = authority.issue("server", ("127.0.0.1",))
    password = SECRETS["KG_NEO4J_PASSWORD"]
    neo4j = Neo4jServer(folder / "neo4j", password=password, identity=identity)
    cassandra = CassandraServer(folder / "cassandra", identity=identity)
    try:
        with servers_required():
            neo4j.launch()
            cassandra.launch()
        neo4j.wait_healthy()
        cassandra.wait_healthy()
        with cassandra_session(cassandra.url, cassandra.user, cassandra.password, unproved()) as session:
            given = (SECRETS["KG_CASSANDRA_PASSWORD"],)
            session.execute("CREATE ROLE kg_writer WITH PASSWORD = %s AND LOGIN = true AND SUPERUSER = true", given)
        yield Secured(neo4j, cassandra, authority.ca_file, other.ca_file)
    finally:
        neo4j.kill()
        cassandra.kill()


@pytest.fixture(autouse=True)
def logged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (SECRETS | USERS).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def world(tmp_path: Path) -> SmallWorld:
    return write_small_world(tmp_path / "world")


def test_a_home_on_servers_with_tls_and_passwords_is_equal_to_an_embedded_one(
    secured: Secured, world: SmallWorld, tmp_path: Path
) -> None:
    config = secured.config(tmp_path / "secured", "kg_equal")
    with Home(config) as home:
        home.graph.clear()
    fill(config, world)
    alone = embedded(tmp_path)
    fill(alone, world)
    assert digest(config) == digest(alone)


@pytest.mark.parametrize("store", ["neo4j", "cassandra"])
def test_an_authority_that_did_not_sign_is_named(secured: Secured, tmp_path: Path, store: str) -> None:
    config = secured.config(tmp_path, "kg_wrong")
    other = str(secured.other_ca_file)
    wrong = replace(config, **{store: replace(getattr(config, store), ca_file=other)})
    with Home(wrong) as home, pytest.raises(StoreRejected, match=rf"not trusted.*{store}\.ca_file"):
        _ = home.graph if store == "neo4j" else home.mentions


@pytest.mark.parametrize(("store", "host"), [("graph", "localhost"), ("mentions", "127.0.0.2")])
def test_a_certificate_of_another_host_is_named(secured: Secured, tmp_path: Path, store: str, host: str) -> None:
    config = secured.config(tmp_path, "kg_wrong")
    other = replace(config, **{store: getattr(config, store).replace("127.0.0.1", host)})
    with (
        SlowProxy(secured.cassandra.port, host="127.0.0.2"),
        Home(other) as home,
        pytest.raises(StoreRejected, match="its certificate is for another host"),
    ):
        getattr(home, store)


@pytest.mark.parametrize(("store", "variable"), [("graph", "KG_NEO4J"), ("mentions", "KG_CASSANDRA")])
def test_a_wrong_password_is_named_by_its_variable(
    secured: Secured, tmp_path: Path, store: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{variable}_PASSWORD", "not-the-password")
    with (
        Home(secured.config(tmp_path, "kg_wrong")) as home,
        pytest.raises(StoreRejected, match=f"{variable}_PASSWORD") as refused,
    ):
        getattr(home, store)
    assert "not-the-password" not in str(refused.value)


def test_without_tls_a_server_that_asks_for_it_is_not_spoken_to(secured: Secured, tmp_path: Path) -> None:
    config = secured.config(tmp_path, "kg_plain")
    plain = replace(
        config,
        graph=config.graph.replace("+s", ""),
        neo4j=replace(config.neo4j, ca_file=""),
        cassandra=replace(config.cassandra, tls=False, ca_file="", timeout_s=3),
    )
    with Home(plain) as home:
        with pytest.raises(StoreError):
            _ = home.graph
        with pytest.raises(StoreError):
            _ = home.mentions


def test_a_file_of_authorities_that_cannot_be_used_is_named(secured: Secured, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("no certificate")
    config = secured.config(tmp_path, "kg_wrong")
    for path in (empty, tmp_path / "absent.pem"):
        wrong = replace(config, neo4j=replace(config.neo4j, ca_file=str(path)))
        with Home(wrong) as home, pytest.raises(ConfigError, match=r"neo4j\.ca_file"):
            _ = home.graph


@pytest.mark.parametrize("url", ["neo4j://me:Gr%40ph@h:1", "neo4j:me:Gr@ph", "neo4j://h%40x:1", "cassandra://a:b@c/k"])
def test_a_url_with_credentials_is_refused_and_not_repeated(url: str, tmp_path: Path) -> None:
    key = "mentions" if url.startswith("cassandra") else "graph"
    (tmp_path / "kg.toml").write_text(f'{key} = "{url}"\n')
    with pytest.raises(ConfigError, match="holds credentials") as refused:
        load_config(tmp_path / "kg.toml")
    assert url.rpartition("//")[2] not in str(refused.value)


@pytest.mark.parametrize("scheme", ["neo4j+ssc", "bolt+ssc"])
def test_a_scheme_that_takes_any_certificate_is_refused(scheme: str, tmp_path: Path) -> None:
    with (
        Home(replace(embedded(tmp_path), graph=f"{scheme}://127.0.0.1:1")) as home,
        pytest.raises(ConfigError, match=r"takes any certificate.*neo4j\.ca_file"),
    ):
        _ = home.graph


def test_secrets_are_nowhere_in_what_runs_print_log_and_store(
    secured: Secured, world: SmallWorld, tmp_path: Path
) -> None:
    with Home(secured.config(tmp_path / "clearing", "kg_secret")) as home:
        home.graph.clear()
    settings = {"secured": secured.ca_file, "mistrusting": secured.other_ca_file}
    for name, ca_file in settings.items():
        (tmp_path / f"{name}.toml").write_text(_toml(secured, ca_file))
    done = run_commands(_commands(world), SECRETS | USERS, tmp_path)
    codes = [line.split()[1] for line in done.stdout.decode().splitlines() if line.startswith("exit ")]
    assert codes == ["0"] * 12 + ["1"] * 3, done.stderr.decode()[-2000:]
    failed = _failing(secured, tmp_path)
    assert b"KG_NEO4J_PASSWORD" in failed and b"KG_CASSANDRA_PASSWORD" in failed
    everything = {"printed": done.stdout + done.stderr, "printed by failures": failed, **_stored(secured, tmp_path)}
    assert b"Bolt" in done.stderr or b"neo4j" in done.stderr
    assert b"Greta Marlowe" in everything["neo4j"]
    assert b"Greta Marlowe" in everything["cassandra"]
    told = {
        place
        for place, found in everything.items()
        for form in forms(SECRETS.values(), USERS.values())
        if form in found
    }
    assert not told


def _toml(secured: Secured, ca_file: Path) -> str:
    return (
        f'graph = "{secured.neo4j.url}"\nmentions = "{secured.cassandra.url}/kg_secret"\n'
        f'[models]\nencoder = "none"\n[stores]\npatience_s = 0\n[neo4j]\nca_file = "{ca_file}"\n'
        f'[cassandra]\ntls = true\nca_file = "{ca_file}"\n'
    )


def _commands(world: SmallWorld) -> list[list[str]]:
    working = [
        ["ingest", "catalog", str(world.catalog), "--source", "main"],
        ["ingest", "documents", str(world.documents)],
        ["resolve"],
        ["doctor"],
        ["doctor", "--json"],
        ["stats", "--json"],
        ["runs", "--json"],
        ["query", "MATCH (e:Entity) RETURN e.name"],
        *(
            ["export", what, "--format", "jsonl", "--out", f"{what}.jsonl"]
            for what in ("graph", "records", "decisions")
        ),
        ["graph", "rebuild"],
    ]
    failing = [["resolve"], ["doctor"], ["doctor", "--json"]]
    return [["--config", "secured.toml", *each] for each in working] + [
        ["--config", "mistrusting.toml", *each] for each in failing
    ]


def _failing(secured: Secured, folder: Path) -> bytes:
    """Log in with each other's password, and with the user's name swapped; return all that was printed."""
    swapped = dict(zip(SECRETS, reversed(SECRETS.values()), strict=True))
    commands = [["--config", "secured.toml", each] for each in ("doctor", "resolve")]
    done = run_commands(commands, swapped | USERS, folder)
    named = run_commands(commands, SECRETS | dict.fromkeys(USERS, "nobody"), folder)
    assert b"exit 0" not in done.stdout + named.stdout
    url = f"neo4j+s://neo4j:{quote(SECRETS['KG_NEO4J_PASSWORD'], safe='')}@127.0.0.1:{secured.neo4j.port}"
    refused = run_commands([["--graph", url, "stats"]], SECRETS | USERS, folder)
    assert b"holds credentials" in refused.stderr
    return b"".join(each.stdout + each.stderr for each in (done, named, refused))


def _stored(secured: Secured, folder: Path) -> dict[str, bytes]:
    """Return what lies in the home, in its exports and in both stores."""
    found = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with cassandra_session(secured.cassandra.url, "cassandra", "cassandra", unproved()) as session:
        tables = session.cluster.metadata.keyspaces["kg_secret"].tables
        rows = [row for table in tables for row in session.execute(f"SELECT * FROM kg_secret.{table}")]
    found["cassandra"] = b"\n".join(_unpacked(value) for row in rows for value in row)
    url = secured.neo4j.url.replace("+s", "+ssc")
    with GraphDatabase.driver(url, auth=("neo4j", SECRETS["KG_NEO4J_PASSWORD"])) as driver:
        nodes = driver.execute_query("MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN properties(n), properties(r)").records
    found["neo4j"] = json.dumps([node.data() for node in nodes], ensure_ascii=False).encode()
    return found


def _unpacked(value: object) -> bytes:
    if isinstance(value, bytes):
        with suppress(zlib.error):
            return zlib.decompress(value)
        return value
    return str(value).encode()
