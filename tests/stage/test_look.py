"""How a room's stage looks: what may be set, and the pictures of an operator's presenter."""

from pathlib import Path

import pytest

from assistant.errors import ConfigurationError
from assistant.stage.look import StageLook, look_of, model_file, model_name, picture

pytestmark = pytest.mark.unit


def test_what_is_set_is_taken_and_the_rest_is_usual() -> None:
    look = look_of("hall", {"theme": "jade", "announcements": ["周六照常办理"]})

    assert look == StageLook(theme="jade", announcements=("周六照常办理",))
    assert look_of("hall", None) == StageLook()


@pytest.mark.parametrize(
    "table",
    [
        {"theme": "pink"},
        {"layout": "wide"},
        {"presenter": "../etc"},
        {"presenter": 7},
        {"presenter": "vrm:"},
        {"presenter": "vrm:../etc"},
        {"colour": "red"},
        {"announcements": "周六"},
        {"announcements": ["长" * 81]},
        "jade",
    ],
)
def test_what_is_not_known_is_refused_with_the_room(table: object) -> None:
    with pytest.raises(ConfigurationError, match=r"rooms\.hall\.stage"):
        look_of("hall", table)


def test_a_shape_without_a_picture_rests(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    folder.mkdir()
    (folder / "X.png").touch()
    (folder / "D.webp").touch()

    assert picture(tmp_path, "office", "D") == folder / "D.webp"
    assert picture(tmp_path, "office", "A") == folder / "X.png"
    assert picture(tmp_path, "office", "blink") is None
    assert picture(tmp_path, "office", "X.png") is None
    assert picture(tmp_path, "..", "X") is None
    assert picture(tmp_path, "none", "X") is None


def test_a_model_is_a_file_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "office.vrm").touch()

    assert look_of("hall", {"presenter": "vrm:office"}).presenter == "vrm:office"
    assert (model_name("vrm:office"), model_name("woman")) == ("office", "")
    assert model_file(tmp_path, "office") == tmp_path / "office.vrm"
    assert model_file(tmp_path, "other") is None
    assert model_file(tmp_path, "../presenters/office") is None
    assert picture(tmp_path, "vrm:office", "X") is None
