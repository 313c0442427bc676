"""The command line. A command's module is imported only when it runs, so `--help` is quick."""

import importlib
import os
import sys
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperGroup

from assistant import __version__
from assistant.errors import AssistantError


@dataclass(frozen=True, slots=True)
class _Command:
    """Where a command lives: `target` is a function or a Typer app in a module of `commands`."""

    module: str
    target: str
    help: str


COMMANDS = {
    "serve": _Command("serve", "serve", "Serve the page, the API and the metrics."),
    "ask": _Command("ask", "ask", "Answer one question."),
    "ingest": _Command("ingest", "ingest", "Add files to the knowledge base."),
    "index": _Command("index", "app", "Rebuild the index, show its state, test what it finds."),
    "eval": _Command("eval", "app", "Measure answers on test sets."),
    "live": _Command("live", "app", "Replay a recorded stream, list the live rooms."),
    "draft": _Command("draft", "draft", "Draft a stream from a brief of one line."),
    "clips": _Command("clips", "app", "Put finished clips on the public shelf, take them off."),
    "voice": _Command("voice", "app", "Say a text to a file; consent; voice ahead of time."),
    "hosts": _Command("hosts", "hosts", "List every outside host and what is sent there."),
    "schema": _Command("schema", "schema", "Print the JSON Schema of an exchange format."),
    "push": _Command("push", "push", "Push a room's stage to RTMP, watched and healed."),
    "user": _Command("user", "app", "Accounts, keys for programs, and the audit chain."),
    "records": _Command("records", "app", "Purge what is too old; a viewer's personal data."),
    "units": _Command("operations", "units_command", "Write systemd units for this installation."),
    "compose": _Command("operations", "compose_command", "Write compose.yaml and Containerfile."),
    "backup": _Command("backup", "app", "Copy everything while serving, or bring a copy back."),
}


class LazyGroup(TyperGroup):
    """A group that knows its commands' names and one-line helps without importing them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All names, in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import a command."""
        del ctx
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        importlib.import_module("assistant.commands.logs").configure_logs("WARNING")
        found = getattr(importlib.import_module(f"assistant.commands.{entry.module}"), entry.target)
        if not isinstance(found, typer.Typer):
            single = typer.Typer(rich_markup_mode=None)
            single.command(cmd_name)(found)
            found = single
        command = typer.main.get_command(found)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands from the table."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


app = typer.Typer(
    cls=LazyGroup,
    name="assistant",
    help="Livestream question desk for government service centres.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
    add_completion=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _common(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Answer viewers' questions with the clause beside the answer."""


def main() -> None:
    """Run the command line; an expected error is one line on standard error and status 1."""
    # One thread a product: on two cores more of them only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app()
    except AssistantError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(1)
