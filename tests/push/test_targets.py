"""Keys come from where nobody else can read them, and are shown nowhere."""

from pathlib import Path

import pytest

from assistant.errors import ConfigurationError
from assistant.push.targets import Target, address_of, names_of, targets_of

pytestmark = pytest.mark.unit
URL = "rtmp://push.example.com/live"


def test_a_key_comes_from_the_environment_by_the_targets_name() -> None:
    keys = {"ASSISTANT_PUSH_KEY_DOU_YIN": "abc?sign=1", "ASSISTANT_PUSH_KEY": "other"}
    named, plain = targets_of([f"dou-yin={URL}", URL], {}, keys)
    assert (named.name, named.key) == ("dou-yin", "abc?sign=1")
    assert (plain.name, plain.key) == ("target-2", "other")


def test_a_name_stands_for_an_address_of_the_settings() -> None:
    (one,) = targets_of(["kuai"], {"kuai": URL}, {"ASSISTANT_PUSH_KEY_KUAI": "k"})
    assert one.address.url == URL


def test_a_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("kuai = secret-1\n", "utf-8")
    file.chmod(0o640)
    with pytest.raises(ConfigurationError, match="别人也能读"):
        targets_of([f"kuai={URL}"], {}, {}, file)
    file.chmod(0o600)
    (one,) = targets_of([f"kuai={URL}"], {}, {}, file)
    assert one.key == "secret-1"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("nobody", "没有名为"),
        ("http://push.example.com/live", "写错了"),
        ("rtmp://push.example.com", "写错了"),
        ("rtmp://user:word@push.example.com/live", "用户名和密码"),
        (URL, "没有密钥"),
    ],
)
def test_what_cannot_be_a_target_is_said(given: str, why: str) -> None:
    with pytest.raises(ConfigurationError, match=why):
        targets_of([given], {}, {})


def test_a_room_takes_the_targets_of_its_table_or_those_of_no_other_room() -> None:
    known = {"douyin": URL, "kuai": URL, "bili": URL}
    assert names_of("hall", ["kuai"], [["kuai"]], known) == ["kuai"]
    assert names_of("hall", None, [["kuai"], None], known) == ["douyin", "bili"]


@pytest.mark.parametrize(
    ("own", "known", "why"),
    [
        (None, {}, "没有推流目标"),
        (None, {"kuai": URL}, "没有推流目标"),
        ("kuai", {}, "写错了"),
        ([], {}, "写错了"),
        ([1], {}, "写错了"),
    ],
)
def test_a_stream_that_would_go_nowhere_is_refused(
    own: object, known: dict[str, str], why: str
) -> None:
    with pytest.raises(ConfigurationError, match=why):
        names_of("hall", own, [["kuai"]], known)


def test_two_targets_need_two_names() -> None:
    with pytest.raises(ConfigurationError, match="同名"):
        targets_of([f"a={URL}", f"a={URL}"], {}, {"ASSISTANT_PUSH_KEY_A": "k"})


def test_a_key_is_no_part_of_what_is_shown() -> None:
    one = Target("a", address_of("rtmps://push.example.com:8443/app/live?x=1"), "secret")
    assert "secret" not in repr(one)
    assert one.hidden("refused: secret") == "refused: ***"
    assert (one.address.port, one.address.app) == (8443, "app/live?x=1")
    assert one.address.is_secure
