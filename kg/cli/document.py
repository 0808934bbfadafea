"""Writes docs/cli.md: every command with its help, as the commands themselves say it."""

import sys
from collections.abc import Iterator

import click

from kg.cli.main import cli

_WIDTH = 110
_HEADER = """# Command line

Written by `make docs` from the commands themselves; a test compares the two.

Progress and notices go to standard error, data to standard output. Exit code 0: done, 1: a named error, 2: wrong usage.
"""


def document() -> str:
    """Return the documentation of all commands as Markdown."""
    context = click.Context(
        cli, info_name="kg", max_content_width=_WIDTH, terminal_width=_WIDTH, help_option_names=["-h", "--help"]
    )
    return _HEADER + "".join(_sections(cli, context))


def _sections(command: click.Command, context: click.Context) -> Iterator[str]:
    name = context.command_path
    yield f"\n## {name}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
    if isinstance(command, click.Group):
        for sub_name in command.list_commands(context):
            sub = command.commands[sub_name]
            yield from _sections(
                sub,
                click.Context(sub, parent=context, info_name=sub_name, max_content_width=_WIDTH, terminal_width=_WIDTH),
            )


if __name__ == "__main__":
    sys.stdout.write(document())
