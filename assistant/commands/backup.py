"""`assistant backup FILE` and `assistant backup restore FILE`."""

import json
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from assistant.bootstrap import Settings
from assistant.domain.clock import system_clock
from assistant.records.archive import BackupManifest
from assistant.records.backup import back_up, restore


class CreateByDefault(TyperGroup):
    """`backup FILE` is short for `backup create FILE`."""

    def parse_args(self, ctx: object, args: list[str]) -> list[str]:
        """Put the command's name in front where it is missing."""
        if args and args[0] not in {*self.commands, "--help"}:
            args = ["create", *args]
        return super().parse_args(ctx, args)  # type: ignore[arg-type]  # typer vendors click


app = typer.Typer(
    cls=CreateByDefault,
    help="Copy everything while serving, or bring a copy back.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)

AsJson = Annotated[bool, typer.Option("--json", help="Print the manifest as JSON.")]


@app.command("create")
def create_command(
    file: Annotated[Path, typer.Argument(help="New .tar.gz file, or new folder.")],
    as_json: AsJson = False,
) -> None:
    """Write a consistent copy of the database and the data folder."""
    settings = Settings()
    manifest = back_up(settings.sql_url, settings.data_dir, file, system_clock)
    _tell(manifest, f"已备份到 {file}", as_json=as_json)


@app.command("restore")
def restore_command(
    file: Annotated[Path, typer.Argument(help="A backup: .tar.gz file or folder.")],
    as_json: AsJson = False,
) -> None:
    """Bring a backup back into an empty data folder (and an empty database server)."""
    settings = Settings()
    manifest = restore(settings.sql_url, settings.data_dir, file)
    _tell(manifest, f"已恢复到 {settings.data_dir}，索引会在下次启动时重建", as_json=as_json)


def _tell(manifest: BackupManifest, line: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(summary(manifest), ensure_ascii=False))
        return
    typer.echo(f"{line}（{len(manifest.files)} 个文件，{manifest.size / 1e6:.1f} MB）")
    if manifest.left_out:
        typer.echo(f"未包含（可重建）：{'、'.join(manifest.left_out)}")


def summary(manifest: BackupManifest) -> dict[str, object]:
    """What `--json` prints."""
    return {
        "made_at": manifest.made_at.isoformat(),
        "program": manifest.program,
        "database": manifest.dialect,
        "revision": manifest.revision,
        "files": len(manifest.files),
        "bytes": manifest.size,
        "left_out": list(manifest.left_out),
    }
