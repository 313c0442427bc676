"""One film for all tests of this folder: ffmpeg is asked once a shape."""

import shutil

import pytest

from assistant.errors import Unavailable
from assistant.studio.clips import ffmpeg
from assistant.studio.clips.making import MadeClip
from tests.support.films import filmed


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> MadeClip:
    try:
        ffmpeg.found()
    except Unavailable:
        pytest.skip("no ffmpeg: neither imageio-ffmpeg nor the system's")
    folder = tmp_path_factory.mktemp("film")
    made = filmed(folder)
    shutil.rmtree(folder)
    return made
