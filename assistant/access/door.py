"""The door: logging in, changing one's password, and the first administrator's one-time code."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.access import throttle
from assistant.access.accounts import Account, Role
from assistant.access.audit import Audit
from assistant.access.passwords import Passwords
from assistant.access.secrets import digest, new_code, plain_code, same
from assistant.access.sessions import Sessions
from assistant.access.staff import NewAccount, Staff, normal_name
from assistant.domain.clock import Clock
from assistant.errors import BadInput, Conflict
from assistant.records.accounts import StoredAccount
from assistant.records.accounts_attempts import AttemptRecords


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Who came in; `token` goes into the browser's cookie and nowhere else."""

    account: Account
    token: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Who did not come in, and how many seconds nobody needs to try again (0: at once)."""

    wait: int = 0


class Door:
    """Where passwords are checked. What fails is counted before it is checked."""

    def __init__(
        self,
        staff: Staff,
        sessions: Sessions,
        attempts: AttemptRecords,
        hashes: Passwords,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._staff = staff
        self._sessions = sessions
        self._attempts = attempts
        self._hashes = hashes
        self._audit = audit
        self._clock = clock

    async def login(self, name: str, password: str, address: str) -> LoggedIn | Refused:
        """Let someone in by name and password.

        The refusal is the same, and takes the same work, for a wrong password, an unknown name
        and a disabled account. Raises Unavailable when too many try at once.
        """
        name = normal_name(name)
        if until := await self._attempts.count(throttle.limits(name, address)):
            return self._wait(until)
        stored = await self._checked(name, password)
        if stored is None or stored.account.disabled:
            await self._note_failure(name, address)
            return Refused()
        token = await self._sessions.start(stored, address)
        if token is None:
            return Refused()
        await self._forgive(name, address)
        return LoggedIn(stored.account, token)

    async def change_password(
        self, account: Account, old: str, new: str, address: str
    ) -> LoggedIn | Refused:
        """Change one's own password: every session ends, and a new one begins.

        Raises BadInput for a new password that is easily guessed.
        """
        if until := await self._attempts.count(throttle.limits(account.name, address)):
            return self._wait(until)
        if await self._checked(account.name, old) is None:
            return Refused()
        await self._forgive(account.name, address)
        await self._staff.set_password(account.id, account.id, new)
        return await self.login(account.name, new, address)

    async def unlock(self, actor: str, account: Account) -> None:
        """Forgive an account its failed logins."""
        await self._attempts.forget(throttle.account_key(account.name))
        await self._audit.record(actor, "account.unlock", account.id)

    async def try_code(self, address: str) -> Refused | None:
        """Count a try at the one-time code; a refusal where there were too many."""
        limits = {throttle.address_key(address): throttle.ADDRESS}
        until = await self._attempts.count(limits)
        return self._wait(until) if until else None

    async def _checked(self, name: str, password: str) -> StoredAccount | None:
        stored = await self._staff.stored(name)
        known = stored.password_hash if stored else None
        is_right, newer = await self._hashes.verify(password, known)
        if stored is None or not is_right:
            return None
        return await self._staff.rehash(stored, newer) if newer else stored

    async def _note_failure(self, name: str, address: str) -> None:
        """Who failed as whom; an unknown name is not kept, it may be a password."""
        stored = await self._staff.stored(name)
        subject = stored.account.id if stored else ""
        await self._audit.record("", "session.refused", subject, {"address": address})

    async def _forgive(self, name: str, address: str) -> None:
        """The account starts anew; of the address only this one try is taken back."""
        before = self._clock() - throttle.KEPT
        keys = throttle.account_key(name), throttle.address_key(address)
        await self._attempts.succeeded(*keys, before)

    def _wait(self, until: datetime) -> Refused:
        left = until - self._clock()
        return Refused(max(1, -(-left // timedelta(seconds=1))))


class Setup:
    """The first administrator, made with a code that only the terminal of the service shows."""

    def __init__(self, staff: Staff, sessions: Sessions, door: Door) -> None:
        self._staff = staff
        self._sessions = sessions
        self._door = door
        self._code = ""

    async def open(self) -> str | None:
        """A new code, valid until used or the process ends; None where it is not needed."""
        if await self._staff.has_administrator():
            return None
        code = new_code()
        self._code = digest(plain_code(code))
        return code

    async def is_open(self) -> bool:
        """Whether a code was given out and nobody administers yet."""
        return bool(self._code) and not await self._staff.has_administrator()

    async def finish(
        self, code: str, new: NewAccount, password: str, address: str
    ) -> LoggedIn | Refused:
        """Make the first administrator and let them in.

        They may also run the room, so that one person can begin. Raises BadInput for a wrong code
        or a bad name or password, Conflict where somebody administers already.
        """
        if refused := await self._door.try_code(address):
            return refused
        if not await self.is_open():
            raise Conflict("已经有管理员了", hint="请直接登录")
        if not same(digest(plain_code(code)), self._code):
            raise BadInput("一次性代码不对", hint="请核对服务终端里显示的代码")
        roles = frozenset({Role.ADMINISTRATOR, Role.OPERATOR})
        wanted = NewAccount(new.name, roles, new.display_name)
        stored = await self._staff.add("", wanted, password, first=True)
        self._code = ""
        token = await self._sessions.start(stored, address)
        return LoggedIn(stored.account, token) if token else Refused()
