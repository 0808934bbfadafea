"""A document with very many mentions is taken in and decided whole, within memory that grows with the mentions alone.

KG_MANY_MENTIONS is how many; 100,000 take about twice as long.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.many_mentions import EVERY_UNKNOWN

COUNT = int(os.environ.get("KG_MANY_MENTIONS", "50000"))
PROCESS_MB = 1_300
"""What the models, the index and the engines take without any mention, and some room."""
MENTION_KB = 22


@pytest.mark.slow
def test_every_mention_of_a_document_is_decided_in_bounded_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.hostile.many_mentions", str(tmp_path), str(COUNT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    unknown = COUNT // EVERY_UNKNOWN
    assert (told["mentions"], told["as_written"]) == (COUNT, True)
    assert told["decisions"] == {"link": COUNT - unknown, "review": 0, "nil": unknown}
    assert told["linked"] == COUNT - unknown, "each link is to the entity of that name"
    assert told["peak_mb"] < PROCESS_MB + (MENTION_KB * COUNT >> 10)
