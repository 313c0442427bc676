"""Who may do what with a stream, by its region, its state and who wrote it."""

from assistant.access.accounts import Account, Permission, may, may_at
from assistant.domain.region import RegionTree
from assistant.domain.studio_flow import FROZEN, WRITABLE, Step, Stream, steps_from
from assistant.errors import Conflict, Forbidden, NotFound

_WRITING = frozenset({Step.SUBMIT, Step.TAKE_BACK, Step.REOPEN, Step.DROP})
_TIMING = frozenset({Step.SCHEDULE, Step.UNSCHEDULE, Step.AIR, Step.ARCHIVE})
WROTE_IT = "写过或改过这份稿子的人不能批准它，请另一位审核人批准"


class StudioRights:
    """Editors write, others than the writers approve, everybody else sees what is approved."""

    def __init__(self, regions: RegionTree) -> None:
        self._regions = regions

    def enter(self, account: Account) -> None:
        """Whether someone has any business here. Raises Forbidden."""
        if not may(account, Permission.READ_SCRIPTS):
            raise Forbidden("您没有看直播稿的权限")

    def new(self, account: Account, region: str | None) -> None:
        """Whether someone may draft for a region. Raises Forbidden."""
        if not self._at(account, Permission.WRITE_SCRIPTS, region):
            raise Forbidden("您没有在这个地区写直播稿的权限")

    def for_all(self, account: Account) -> None:
        """Whether someone may change what the whole office uses. Raises Forbidden."""
        if not self._at(account, Permission.WRITE_SCRIPTS, None):
            raise Forbidden("模板是全单位共用的，您没有改它的权限")

    def outfit(self, account: Account, stream: Stream) -> None:
        """Whether someone may choose how a stream's files look, whatever its state."""
        self.read(account, stream)
        if not self.writes(account, stream):
            raise Forbidden("您没有改这份稿子的权限")

    def reads_at(self, account: Account, region: str | None) -> bool:
        """Whether someone reads what is approved in a region."""
        return self._at(account, Permission.READ_SCRIPTS, region)

    def sees(self, account: Account, stream: Stream) -> bool:
        """Whether someone may read a stream."""
        if not self.reads_at(account, stream.region):
            return False
        return (
            stream.state in FROZEN or self.writes(account, stream) or self.judges(account, stream)
        )

    def read(self, account: Account, stream: Stream) -> None:
        """Raises NotFound for a stream that is not there for someone."""
        self.enter(account)
        if not self.sees(account, stream):
            raise NotFound("没有这场直播")

    def writes(self, account: Account, stream: Stream) -> bool:
        """Whether someone is an editor here, whatever the state."""
        return self._at(account, Permission.WRITE_SCRIPTS, stream.region)

    def judges(self, account: Account, stream: Stream) -> bool:
        """Whether someone approves here, whoever wrote it."""
        return self._at(account, Permission.APPROVE_SCRIPTS, stream.region)

    def write(self, account: Account, stream: Stream) -> None:
        """Raises Forbidden, and Conflict where words may not change now."""
        self.read(account, stream)
        if not self.writes(account, stream):
            raise Forbidden("您没有改这份稿子的权限")
        if stream.state not in WRITABLE:
            raise Conflict("稿子已提交，不能再改", hint="先撤回到草稿，或请审核人退回修改")

    def comment(self, account: Account, stream: Stream) -> None:
        """Raises Forbidden for who neither writes nor approves here."""
        self.read(account, stream)
        if not (self.writes(account, stream) or self.judges(account, stream)):
            raise Forbidden("您没有批注这份稿子的权限")

    def step(self, account: Account, stream: Stream, step: Step) -> None:
        """Whether someone may take a step from here. Raises Forbidden, Conflict."""
        self.read(account, stream)
        if not self._may(account, stream, step):
            told = step is Step.APPROVE and self.judges(account, stream)
            raise Forbidden(WROTE_IT if told else "您没有这项操作的权限")
        if step not in steps_from(stream.state):
            raise Conflict("这场直播的状态变了，现在不能这样做", hint="请刷新页面")

    def steps(self, account: Account, stream: Stream) -> tuple[Step, ...]:
        """What someone may do with a stream now."""
        return tuple(s for s in steps_from(stream.state) if self._may(account, stream, s))

    def _may(self, account: Account, stream: Stream, step: Step) -> bool:
        if step in _WRITING:
            return self.writes(account, stream)
        if step is Step.APPROVE:
            return self.judges(account, stream) and account.id not in stream.writers
        if step is Step.ASK_CHANGES:
            return self.judges(account, stream)
        runs = self._at(account, Permission.RUN_ROOM, stream.region)
        known = runs or self.writes(account, stream) or self.judges(account, stream)
        return step in _TIMING and known

    def _at(self, account: Account, permission: Permission, region: str | None) -> bool:
        return may_at(account, permission, region, self._regions)
