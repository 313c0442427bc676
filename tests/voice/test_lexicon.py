"""Polyphones: the bundled lexicon, the office's own, regions and gaps."""

from pathlib import Path

import pytest

from assistant.voice.reading import Lexicon, Reader
from assistant.voice.reading.lexicon import Entry

pytestmark = pytest.mark.unit


def _sounds(reader: Reader, text: str, region: str | None = None) -> str:
    return " ".join(sound for one in reader(text, region) for sound in one.pinyin if sound)


def test_a_place_is_read_as_its_region_reads_it() -> None:
    reader = Reader()
    assert _sounds(reader, "到大城办理", "131025").startswith("dao4 dai4 cheng2")
    assert _sounds(reader, "到大城办理", "440100").startswith("dao4 da4 cheng2")
    assert _sounds(reader, "到大城办理").startswith("dao4 da4 cheng2")


def test_the_offices_own_file_wins(tmp_path: Path) -> None:
    own = tmp_path / "lexicon.tsv"
    own.write_text("# 本地\n朝阳\tzhao1 yang2\n临县\tlin4 xian4\t9901\t测试\n", encoding="utf-8")
    reader = Reader(Lexicon.load(own, tmp_path / "missing.tsv"))
    assert _sounds(reader, "朝阳") == "zhao1 yang2"
    assert _sounds(reader, "临县", "990181") == "lin4 xian4"
    assert _sounds(reader, "临县", "110000") == "lin2 xian4"


@pytest.mark.parametrize("line", ["朝阳\tzhao1", "朝阳\tzhao1 yang", "朝阳\t", "\tzhao1", "朝阳"])
def test_a_slip_in_the_offices_file_leaves_out_its_line(tmp_path: Path, line: str) -> None:
    own = tmp_path / "lexicon.tsv"
    own.write_text(f"{line}\n单县\tdan1 xian4\n", encoding="utf-8")
    reader = Reader(Lexicon.load(own))
    assert _sounds(reader, "朝阳") == "chao2 yang2"
    assert _sounds(reader, "单县") == "dan1 xian4"


def test_every_line_of_the_bundled_lexicon_is_used(caplog: pytest.LogCaptureFixture) -> None:
    from structlog.testing import capture_logs

    with capture_logs() as logs:
        Lexicon.load()
    assert logs == []


def test_the_longest_word_wins_and_a_gap_stays_within_its_clause() -> None:
    lexicon = Lexicon(
        [
            Entry("为", ("wei2",)),
            Entry("作为", ("zuo4", "wei2")),
            Entry("为…办理", ("wei4", "…", "ban4", "li3")),
            Entry("^为", ("^", "wei4")),
        ]
    )
    reader = Reader(lexicon)
    assert "wei4 zhi2 gong1 ban4" in _sounds(reader, "单位为职工办理")
    assert "wei2 zhi2 gong1" in _sounds(reader, "单位为职工，办理")
    assert "zuo4 wei2 zhi2 gong1 ban4" in _sounds(reader, "作为职工办理")
    assert _sounds(reader, "请注意，为职工").endswith("wei4 zhi2 gong1")
