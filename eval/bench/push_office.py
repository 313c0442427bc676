"""A served office whose stage speaks most of the time: `python -m eval.bench.push_office DIR`.

Writes its address to DIR/url, then says one thing after the other until it is ended.
"""

import itertools
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from assistant.domain.live import Cue, CueKind
from tests.support.live_office import ROOM
from tests.support.stage_office import stage_office
from tests.support.stage_voice import tone_voice

WORDS = (
    "办理居住证要带身份证和居住证明。受理后十五个工作日内办结，不收取任何费用。",
    "社保卡丢了先打电话挂失，再带身份证到窗口补办。也可以在网上申请补卡。",
)
PAUSE = 9.0
"""Seconds between two beginnings; each lasts about seven."""


def main() -> None:
    """Serve and speak."""
    folder = Path(sys.argv[1])
    with stage_office(folder, tone_voice(folder / "audio")) as office:
        (folder / "url.new").write_text(office.url, "utf-8")
        (folder / "url.new").rename(folder / "url")
        for number in itertools.count():
            words = WORDS[number % len(WORDS)]
            now = datetime.now(UTC)
            cue = Cue(f"cue-{number}", ROOM, "bench", CueKind.FIXED_LINE, words, words, now)
            office.do(office.hub.play(cue))
            time.sleep(PAUSE)


if __name__ == "__main__":
    main()
