"""Servers of the cluster tests."""

import os
from collections.abc import Iterator

import pytest

from tests.servers.errors import ServerMissing
from tests.servers.kafka import KafkaServer


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServer]:
    """A Kafka that answers."""
    server = KafkaServer(tmp_path_factory.mktemp("kafka"), partitions=1)
    try:
        server.start()
    except ServerMissing as error:
        if os.environ.get("CI") == "true" or os.environ.get("KG_REQUIRE_SERVERS") == "1":
            pytest.fail(f"a real Kafka is required here: {error}", pytrace=False)
        pytest.skip(f"no Kafka: {error}")
    yield server
    server.stop()
