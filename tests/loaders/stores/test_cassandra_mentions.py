"""What is particular to the mention store on Cassandra."""

import inspect
import re
from pathlib import Path

import cassandra
import cassandra.cluster
import pytest
from cassandra.cluster import NoHostAvailable

from kg.store_url import cassandra_address
from loaders.stores.mentions.cassandra import CassandraMentions, CassandraSettings
from loaders.stores.mentions.cassandra_session import named_failure, table_statements
from schemas.errors import StoreRejected, StoreUnavailable
from tests.servers.session import Access


def open_store(server: Access, keyspace: str, password: str, settings: CassandraSettings) -> CassandraMentions:
    address = cassandra_address(f"{server.url}/{keyspace}")
    return CassandraMentions(
        address.hosts, address.port, address.keyspace, user=server.user, password=password, settings=settings
    )


def test_every_error_of_the_driver_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    # errors are made here without what they tell, so they have no text
    monkeypatch.setattr("loaders.stores.mentions.cassandra_session._sentence", lambda error: type(error).__name__)
    modules = (cassandra, cassandra.cluster)
    found = {
        value
        for module in modules
        for _, value in inspect.getmembers(module, inspect.isclass)
        if issubclass(value, Exception) and value.__module__.startswith("cassandra")
    }
    assert len(found) > 15
    kinds = {value.__name__: type(named_failure("cassandra://h", value.__new__(value))) for value in found}
    assert set(kinds.values()) == {StoreUnavailable, StoreRejected}
    assert kinds["OperationTimedOut"] is kinds["Unavailable"] is kinds["WriteTimeout"] is StoreUnavailable
    assert kinds["InvalidRequest"] is kinds["Unauthorized"] is StoreRejected
    assert named_failure("cassandra://h", ValueError("not the driver's")) is None


@pytest.mark.parametrize("told", [{}, [], {"host": OSError("refused")}, None])
def test_no_host_is_transient_whatever_it_tells(told: object) -> None:
    assert isinstance(named_failure("cassandra://h", NoHostAvailable("none", told)), StoreUnavailable)


def test_partitions_are_those_that_the_questions_need() -> None:
    keys = {
        match.group(1): match.group(2)
        for statement in table_statements()
        if (match := re.search(r"EXISTS (\w+).*PRIMARY KEY \(\(([^)]*)\)", statement, re.DOTALL))
    }
    assert keys["mentions"] == keys["decisions"] == "doc_id"
    assert keys["decision_log"] == "mention_id"
    assert keys["entity_mentions"] == "entity_id, bucket"
    assert keys["review_queue"] == "bucket"


@pytest.mark.servers
def test_a_wrong_password_is_refused_and_not_shown(cassandra_server: Access, cassandra_keyspace: str) -> None:
    with pytest.raises(StoreRejected, match="KG_CASSANDRA_PASSWORD") as caught:
        open_store(cassandra_server, cassandra_keyspace, "wrong-secret", CassandraSettings())
    assert "wrong-secret" not in str(caught.value)


@pytest.mark.servers
def test_a_wrong_data_center_is_unavailable_by_name(cassandra_server: Access, cassandra_keyspace: str) -> None:
    with pytest.raises(StoreUnavailable):
        open_store(
            cassandra_server,
            cassandra_keyspace,
            cassandra_server.password,
            CassandraSettings(data_center="nowhere", timeout_s=3),
        )


def test_a_host_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        CassandraMentions(["127.0.0.1"], 1, "k", user="u", password="p", settings=CassandraSettings(timeout_s=3))


@pytest.mark.servers
def test_what_is_written_after_a_mark_wins_although_its_clock_is_behind(
    cassandra_server: Access, cassandra_keyspace: str
) -> None:
    hour_us = 3_600 * 1_000_000
    stores = [
        open_store(cassandra_server, cassandra_keyspace, cassandra_server.password, CassandraSettings())
        for _ in range(2)
    ]
    try:
        ahead, behind = stores
        ahead.prepare()
        behind.prepare()
        ahead.write_after(ahead.written_until() + hour_us)
        ahead.set_state("who", "ahead")
        behind.set_state("who", "behind")
        assert behind.get_state("who") == "ahead"
        behind.write_after(ahead.written_until())
        behind.set_state("who", "behind")
        assert behind.get_state("who") == "behind"
    finally:
        for store in stores:
            store.close()
