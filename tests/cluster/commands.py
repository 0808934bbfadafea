"""Runs several `kg` commands in one process, with everything logged that any library logs.

    python -m tests.cluster.commands '[["stats"], ["resolve"]]'

Prints "exit N" after each on standard output.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

ROOT = Path(__file__).parents[2]


def run_commands(
    commands: Sequence[Sequence[str]], environment: Mapping[str, str], folder: Path, timeout_s: float = 300
) -> subprocess.CompletedProcess[bytes]:
    """Run commands of kg in a folder, one after another in one process of its own; return what it printed."""
    command = [sys.executable, "-m", "tests.cluster.commands", json.dumps([list(each) for each in commands])]
    path = {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **path, **environment},
        capture_output=True,
        timeout=timeout_s,
        check=False,
    )


def main() -> None:
    """Run the commands that standard input gives."""
    from kg.cli.main import cli

    logging.basicConfig(level=logging.DEBUG)
    for arguments in json.loads(sys.argv[1]):
        try:
            code = cli(arguments, prog_name="kg", standalone_mode=False)
        except click.exceptions.Exit as error:
            code = error.exit_code
        except SystemExit as error:
            code = error.code
        sys.stdout.write(f"exit {code or 0}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
