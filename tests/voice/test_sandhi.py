"""How 一 and 不 are said."""

import pytest

from assistant.voice.engines.sandhi import changed
from assistant.voice.reading import Reader

pytestmark = pytest.mark.unit

SAID = [
    ("一个工作日", "yi2"),
    ("第一个步骤", "yi1"),
    ("十一个", "yi1"),
    ("一份", "yi2"),
    ("一张照片", "yi4"),
    ("一年", "yi4"),
    ("一百元", "yi4"),
    ("一万元", "yi2"),
    ("一万一千元", "yi2 yi4"),
    ("一千一百一十元", "yi4 yi4 yi1"),
    ("一月一日", "yi1 yi1"),
    ("星期一上午", "yi1"),
    ("统一办理", "yi1"),
    ("同一个人", "yi2"),
    ("一式两份", "yi2"),
    ("百分之一", "yi1"),
    ("一点五倍", "yi1"),
    ("第一百条", "yi1"),
    ("一次性告知", "yi2"),
    ("一起办", "yi4"),
    ("三选一，都可以", "yi1"),
    ("不用", "bu2"),
    ("不收费", "bu4"),
    ("不一定", "bu4 yi2"),
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


@pytest.mark.parametrize(("written", "said"), SAID)
def test_the_tone_that_is_spoken(reader: Reader, written: str, said: str) -> None:
    (text,) = reader(written)
    sounds = zip(text.spoken, changed(text), strict=True)
    assert " ".join(sound for char, sound in sounds if char in "一不") == said
