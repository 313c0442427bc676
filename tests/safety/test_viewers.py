"""What is kept of a viewer: a pseudonym, a sealed address, the first character of a name."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ConfigurationError
from assistant.safety.keys import FILE, Keys
from assistant.safety.nicknames import safe_name
from assistant.safety.pseudonyms import Pseudonyms
from assistant.safety.vault import Vault

pytestmark = pytest.mark.integration


def test_keys_are_made_once_and_are_their_owners(data_dir: Path) -> None:
    first = Keys.load(data_dir)
    assert Keys.load(data_dir) == first
    assert stat.S_IMODE((data_dir / FILE).stat().st_mode) == 0o600
    assert [path.name for path in data_dir.iterdir()] == [FILE]
    assert first.pseudonyms != first.addresses
    assert first.pseudonyms.hex() not in repr(first)


def test_who_begins_at_the_same_time_gets_the_same_keys(data_dir: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(Keys.load, [data_dir] * 16))
    assert len(keys) == 1


@pytest.mark.parametrize(
    "broken", ["", "{}", "[1]", '{"id": "a", "pseudonyms": "00", "addresses": "00"}']
)
def test_a_broken_key_file_is_an_error_and_is_left(data_dir: Path, broken: str) -> None:
    (data_dir / FILE).write_text(broken)
    with pytest.raises(ConfigurationError):
        Keys.load(data_dir)
    assert (data_dir / FILE).read_text() == broken


def test_pseudonyms(data_dir: Path, tmp_path: Path) -> None:
    named = Pseudonyms(Keys.load(data_dir))
    assert named("bilibili", "u1") == Pseudonyms(Keys.load(data_dir))("bilibili", "u1")
    assert len({named("bilibili", "u1"), named("douyin", "u1"), named("bilibili", "u2")}) == 3
    assert named("ab", "c") != named("a", "bc")
    assert "u1" not in named("bilibili", "u1")
    assert named("bilibili", "u1") != Pseudonyms(Keys.load(tmp_path))("bilibili", "u1")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_what_is_sealed_is_opened(address: str) -> None:
    vault = Vault(Keys("k1", b"p" * 32, b"a" * 32))
    sealed = vault.seal(address)
    assert vault.open(sealed) == address
    assert sealed != vault.seal(address)
    assert sealed.isascii()


@given(st.integers(0, 200), st.characters(codec="ascii"))
def test_what_was_tampered_with_is_refused(at: int, sign: str) -> None:
    vault = Vault(Keys("k1", b"p" * 32, b"a" * 32))
    sealed = vault.seal("dm://viewer/42")
    at %= len(sealed)
    forged = sealed[:at] + sign + sealed[at + 1 :]
    if forged != sealed:
        with pytest.raises(ValueError, match="sealed"):
            vault.open(forged)


def test_another_key_opens_nothing() -> None:
    sealed = Vault(Keys("k1", b"p" * 32, b"a" * 32)).seal("x")
    for other in (Keys("k2", b"p" * 32, b"a" * 32), Keys("k1", b"p" * 32, b"b" * 32)):
        with pytest.raises(ValueError, match="sealed"):
            Vault(other).open(sealed)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小明13800138000", "王**"),
        ("13800138000", "网友"),
        ("138王小明", "王**"),
        ("❤️小红", "小**"),
        ("ＡＢＣ", "A**"),
        ("", "网友"),
        ("q729186340", "网友"),
        ("一三八零零一三八零零零", "网友"),
        ("阳光花园3栋501", "网友"),
        ("办证找我", "网友"),
    ],
)
def test_names_that_others_may_see(name: str, shown: str) -> None:
    assert safe_name(name) == shown


def test_keys_that_others_could_read_are_closed_to_them(data_dir: Path) -> None:
    Keys.load(data_dir)
    (data_dir / FILE).chmod(0o644)

    Keys.load(data_dir)

    assert (data_dir / FILE).stat().st_mode & 0o777 == 0o600
