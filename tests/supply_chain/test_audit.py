"""An audit says of every package whether it was audited; silence of a service is never a pass."""

from pathlib import Path

import pytest

from tests.supply_chain.audit import ROOT, audit_npm, audit_python, npm_audit, python_audit

ANSWER = {
    "dependencies": [
        {"name": "good", "version": "1.0", "vulns": []},
        {"name": "bad", "version": "2.0", "vulns": [{"id": "PYSEC-2019-217"}, {"id": "PYSEC-2021-66"}]},
        {"name": "unknown", "skip_reason": "Dependency not found on PyPI and could not be audited: unknown (1.0)"},
    ]
}


def test_what_a_service_does_not_know_is_not_audited() -> None:
    audit = python_audit(ANSWER)
    assert audit.audited == ["good==1.0", "bad==2.0"]
    assert audit.not_audited == ["unknown"]
    assert audit.vulnerable == ["bad==2.0: PYSEC-2019-217", "bad==2.0: PYSEC-2021-66"]
    assert "Python: VULNERABLE bad==2.0: PYSEC-2021-66" in audit.lines()


@pytest.mark.parametrize(
    "answer", [{}, {"message": "405 Method Not Allowed - POST https://r"}, {"vulnerabilities": []}]
)
def test_a_registry_that_gives_no_audit_has_audited_nothing(answer: dict[str, object]) -> None:
    audit = npm_audit(answer, ["a==1", "b==2"])
    assert (audit.audited, audit.not_audited) == ([], ["a==1", "b==2"])


def test_a_registry_that_answers_has_audited_all() -> None:
    audit = npm_audit({"vulnerabilities": {"b": {"severity": "high"}}}, ["a==1", "b==2"])
    assert (audit.audited, audit.not_audited, audit.vulnerable) == (["a==1", "b==2"], [], ["b: high"])


def test_a_service_that_falls_silent_has_audited_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([ANSWER, {"dependencies": []}])
    monkeypatch.setattr("tests.supply_chain.audit._pip_audit", lambda _: next(answers))
    pins = tmp_path / "pins.txt"
    pins.write_text("click==8.1.7\n")
    audit = audit_python(pins)
    assert (audit.audited, audit.not_audited) == ([], ["click==8.1.7"])
    assert audit.reason


def test_every_package_is_audited_or_said_not_to_be(tmp_path: Path) -> None:
    pins = tmp_path / "pins.txt"
    pins.write_text("click==8.1.7\n")
    python, npm = audit_python(pins), audit_npm(ROOT / "explorer" / "package-lock.json")
    assert len(python.audited) + len(python.not_audited) == 1
    assert len(npm.audited) + len(npm.not_audited) > 50
    for audit in (python, npm):
        assert not audit.not_audited or audit.reason
