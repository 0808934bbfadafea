"""A served home for tests: the resolved home of tests.kg.gold_home, with a golden set, one key a role, and a client."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from kg.config import Config, load_config
from kg.home import Home
from kg.keys import ROLES, Role, add_key
from kg.server import create_app
from tests.kg.gold_home import gold_rows, write_rows

API = "/api/v1"
BASE = "http://localhost"


@dataclass(frozen=True)
class Service:
    """A running app: its client, its configuration, and a key for each role."""

    client: TestClient
    config: Config
    keys: dict[Role, str]

    def get(self, path: str, **query: Any) -> Any:
        """Return the JSON of an answer that must be 200."""
        answer = self.client.get(API + path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any, role: Role | None = None) -> Any:
        """Return the JSON of an answer that must be 200."""
        answer = self.client.post(API + path, json=body, headers=self.bearer(role) if role else None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def bearer(self, role: Role) -> dict[str, str]:
        """Return the header with the key of a role."""
        return {"Authorization": f"Bearer {self.keys[role]}"}


def copied(home: Path, folder: Path) -> Config:
    """Return the configuration of a copy of a home's folder, for tests that change it."""
    shutil.copytree(home, folder)
    (folder / "data" / "gold").mkdir(exist_ok=True)
    write_rows(folder / "data" / "gold" / "all.jsonl", gold_rows())
    return load_config(folder / "kg.toml")


@contextmanager
def service(config: Config, **settings: Any) -> Iterator[Service]:
    """Serve a home with other settings than the default ones."""
    config = replace(config, serve=replace(config.serve, **({"rate": 0.0, "request_timeout_s": 600.0} | settings)))
    with Home(config) as home:
        keys = {role: add_key(home, f"test {role}", role)[1] for role in ROLES}
    with TestClient(create_app(config), base_url=BASE) as client:
        yield Service(client, config, keys)
