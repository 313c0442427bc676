"""Which column of a table is which key: by a mapping file, or by the usual Chinese headings.

A mapping file is TOML or JSON:

    kind = "service_guide"            # or "faq"; default service_guide
    sheet = "事项清单"                 # default: every sheet that has the columns
    header_row = 2                    # counted from 1; default: found
    [columns]                         # heading = key of FORMATS §2; nested keys with a dot
    "事项名称" = "name"
    "办公时间" = "locations.hours"
    [separators]                      # key = characters between the items of its list
    materials = "；"
    [defaults]                        # keys that every row has
    region = "330383"
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.domain.source import SourceKind
from assistant.errors import FormatError
from assistant.retrieval.format_rows import ROWS
from assistant.retrieval.readers.sheet_cells import known_keys

GUIDE_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "编号", "事项编号"),
    "name": ("事项名称", "业务办理项名称", "办理项名称", "子项名称", "服务事项", "事项", "name"),
    "aliases": ("别名", "俗称", "常用名", "aliases"),
    "parent": ("主项名称", "主项", "大项名称", "parent"),
    "code": ("实施编码", "事项编码", "业务办理项编码", "code"),
    "base_code": ("基本编码", "目录编码", "base_code"),
    "item_type": ("事项类型", "权力类型", "办件性质", "item_type"),
    "region": ("行政区划", "区划代码", "行政区划代码", "region"),
    "authority": ("实施主体", "实施机关", "办理单位", "责任单位", "牵头部门", "authority"),
    "audience": ("服务对象", "办理对象", "面向对象", "audience"),
    "conditions": ("受理条件", "办理条件", "申请条件", "conditions"),
    "materials": ("申请材料", "办理材料", "所需材料", "材料清单", "材料", "materials"),
    "steps": ("办理流程", "办事流程", "流程", "steps"),
    "statutory_limit": ("法定办结时限", "法定时限", "法定期限", "statutory_limit"),
    "promised_limit": ("承诺办结时限", "承诺时限", "承诺期限", "promised_limit"),
    "fee": ("收费", "是否收费", "收费标准", "收费情况", "费用", "fee"),
    "locations.name": ("办理场所", "办理窗口名称", "大厅名称"),
    "locations.address": ("办理地点", "办理地址", "办事地点", "地址", "窗口地址"),
    "locations.window": ("窗口", "窗口号", "办理窗口"),
    "locations.hours": ("办理时间", "办公时间", "工作时间", "受理时间"),
    "locations.phone": ("窗口电话", "办公电话"),
    "consult_phone": ("咨询电话", "咨询方式", "咨询监督电话", "联系电话", "consult_phone"),
    "complaint_phone": ("投诉电话", "监督电话", "监督投诉电话", "投诉方式", "complaint_phone"),
    "online.available": ("是否网办", "是否可网办", "是否支持网上办理", "可否网办", "网上办理"),
    "online.platform": ("网办平台", "办理平台"),
    "online.url": ("网办地址", "网上办理地址", "办理链接", "在线办理网址", "网址"),
    "visits": ("到现场次数", "到办事现场次数", "跑动次数", "visits"),
    "appointment": ("是否支持预约", "是否预约", "预约办理", "appointment"),
    "courier": ("是否支持快递", "物流快递", "是否支持物流快递", "快递送达", "courier"),
    "result": ("办理结果", "结果名称", "审批结果", "证照名称", "result"),
    "basis": ("设定依据", "法律依据", "办理依据", "basis"),
    "tags": ("标签", "主题", "主题分类", "tags"),
    "effective_from": ("施行日期", "生效日期", "启用日期"),
    "effective_to": ("失效日期", "停用日期"),
    "updated_on": ("更新日期", "更新时间"),
    "source_url": ("来源网址", "来源", "原文链接", "source_url"),
}
FAQ_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "编号"),
    "question": ("问题", "常见问题", "标准问", "标准问题", "提问", "question"),
    "answer": ("答案", "回答", "答复", "解答", "answer"),
    "similar_questions": ("相似问", "相似问题", "similar_questions"),
    "negative_questions": ("反例问题", "排除问题", "negative_questions"),
    "region": ("行政区划", "区划代码", "region"),
    "tags": ("标签", "主题", "分类", "tags"),
    "effective_from": ("生效日期",),
    "effective_to": ("失效日期",),
}
_NEEDED: Mapping[SourceKind, frozenset[str]] = {
    SourceKind.GUIDE: frozenset({"name"}),
    SourceKind.FAQ: frozenset({"question", "answer"}),
}
_LEAST_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How rows become sources; `columns` is heading → key."""

    kind: SourceKind = SourceKind.GUIDE
    columns: Mapping[str, str] = field(default_factory=dict)
    separators: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    sheet: str | None = None
    header_row: int | None = None


def load_mapping(path: Path) -> TableMapping:
    """A mapping file.

    Raises:
        FormatError: it cannot be read, or maps to a key that the kind does not have.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        row = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
        return _mapping(row)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise FormatError(f"映射文件有误：{error}", where=path.name) from None


def _mapping(row: dict[str, Any]) -> TableMapping:
    unknown = set(row) - {"kind", "columns", "separators", "defaults", "sheet", "header_row"}
    if unknown:
        raise ValueError(f"未知的键 {'、'.join(sorted(unknown))}")
    kind = SourceKind(row.get("kind", SourceKind.GUIDE))
    if kind not in _NEEDED:
        raise ValueError(f"kind 应为 {'、'.join(_NEEDED)} 之一")
    columns = {heading_key(heading): key for heading, key in row["columns"].items()}
    strange = set(columns.values()) - known_keys(list(ROWS[kind].model_fields))
    if strange:
        raise ValueError(f"{kind} 没有键 {'、'.join(sorted(strange))}")
    if not _NEEDED[kind] <= set(columns.values()):
        raise ValueError(f"columns 缺少 {'、'.join(sorted(_NEEDED[kind]))}")
    return TableMapping(
        kind,
        columns,
        row.get("separators", {}),
        row.get("defaults", {}),
        row.get("sheet"),
        row.get("header_row"),
    )


def default_mapping(headings: list[str]) -> TableMapping | None:
    """The mapping that a row of headings suggests; None where it is no table of guides or FAQs."""
    for kind, known in ((SourceKind.GUIDE, GUIDE_HEADINGS), (SourceKind.FAQ, FAQ_HEADINGS)):
        key_of = {heading_key(word): key for key, words in known.items() for word in words}
        columns = {word: key_of[word] for word in map(heading_key, headings) if word in key_of}
        if _NEEDED[kind] <= set(columns.values()) and len(columns) >= _LEAST_COLUMNS:
            return TableMapping(kind, columns)
    return None


def heading_key(heading: object) -> str:
    """A heading without white space, stars and remarks in brackets: `* 事项名称（必填）`."""
    tight = re.sub(r"[\s*＊:：]", "", str(heading)).lower()
    return re.sub(r"[（(].*?[）)]$", "", tight) or tight
