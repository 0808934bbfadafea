from pathlib import Path

import pytest

from kg.config import load_config
from kg.home import Home
from kg.provisional import _memory, _remember
from linkers.clustering.stable_ids import NamedLabel


@pytest.mark.parametrize("writes", range(5))
def test_what_was_remembered_stays_whole_when_a_run_is_killed_between_two_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    before = {label: NamedLabel(f"id-{label}", f"id-{label}", 1) for label in "abcdefgh"}
    after = before | {label: NamedLabel(f"id-{label}", f"id-{label}", 2) for label in "efghijkl"}
    with Home(load_config(home=tmp_path / "home")) as home, home.writing():
        _remember(home, before, {})
        write, left = home.mentions.set_state, writes

        def until_killed(key: str, value: str) -> None:
            nonlocal left
            if not left:
                raise KeyboardInterrupt
            left -= 1
            write(key, value)

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(home.mentions, "set_state", until_killed)
            _remember(home, after, before)
        assert _memory(home) == before
        _remember(home, after, before)
        assert _memory(home) == after
