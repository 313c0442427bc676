"""How failed logins slow the next ones down: by account and by address, each wait twice the last.

Waiting ends by itself, so that nobody can keep a colleague out for ever by failing in their name;
who is logged in already is not touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from assistant.access.secrets import digest
from assistant.domain.account import Attempts


@dataclass(frozen=True, slots=True)
class Limit:
    """After `free` failures each further one makes everybody wait, from `first` up to `longest`.

    One failure is forgiven for every `forgiven` that passes without another.
    """

    free: int
    forgiven: timedelta
    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(minutes=15)

    def __call__(self, known: Attempts, now: datetime) -> Attempts:
        """What one more failure makes of those before."""
        quiet = max(now - known.last_at, timedelta())
        failures = max(known.failures - quiet // self.forgiven, 0) + 1
        over = failures - self.free
        if over < 0:
            return Attempts(failures, now)
        wait = min(self.first * 2 ** min(over, 20), self.longest)
        return Attempts(failures, now, now + wait)


ACCOUNT = Limit(free=5, forgiven=timedelta(hours=1))
ADDRESS = Limit(free=20, forgiven=timedelta(minutes=2))
"""An office often has one address for all its desks."""
KEPT = timedelta(days=2)
"""Older failures are all forgiven; nothing needs to be known of them."""


def account_key(name: str) -> str:
    """The key of an account; a digest, for people type passwords where names belong."""
    return digest(f"account:{name}")


def address_key(address: str) -> str:
    """The key of an address; of IPv6 the network of 64 bits, which one machine has whole."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return digest(f"address:{address}")
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        known = str(mapped) if mapped else f"{int(parsed) >> 64:x}/64"
        return digest(f"address:{known}")
    return digest(f"address:{parsed}")


def limits(name: str, address: str) -> Mapping[str, Limit]:
    """What a login from an address in a name counts against."""
    return {account_key(name): ACCOUNT, address_key(address): ADDRESS}
