"""A broker that speaks TLS only and asks for passwords: streams that reach it, and those that are refused by name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kg.config import Config
from kg.home import Home
from kg.stream_config import StreamConfig
from kg.streaming.options import StreamOptions
from kg.streaming.stream import stream
from schemas.errors import ConfigError, StoreRejected
from tests.cluster.commands import run_commands
from tests.cluster.secret_forms import forms
from tests.cluster.stream_process import command, started
from tests.cluster.stream_world import answers, document, make_topics, produce, small_home
from tests.servers.certificates import CertificateAuthority
from tests.servers.kafka import KafkaServer
from tests.servers.required import servers_required

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

PASSWORD = "Str&am:pass w%rd+1"
LOGIN = {"KG_KAFKA_USER": KafkaServer.user, "KG_KAFKA_PASSWORD": PASSWORD}
UNTRUSTED = r"not trusted or is for another host.*stream\.ca_file"


@dataclass(frozen=True)
class Secured:
    """A broker for the address 127.0.0.1, who signed its certificate, and somebody who did not."""

    kafka: KafkaServer
    ca_file: Path
    other_ca_file: Path

    def stream(self, **changes: str) -> StreamConfig:
        trusting = StreamConfig(protocol="SASL_SSL", mechanism="PLAIN", ca_file=str(self.ca_file), batch_documents=5)
        return replace(trusting, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder = tmp_path_factory.mktemp("secured-kafka")
    authority, other = CertificateAuthority(folder / "ca"), CertificateAuthority(folder / "other")
    identity = authority.issue("broker", ("127.0.0.1",))
    kafka = KafkaServer(folder / "kafka", identity=identity, password=PASSWORD)
    with servers_required():
        kafka.start()
    yield Secured(kafka, authority.ca_file, other.ca_file)
    kafka.stop()


@pytest.fixture(autouse=True)
def logged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in LOGIN.items():
        monkeypatch.setenv(name, value)


def filled(secured: Secured, topic: str, first: int, last: int) -> None:
    produce(secured.kafka, topic, [document(number) for number in range(first, last)])


def begin(config: Config, brokers: str) -> None:
    """Run a stream in this process that ends when nothing comes."""
    with Home(config) as home:
        stream(home, StreamOptions(brokers, "never", "never-out", until_idle_s=0.5))


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-512"])
def test_a_stream_decides_by_tls_and_a_password_and_tells_it_nobody(
    secured: Secured, tmp_path: Path, mechanism: str
) -> None:
    topic = f"secured-{mechanism}"
    config = small_home(tmp_path, secured.stream(mechanism=mechanism))
    make_topics(secured.kafka, [topic, f"{topic}-out", f"{topic}.dead-letters"])
    filled(secured, topic, 0, 12)
    once = command(config, secured.kafka, topic, {"--until-idle": "1"})
    done = run_commands([once, ["--log-level", "debug", *once], ["--log-format", "json", *once]], LOGIN, tmp_path)
    assert done.stdout.count(b"exit 0") == 3, done.stderr.decode()[-2000:]
    assert [answer["doc_id"] for answer in answers(secured.kafka, f"{topic}-out")] == [
        document(number)["id"] for number in range(12)
    ]
    assert_untold({"printed": done.stdout + done.stderr} | files(tmp_path))


def test_what_a_refused_stream_prints_and_logs_has_no_password(secured: Secured, tmp_path: Path) -> None:
    config = small_home(tmp_path, secured.stream(ca_file=str(secured.other_ca_file)))
    mistrusting = command(config, secured.kafka, "refused", {"--until-idle": "1"})
    untrusted = run_commands([mistrusting], LOGIN, tmp_path)
    assert b"exit 1" in untrusted.stdout and b"stream.ca_file" in untrusted.stderr
    trusting = command(replace(config, stream=secured.stream()), secured.kafka, "refused", {"--until-idle": "1"})
    stranger = run_commands([["--log-level", "debug", *trusting]], LOGIN | {"KG_KAFKA_USER": "nobody"}, tmp_path)
    assert b"exit 1" in stranger.stdout and b"KG_KAFKA_PASSWORD" in stranger.stderr
    printed = b"".join(each.stdout + each.stderr for each in (untrusted, stranger))
    assert_untold({"printed": printed} | files(tmp_path))


def test_an_authority_that_did_not_sign_is_named(secured: Secured, tmp_path: Path) -> None:
    wrong = secured.stream(ca_file=str(secured.other_ca_file))
    with pytest.raises(StoreRejected, match=UNTRUSTED):
        begin(replace(small_home(tmp_path), stream=wrong), secured.kafka.url)


def test_a_certificate_of_another_host_is_named(secured: Secured, tmp_path: Path) -> None:
    with pytest.raises(StoreRejected, match=UNTRUSTED):
        begin(small_home(tmp_path, secured.stream()), secured.kafka.url.replace("127.0.0.1", "localhost"))


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-512"])
def test_a_wrong_password_is_named_by_its_variable(
    secured: Secured, tmp_path: Path, mechanism: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_KAFKA_PASSWORD", "not-the-password")
    config = small_home(tmp_path, secured.stream(mechanism=mechanism))
    with pytest.raises(StoreRejected, match=r"refuses the login.*KG_KAFKA_PASSWORD") as refused:
        begin(config, secured.kafka.url)
    assert "not-the-password" not in str(refused.value)


def test_a_mechanism_that_the_broker_lacks_is_named(secured: Secured, tmp_path: Path) -> None:
    config = small_home(tmp_path, secured.stream(mechanism="SCRAM-SHA-256"))
    with pytest.raises(StoreRejected, match=r"PLAIN,SCRAM-SHA-512.*stream\.mechanism"):
        begin(config, secured.kafka.url)


def test_a_secured_broker_that_is_away_is_waited_for(secured: Secured, tmp_path: Path) -> None:
    config = small_home(tmp_path, secured.stream())
    make_topics(secured.kafka, ["away", "away-out", "away.dead-letters"])
    filled(secured, "away", 0, 10)
    with started(config, secured.kafka, "away") as process:
        process.until(lambda: len(answers(secured.kafka, "away-out")) == 10, "first decisions")
        secured.kafka.stop()
        process.until(lambda: "waiting: kafka://" in process.said, "word of the broker that is away")
        secured.kafka.start()
        filled(secured, "away", 10, 20)
        process.until(lambda: len(answers(secured.kafka, "away-out")) == 20, "decision of each document")
        assert process.end() == 0


def test_files_that_cannot_be_used_and_passwords_that_lack_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("no certificate")
    config = small_home(tmp_path)
    wrong = {
        r"stream\.ca_file.*not a file": StreamConfig(protocol="SSL", ca_file=str(tmp_path / "absent.pem")),
        r"stream\.ca_file.*PEM file": StreamConfig(protocol="SSL", ca_file=str(empty)),
        r"stream\.certificate_file.*PEM file": StreamConfig(protocol="SSL", certificate_file=str(empty)),
        r"stream\.ca_file.*with TLS only": StreamConfig(ca_file=str(empty)),
        r"set KG_KAFKA_USER and KG_KAFKA_PASSWORD": StreamConfig(protocol="SASL_SSL"),
    }
    monkeypatch.delenv("KG_KAFKA_PASSWORD")
    for problem, own in wrong.items():
        with pytest.raises(ConfigError, match=problem):
            begin(replace(config, stream=own), "127.0.0.1:1")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_untold(everything: Mapping[str, bytes]) -> None:
    secret = forms([PASSWORD], [KafkaServer.user])
    assert not {place for place, found in everything.items() for form in secret if form in found}
