"""Words that many items' names have, which tell none apart."""

import re
from functools import lru_cache

GENERAL = re.compile(
    "审批|核准|许可|登记|备案|认定|审核|申请|办理|业务|事项|服务|核发|发放|申领|签发|本级|管理|人员|单位|机构"
)
"""What people leave out of an item's name."""

_KIND = re.compile(
    "设立|新办|首次|变更|延续|延期|换发|换证|换领|补办|补发|补证|补领|遗失|注销|撤销|查询|公示|转入|转出|恢复|暂停"
)


@lru_cache(maxsize=16384)
def tells_apart(words: str) -> str:
    """What is left of words without those that many items' names have."""
    return _KIND.sub("", GENERAL.sub("", words))
