import subprocess
import sys

from linkers.peak_memory import peak_memory

HELD = 300 << 20
ASK = "from linkers.peak_memory import peak_memory; print(peak_memory())"


def test_memory_that_was_given_back_counts() -> None:
    block = bytearray(b"\1") * HELD
    del block
    assert peak_memory() > HELD


def test_what_the_parent_holds_does_not_count() -> None:
    block = bytearray(b"\1") * HELD
    told = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True).stdout
    assert len(block) == HELD
    assert int(told) < HELD
