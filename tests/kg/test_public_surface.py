"""What users may rely on."""

import inspect
import subprocess
import sys
from pathlib import Path

import kg

ROOT = Path(__file__).parents[2]
MOST_LINES = 400


def test_the_public_names_are_sorted_complete_and_documented() -> None:
    assert kg.__all__ == sorted(kg.__all__)
    for name in kg.__all__:
        value = getattr(kg, name)
        if not name.startswith("__"):
            assert inspect.getdoc(value), name


def test_a_hidden_part_is_named(tmp_path: Path) -> None:
    (tmp_path / "schemas.py").write_text("", encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import kg"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert "kg needs its own package 'schemas'" in answer.stderr


def test_files_stay_small() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for part in ("kg", "linkers", "loaders", "schemas")
        for path in (ROOT / part).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert not long
