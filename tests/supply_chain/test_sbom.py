"""The bills of materials hold what runs and nothing else, are valid, and are the same bytes each time."""

import os
import shutil
from collections.abc import Callable

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.supply_chain.sbom import Bom, as_text, npm_sbom, python_sbom


def made(make: Callable[[], Bom]) -> Bom:
    if make is npm_sbom and shutil.which("npm") is None:
        if os.environ.get("CI") == "true" or os.environ.get("KG_REQUIRE_SERVERS") == "1":
            pytest.fail("npm is required here", pytrace=False)
        pytest.skip("no npm")
    return make()


@pytest.mark.slow
@pytest.mark.parametrize("make", [python_sbom, npm_sbom])
def test_it_is_valid_and_the_same_each_time(make: Callable[[], Bom]) -> None:
    bom = made(make)
    version = SchemaVersion.from_version(bom["specVersion"])
    assert JsonStrictValidator(version).validate_str(as_text(bom)) is None
    assert as_text(bom) == as_text(made(make))
    assert not {"serialNumber", "timestamp"} & (set(bom) | set(bom["metadata"]))
    assert "file://" not in as_text(bom)


def test_python_has_what_runs_and_no_tools() -> None:
    names = {component["name"].lower() for component in python_sbom()["components"]}
    assert {"click", "spacy", "numpy", "pyspark", "confluent-kafka", "blis"} <= names
    assert not {"pytest", "mypy", "ruff", "playwright", "pip-audit", "cyclonedx-bom"} & names


def test_the_page_has_what_is_built_in_and_no_tools() -> None:
    names = {component["name"] for component in made(npm_sbom)["components"]}
    assert {"sigma", "preact"} <= names
    assert not {"vite", "typescript", "vitest"} & names
