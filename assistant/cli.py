"""The command line. Modules of `assistant.commands` are imported only by the command that runs."""

import sys

import typer

from assistant import __version__
from assistant.errors import AssistantError

app = typer.Typer(
    name="assistant",
    help="Livestream question desk for government service centres.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _common(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True),
) -> None:
    """Answer viewers' questions with the clause beside the answer."""


def main() -> None:
    """Run the command line; an expected error is one line on standard error and status 1."""
    try:
        app()
    except AssistantError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(1)
