"""The guide to the API: its requests are sent, its table of settings is what the code has."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from kg.demo import run_demo
from kg.home import Home
from kg.serve_config import ServeConfig
from tests.homes import embedded
from tests.kg.server.served_home import Service, service

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "api.md").read_text(encoding="utf-8")
REQUEST = re.compile(r"^(GET|POST) (\S+)\n(\{.*\})?", re.MULTILINE)
REQUESTS = [found for block in re.findall(r"```http\n(.*?)```", GUIDE, re.DOTALL) for found in REQUEST.findall(block)]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    config = embedded(tmp_path_factory.mktemp("demo"))
    with Home(config) as home:
        run_demo(home, tell=lambda _: None)
    with service(config) as running:
        yield running


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
def test_the_requests_of_the_guide_are_answered(demo: Service, method: str, path: str, body: str) -> None:
    answer = demo.client.request(method, path, json=json.loads(body) if body else None)
    without_vectors = "way=vector" in path  # the tests' home has none
    assert answer.status_code == (400 if without_vectors else 200), answer.text
    told = answer.json()
    assert without_vectors or any(told.values())


def test_the_settings_of_the_guide_are_those_of_the_code() -> None:
    written = tomllib.loads(re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)[0])["serve"]
    assert written == {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(ServeConfig()).items()}


def test_the_requests_are_found_in_the_guide() -> None:
    assert len(REQUESTS) > 15
