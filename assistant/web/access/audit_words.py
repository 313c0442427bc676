"""What the audit chain keeps as codes, in words: for the page. The chain itself stays as it is."""

import json
from collections.abc import Iterator, Mapping

from assistant.access.accounts import PERMISSION_NAMES, ROLE_NAMES
from assistant.domain.region import RegionTree

ACTORS: Mapping[str, str] = {"cli": "服务器命令行", "system": "系统", "": "未登录"}
ACTIONS: Mapping[str, str] = {
    "account.add": "添加账号",
    "account.change": "修改账号",
    "account.password": "修改密码",
    "account.unlock": "解除登录限制",
    "answer.restored": "恢复答复",
    "answer.withdrawn": "撤回答复",
    "audit.payload_erased": "依法删除记录内容",
    "bound.bound": "设误差上限",
    "bound.none": "取消误差上限",
    "bound.setting": "误差上限改回设置",
    "calendar.clear": "恢复工作日历",
    "calendar.set": "设置工作日",
    "calendar.set_year": "录入全年放假安排",
    "clip.approved": "上架短视频",
    "clip.cleared": "核对短视频",
    "clip.withdrawn": "下架短视频",
    "knowledge.upload": "上传资料",
    "lay_term.removed": "删去提议的俗称",
    "ledger.export": "导出台账",
    "morning.export": "导出晨报",
    "ledger.session_export": "导出回放",
    "person.erase": "删除个人信息",
    "person.export": "导出个人信息",
    "records.purge": "清理到期内容",
    "review.escalate": "催办复核",
    "review.final": "复核结果生效",
    "review.mark": "复核加急",
    "review.merge": "合并复核",
    "review.returned": "部门退回",
    "review.send_now": "立即发出",
    "review.settle": "复核处理",
    "review.split": "拆出复核",
    "review.take_over": "接手复核",
    "review.undo": "撤销复核",
    "room.acknowledge": "确认提醒",
    "room.add": "新建直播间",
    "duty.plan": "修改值班",
    "room.approve": "批准播出",
    "room.automatic": "开关自动答复",
    "room.card": "盖板",
    "room.close": "结束直播",
    "room.edit": "修改直播间",
    "room.export": "导出逐条明细",
    "room.freed": "恢复自动答复",
    "room.give_back": "交还",
    "room.held": "停止自动答复",
    "room.mute": "停播报",
    "room.open": "开播",
    "room.paste": "粘贴评论",
    "room.pause": "暂停",
    "room.pick": "播出固定用语",
    "room.present": "值班确认在岗",
    "room.resume": "继续",
    "room.review": "转复核",
    "room.say": "播出自己的话",
    "room.script_end": "结束讲稿",
    "room.script_hold": "暂停讲稿",
    "room.script_jump": "跳到讲稿的一段",
    "room.script_taking": "改答问时机",
    "room.settled": "标记已处理",
    "room.skip": "跳过",
    "room.sound": "开关画面声音",
    "room.take_over": "接管",
    "room.topic": "改主题",
    "room.withdraw": "撤下待播",
    "rules.revert": "恢复内容规则",
    "rules.save": "保存内容规则",
    "studio.air": "播出直播稿",
    "studio.end": "直播稿播完",
    "studio.not_begun": "没有按时开播",
    "studio.return": "播出中退回审核",
    "studio.stop": "提前结束直播稿",
    "studio.approve": "批准直播稿",
    "studio.archive": "归档直播稿",
    "studio.ask_changes": "退回直播稿",
    "studio.cancel": "取消起草",
    "studio.comment": "批注直播稿",
    "studio.comment_settled": "处理批注",
    "studio.create": "新建直播稿",
    "studio.draft": "起草直播稿",
    "studio.drop": "弃用直播稿",
    "studio.edit": "修改直播稿",
    "studio.film": "制作短视频",
    "studio.film_cancel": "停止制作短视频",
    "studio.reopen": "重新修改直播稿",
    "studio.schedule": "直播排期",
    "studio.source_changed": "直播稿依据变动",
    "studio.submit": "提交审核",
    "studio.take_back": "撤回直播稿",
    "studio.unschedule": "取消排期",
    "session.end": "退出登录",
    "session.end_all": "在所有设备上退出",
    "session.refused": "登录被拒",
    "session.start": "登录",
    "template.added": "上传课件模板",
    "template.chosen": "选课件模板",
    "template.removed": "删去课件模板",
    "token.add": "生成程序令牌",
    "token.revoke": "撤销程序令牌",
}
"""An action that stands in none of these is shown by its code: nothing is hidden."""
_KEYS: Mapping[str, str] = {
    "accepted": "条数", "address": "来自", "aloud": "口播", "cases": "件", "confidence": "可信度",
    "disabled": "停用", "display_name": "姓名", "faqs": "问答", "filter": "条件", "id": "编号",
    "is_outsourced": "外包", "kind": "处理", "name": "登录名", "note": "说明", "on": "打开",
    "confirm": "确认间隔", "hours": "自动时段", "officers": "值班表", "quiet": "离开分钟",
    "part": "段", "question": "问题", "rate": "最多错", "reason": "原因", "regions": "地区",
    "roles": "角色", "room": "直播间", "rows": "行数", "scopes": "权限", "session": "场次",
    "taking": "答问", "text": "内容", "version": "版本",
}  # fmt: skip
_VALUES: Mapping[str, str] = {"True": "是", "False": "否", "None": "无"} | {
    "at_once": "随时",
    "between": "段间",
    "duty": "值班人员不在岗",
    "hours": "不在自动答复时段",
    **{role.value: name for role, name in ROLE_NAMES.items()},
    **{one.value: name for one, name in PERMISSION_NAMES.items()},
}


def action_of(code: str) -> str:
    """What was done, in words."""
    return ACTIONS.get(code, code)


def told(body: str, regions: RegionTree) -> str:
    """What the chain keeps of it, in words; what cannot be read so stands as it is."""
    try:
        found = json.loads(body)
    except ValueError:
        return body
    if not isinstance(found, dict):
        return body
    return "；".join(_parts(found, regions))


def _parts(found: Mapping[str, object], regions: RegionTree) -> Iterator[str]:
    for key, value in found.items():
        if key == "regions" and isinstance(value, list):
            yield f"地区 {'、'.join(place_name(str(one), regions) for one in value) or '全部'}"
        elif value not in ("", [], {}, None):
            yield f"{_KEYS.get(key, key)} {_value(value)}"


def _value(value: object) -> str:
    if isinstance(value, list):
        return "、".join(_value(one) for one in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return _VALUES.get(str(value), str(value))


def place_name(code: str, regions: RegionTree) -> str:
    """A region by its name; by its code where it is not known."""
    place = regions.get(code)
    return place.name if place else code
