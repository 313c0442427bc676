"""Brings a database to the newest migration; says so loudly when it is newer than the program."""

import re
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from assistant.errors import ConfigurationError

MIGRATIONS = Path(__file__).parent / "migrations"


def known() -> list[str]:
    """The revisions of this program, oldest first: the numbers of the migration files."""
    names = (path.name for path in (MIGRATIONS / "versions").glob("*.py"))
    return sorted(found.group() for name in names if (found := re.match(r"\d{4}", name)))


def newest() -> str:
    """The revision that this program expects."""
    return known()[-1]


def current(connection: Connection) -> str | None:
    """The revision of a database; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(connection: Connection) -> None:
    """Migrate to head in the caller's transaction. Raises ConfigurationError when impossible."""
    here = current(connection)
    if here == newest():
        return  # the usual case; importing alembic costs a third of a second
    if here is not None and here not in known():
        message = f"数据库的版本是 {here}，本程序只认到 {newest()}"
        raise ConfigurationError(message, hint="请使用更新的程序")
    migrate_to(connection, "head")


def migrate_to(connection: Connection, revision: str) -> None:
    """Migrate up or down to a revision (`head`, `base`, `0001` …) in the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    here = current(connection) or ""
    up = revision == "head" or (revision != "base" and revision > here)
    (command.upgrade if up else command.downgrade)(config, revision)
