"""A room's setting for its broadcasts: `[rooms.<id>.broadcast]` in assistant.toml."""

from collections.abc import Mapping

from assistant.domain.broadcast import Taking
from assistant.errors import ConfigurationError


def taking_of(room_id: str, table: object) -> Taking:
    """When questions are taken. Raises ConfigurationError for what is not known."""
    if table is None:
        return Taking.AT_ONCE
    chosen = table.get("questions") if isinstance(table, Mapping) else None
    if not isinstance(table, Mapping) or set(table) != {"questions"} or chosen not in set(Taking):
        raise ConfigurationError(
            f"[rooms.{room_id}.broadcast] 只认 questions",
            hint="questions 是 at_once（随时答）或 between（段间答）",
        )
    return Taking(str(chosen))
