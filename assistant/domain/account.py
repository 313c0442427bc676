"""Who works here: accounts, their roles, sessions, tokens, and what has failed at the door."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is here for; one person may have several."""

    OPERATOR = "operator"
    REVIEWER = "reviewer"
    EDITOR = "editor"
    EVALUATOR = "evaluator"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Account:
    """A member of staff. `name` is what they log in with, `display_name` what others see.

    `regions` limits what they see to these regions and those below; empty means the whole
    organisation. Who is outsourced may never approve, whatever their roles (issue 4).
    """

    id: str
    organization: str
    name: str
    display_name: str
    roles: frozenset[Role]
    regions: tuple[str, ...] = ()
    is_outsourced: bool = False
    disabled_at: datetime | None = None

    @property
    def disabled(self) -> bool:
        """Whether they may not come in any more."""
        return self.disabled_at is not None


@dataclass(frozen=True, slots=True)
class Session:
    """One login. `token_digest` is the SHA-256 of the secret that only the browser has."""

    token_digest: str
    account_id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A program's key: it may do what is in `scopes`, and never more than its account may."""

    id: str
    account_id: str
    name: str
    token_digest: str
    scopes: frozenset[str]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attempts:
    """Failed logins of one account or from one address; until when further ones are refused."""

    failures: int
    last_at: datetime
    blocked_until: datetime | None = None
