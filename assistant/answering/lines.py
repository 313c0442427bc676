"""Fixed lines: what is said where nothing may be claimed. Versioned, because they are voiced."""

from assistant.domain.verdict import Action

VERSION = "1"

_LINES = {
    Action.REVIEW: "这个问题需要工作人员核实，已为您转交人工，稍后答复。",
    Action.REFUSE: "这个问题不便在直播间答复，您可以拨打12345政务服务热线咨询。",
}


def fixed_line(action: Action) -> str:
    """The line for an action that has no answer of its own."""
    return _LINES[action]
