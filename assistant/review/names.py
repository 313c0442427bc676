"""Chinese names of what the records hold as codes."""

from collections.abc import Mapping

from assistant.domain.answer import Route
from assistant.domain.live import OutcomeKind, QuestionState, Urgency
from assistant.domain.review import ResolutionKind
from assistant.domain.verdict import Action

KIND_NAMES: Mapping[str, str] = {
    OutcomeKind.SPOKEN: "口播答复",
    OutcomeKind.REPLIED: "文字答复",
    OutcomeKind.QUEUED_FOR_REVIEW: "转人工",
    OutcomeKind.MERGED: "合并",
    OutcomeKind.SET_ASIDE: "未作答",
}
STATE_NAMES: Mapping[str, str] = {
    QuestionState.OPEN: "正在答",
    QuestionState.ANSWERED: "已答",
    QuestionState.CLARIFIED: "已追问",
    QuestionState.IN_REVIEW: "待人工",
    QuestionState.REFUSED: "不作答",
}
PLATFORM_NAMES: Mapping[str, str] = {
    "page": "自有页面",
    "console": "控制台粘贴",
    "webhook": "签名推送",
    "bilibili": "B站",
    "douyin": "抖音",
    "kuaishou": "快手",
    "wechat_channels": "视频号",
}
CODE_NAMES: Mapping[str, str] = {
    "chatter": "闲聊",
    "greeting": "问候",
    "praise": "称赞感谢",
    "off_topic": "与政务无关",
    "flood": "刷屏",
    "refused": "不宜在直播间答复",
    "complaint": "投诉建议",
    "urgent": "紧急求助",
    "crowded": "提问过多",
    "system_error": "系统出错",
    "manual": "人工确认后播出",
    "no_support": "依据不足",
    "unsafe_answer": "答复不宜播出",
    "harmful_abuse": "辱骂",
    "harmful_discrimination": "歧视",
    "harmful_illegal": "涉违法",
    "harmful_injection": "指令注入",
    "harmful_others_data": "打听他人信息",
    "harmful_own_record": "涉本人档案",
    "harmful_politics": "政治敏感",
    "harmful_rumour": "谣言",
    "harmful_spam": "广告引流",
    "harmful_threat": "威胁",
    "harmful_vice": "涉黄赌毒",
    "harmful_violence": "暴力",
}
ACTION_NAMES: Mapping[str, str] = {
    Action.ANSWER: "答复",
    Action.CLARIFY: "追问",
    Action.REVIEW: "转人工",
    Action.REFUSE: "不作答",
}
ROUTE_NAMES: Mapping[str, str] = {
    Route.GUIDE: "办事指南",
    Route.LINKED: "俗称对应的指南",
    Route.POLICY: "政策原文",
    Route.FAQ: "常见问答",
    Route.CLARIFY: "追问",
    Route.MODEL: "模型改写",
    Route.NONE: "没有草稿",
}
"""How a draft was made."""
RESOLUTION_NAMES: Mapping[str, str] = {
    ResolutionKind.APPROVE: "人工通过",
    ResolutionKind.EDIT: "人工修改",
    ResolutionKind.ANSWER: "人工作答",
    ResolutionKind.ASK_BACK: "人工追问",
    ResolutionKind.REJECT: "人工不予答复",
    ResolutionKind.HAND_OVER: "转部门办理",
    ResolutionKind.CONFIRM: "人工确认",
}
URGENCY_NAMES: Mapping[str, str] = {
    Urgency.NORMAL: "一般",
    Urgency.URGENT: "紧急",
    Urgency.EMERGENCY: "危急",
}
