"""What was heard on air stays until its records go."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.voice.cache import AudioCache
from assistant.voice.said import SaidAudio
from tests.voice.test_cache import SOUND, key, speech

pytestmark = pytest.mark.integration
NOW = datetime.now(UTC)


@pytest.fixture
def cache(tmp_path: Path) -> AudioCache:
    return AudioCache(tmp_path / "cache")


@pytest.fixture
def said(tmp_path: Path, cache: AudioCache) -> SaidAudio:
    return SaidAudio(tmp_path / "said", cache.file)


def test_a_cue_can_be_heard_again_after_the_cache_forgot_it(cache, said) -> None:
    stored = [cache.put(key(n), speech(), SOUND) for n in range(2)]
    caption = replace(speech(), audio="", engine="", version="")
    said.keep("session-1", "cue-1", [*stored, caption])
    cache.tie(stored[0].audio, ["guide"])
    cache.forget(["guide"])
    heard = said.of("session-1", "cue-1")
    assert [one.audio for one in heard] == [stored[0].audio, stored[1].audio, ""]
    assert [(one.engine, one.version) for one in heard] == [("e", "1"), ("e", "1"), ("", "")]
    assert said.file("session-1", heard[0].audio).read_bytes() == SOUND


def test_keeping_again_replaces_and_what_is_gone_is_said_to_be(cache, said) -> None:
    one = cache.put(key(), speech(), SOUND)
    said.keep("s", "c", [one])
    said.keep("s", "c", [one, replace(one, audio=f"{'0' * 40}.wav")])
    assert [each.audio for each in said.of("s", "c")] == [one.audio, ""]
    assert said.of("s", "other") == ()
    assert said.file("s", "../c.json") is None
    with pytest.raises(ValueError, match="id"):
        said.of("../cache", "c")


def test_where_links_are_not_possible_it_is_copied(cache, said, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    one = cache.put(key(), speech(), SOUND)
    said.keep("s", "c", [one])
    assert said.file("s", one.audio).read_bytes() == SOUND


def test_old_sessions_go(tmp_path, cache, said) -> None:
    one = cache.put(key(), speech(), SOUND)
    for name in ("old", "new"):
        said.keep(name, "c", [one])
    past = (NOW - timedelta(days=200)).timestamp()
    os.utime(tmp_path / "said" / "old" / "c.json", (past, past))
    before = NOW - timedelta(days=180)
    assert said.purge(before, dry_run=True) == 1
    assert said.of("old", "c")
    assert said.purge(before) == 1
    assert said.of("old", "c") == ()
    assert said.of("new", "c")
