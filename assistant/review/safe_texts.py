"""Every text of a reviewer passes masking and the banned-word screen before it is stored."""

from collections.abc import Callable, Iterable, Sequence

from assistant.answering.cited_links import unlinked
from assistant.domain.answer import Citation
from assistant.errors import BadInput

Unsafe = Callable[[str], str]
"""Why a text may not go out; "" where it may."""
Withheld = Callable[[str, Sequence[Citation]], bool]
"""Whether an answer was taken back."""
LONGEST = 2000
"""Characters of one text."""


def never_withheld(text: str, cited: Sequence[Citation]) -> bool:
    """Nothing was taken back."""
    del text, cited
    return False


class SafeTexts:
    """The screen, as questions about texts with a place."""

    def __init__(self, unsafe: Unsafe, withheld: Withheld = never_withheld) -> None:
        self._unsafe = unsafe
        self._withheld = withheld

    def why_not(self, text: str, cited: Sequence[Citation] = ()) -> str:
        """Why a text may not go out. Links that its sources hold are not a viewer's links."""
        if text and self._withheld(text, cited):
            return "已撤回，等待更正"
        return self._unsafe(unlinked(text, cited)) if text else ""

    def check(self, texts: Iterable[tuple[str, str]], cited: Sequence[Citation] = ()) -> None:
        """Raises BadInput that names the first place whose text may not go out."""
        for place, text in texts:
            if len(text) > LONGEST:
                raise BadInput(f"{place}：太长，最多 {LONGEST} 字")
            if "\0" in text:
                raise BadInput(f"{place}：含有不能保存的字符")
            if why := self.why_not(text, cited):
                raise BadInput(f"{place}：{why}", hint="修改后再提交")
