"""`assistant hosts`: what can leave this machine, and where it goes."""

import asyncio
import json
from dataclasses import asdict
from typing import Annotated

import typer

from assistant.bootstrap import Settings, open_library, outside_hosts, voice_consents


def hosts(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List every outside host that the settings can contact, and what is sent there."""
    settings = Settings()
    found = outside_hosts(settings, consented=asyncio.run(_consented(settings)))
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    if not found:
        typer.echo("按现在的设置，不访问任何外部主机。")
    for one in found:
        typer.echo(f"{one.part}\t{one.host}\t{one.state}\n    发送：{one.sent}")


async def _consented(settings: Settings) -> bool:
    async with open_library(settings) as library:
        found = await voice_consents(library).current()
    return found is not None and found.given
