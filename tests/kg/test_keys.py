"""Keys of the server."""

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli.main import cli
from kg.home import Home
from kg.keys import FILE, add_key, keys, match_key, remove_key
from schemas.errors import ConfigError, NotFoundError, TakenError
from tests.homes import embedded


def test_a_key_is_kept_as_a_salted_hash_that_only_its_owner_can_read(tmp_path: Path) -> None:
    with Home(embedded(tmp_path)) as home:
        first, secret = add_key(home, "one", "reader")
        second, other = add_key(home, "two", "editor")
        present = keys(home)
        assert present == [first, second]
        assert match_key(present, secret) == first
        assert match_key(present, other) == second
        for wrong in ("", "kg_", secret[:-1], secret + "x", secret[:17] + other[17:], secret.upper()):
            assert match_key(present, wrong) is None
        file = home.folder / FILE
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert secret.split("_", 2)[2] not in file.read_text(encoding="utf-8")
        assert first.salt != second.salt


def test_roles_rise(tmp_path: Path) -> None:
    with Home(embedded(tmp_path)) as home:
        reviewer, _ = add_key(home, "one", "reviewer")
    assert [reviewer.may(role) for role in ("reader", "reviewer", "editor")] == [True, True, False]


def test_names_are_checked_and_taken_once(tmp_path: Path) -> None:
    with Home(embedded(tmp_path)) as home:
        add_key(home, "one", "reader")
        with pytest.raises(TakenError):
            add_key(home, "one", "editor")
        for name in ("", "a\nb", "x" * 65, "<b>"):
            with pytest.raises(ConfigError):
                add_key(home, name, "reader")
        remove_key(home, "one")
        assert keys(home) == []
        with pytest.raises(NotFoundError):
            remove_key(home, "one")


def test_the_commands(tmp_path: Path) -> None:
    def call(*arguments: str) -> str:
        result = CliRunner().invoke(cli, ["--home", str(tmp_path / "home"), "keys", *arguments], prog_name="kg")
        assert result.exit_code == 0, result.stderr
        return result.stdout

    secret = call("add", "desk", "--role", "reviewer").strip()
    assert "desk" in call("list")
    assert secret not in call("list", "--json")
    with Home(embedded(tmp_path)) as home:
        found = match_key(keys(home), secret)
    assert found is not None
    call("remove", found.id)
    assert call("list", "--json").strip() == "[]"
