"""What each role may do, as one table, and whether an account may do it here."""

from collections.abc import Mapping
from enum import StrEnum

from assistant.domain.account import Account, Role
from assistant.domain.region import RegionTree

__all__ = [
    "APPROVING",
    "BY_ROLE",
    "PERMISSION_NAMES",
    "ROLE_NAMES",
    "Account",
    "Permission",
    "Role",
    "may",
    "may_at",
]


class Permission(StrEnum):
    """One kind of thing that can be done; routes name these, never roles."""

    WATCH_ROOM = "watch_room"
    RUN_ROOM = "run_room"
    """Open, pause, take over, mute, skip, close; acknowledge an alert."""
    PICK_LINE = "pick_line"
    """Have a line said that was approved before."""
    SAY = "say"
    """Put words of one's own on air: an approval (DESIGN §3, OperatorSaid)."""
    SWITCH_AUTOMATIC = "switch_automatic"
    """Let the machine answer by itself: approves what it will say."""
    APPROVE = "approve"
    EDIT_RULES = "edit_rules"
    SET_BOUND = "set_bound"
    """Say how much of what the machine says by itself may be wrong."""
    EDIT_KNOWLEDGE = "edit_knowledge"
    EVALUATE = "evaluate"
    SEE_LEDGER = "see_ledger"
    SEE_AUDIT = "see_audit"
    MANAGE_ACCOUNTS = "manage_accounts"
    READ_SCRIPTS = "read_scripts"
    """See the studio; who neither writes nor approves sees what is approved."""
    WRITE_SCRIPTS = "write_scripts"
    APPROVE_SCRIPTS = "approve_scripts"
    """Approve what somebody else wrote."""


_ROOM = frozenset({Permission.WATCH_ROOM, Permission.RUN_ROOM, Permission.PICK_LINE})

BY_ROLE: Mapping[Role, frozenset[Permission]] = {
    Role.OPERATOR: _ROOM
    | {Permission.SAY, Permission.SWITCH_AUTOMATIC, Permission.EDIT_RULES, Permission.SEE_LEDGER}
    | {Permission.READ_SCRIPTS},
    Role.REVIEWER: frozenset({Permission.WATCH_ROOM, Permission.PICK_LINE, Permission.SAY})
    | {Permission.APPROVE, Permission.SEE_LEDGER}
    | {Permission.READ_SCRIPTS, Permission.APPROVE_SCRIPTS},
    Role.EDITOR: frozenset({Permission.WATCH_ROOM, Permission.EDIT_KNOWLEDGE})
    | {Permission.SEE_LEDGER, Permission.READ_SCRIPTS, Permission.WRITE_SCRIPTS},
    Role.EVALUATOR: frozenset({Permission.WATCH_ROOM, Permission.EVALUATE, Permission.SEE_LEDGER}),
    Role.ADMINISTRATOR: frozenset({Permission.WATCH_ROOM, Permission.EDIT_RULES})
    | {Permission.SET_BOUND}
    | {Permission.SEE_LEDGER, Permission.SEE_AUDIT, Permission.MANAGE_ACCOUNTS}
    | {Permission.READ_SCRIPTS, Permission.APPROVE_SCRIPTS},
}

APPROVING = frozenset(
    {
        Permission.SAY,
        Permission.SWITCH_AUTOMATIC,
        Permission.APPROVE,
        Permission.EDIT_RULES,
        Permission.SET_BOUND,
        Permission.EDIT_KNOWLEDGE,
        Permission.MANAGE_ACCOUNTS,
        Permission.APPROVE_SCRIPTS,
    }
)
"""What decides, directly or in effect, which words go on air; never for who is outsourced."""

ROLE_NAMES: Mapping[Role, str] = {
    Role.OPERATOR: "直播操作员",
    Role.REVIEWER: "复核员",
    Role.EDITOR: "编辑",
    Role.EVALUATOR: "评测员",
    Role.ADMINISTRATOR: "管理员",
}


PERMISSION_NAMES: Mapping[Permission, str] = {
    Permission.WATCH_ROOM: "看直播间",
    Permission.RUN_ROOM: "操作直播间",
    Permission.PICK_LINE: "播放固定用语",
    Permission.SAY: "播出自己的话",
    Permission.SWITCH_AUTOMATIC: "开关自动模式",
    Permission.APPROVE: "审核答复",
    Permission.EDIT_RULES: "修改内容规则",
    Permission.SET_BOUND: "设误差上限",
    Permission.EDIT_KNOWLEDGE: "修改知识库",
    Permission.EVALUATE: "评测",
    Permission.SEE_LEDGER: "看台账",
    Permission.SEE_AUDIT: "看审计记录",
    Permission.MANAGE_ACCOUNTS: "管理账号",
    Permission.READ_SCRIPTS: "看直播稿",
    Permission.WRITE_SCRIPTS: "写直播稿",
    Permission.APPROVE_SCRIPTS: "审批直播稿",
}


def may(account: Account, permission: Permission) -> bool:
    """Whether an account may do this somewhere in its organisation."""
    if account.disabled or (account.is_outsourced and permission in APPROVING):
        return False
    return any(permission in BY_ROLE[role] for role in account.roles)


def may_at(
    account: Account, permission: Permission, region: str | None, regions: RegionTree
) -> bool:
    """Whether an account may do this in a room, or to a case, of a region.

    Who is limited to regions works there and below. What has no region belongs to the whole
    organisation, and so only to those without a limit.
    """
    if not may(account, permission):
        return False
    if not account.regions:
        return True
    return region is not None and not set(regions.lineage(region)).isdisjoint(account.regions)
