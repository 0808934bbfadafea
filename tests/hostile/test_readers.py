"""A thousand damaged files of every format: each is read, or ends in a named error, within bounded memory.

KG_FUZZ_FILES is how many files of each format are made, KG_FUZZ_SEED from which seed. What is read holds nothing that a
store could not hold, and no error holds anything that a terminal would obey.
"""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.hostile.samples import SAMPLES

FILES = int(os.environ.get("KG_FUZZ_FILES", "1000"))
SEED = os.environ.get("KG_FUZZ_SEED", "7")


@pytest.fixture(scope="module")
def told() -> dict[str, dict[str, Any]]:
    """What became of the files of each format; a format after which the process crashed is missing."""
    command = [sys.executable, "-m", "tests.hostile.fuzzing", str(FILES), SEED]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line["format"]: line for line in lines} | {"crash": {"first": [done.stderr[-2000:]]}}


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLES)
def test_damaged_files_are_read_or_refused_by_name(told: dict[str, dict[str, Any]], name: str) -> None:
    assert name in told, told["crash"]["first"]
    found = told[name]
    assert not found["faults"], "\n".join(found["first"])
    counts = found["counts"]
    assert sum(counts.values()) == FILES
    # neither so weak that nothing is found wrong, nor so strong that nothing is read
    assert counts["read"] + counts["in part"] >= FILES // 50
    assert counts["refused"] + counts["in part"] >= FILES // 50 or name == "text.txt"
