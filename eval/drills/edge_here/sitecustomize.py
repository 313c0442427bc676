"""In the path of a drill's service: its edge-tts client speaks to the drill's own server.

The client's address is a constant, which all of its modules copy when they are read in. So the
module of constants alone is read in before them, and given `DRILL_EDGE_URL`; the rest is untouched.
"""

import os
import sys
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

_NAME = "edge_tts.constants"


def _told(url: str) -> None:
    package = find_spec("edge_tts")
    if package is None or not package.submodule_search_locations:
        return
    file = Path(package.submodule_search_locations[0]) / "constants.py"
    spec = spec_from_file_location(_NAME, file)
    assert spec
    assert spec.loader
    constants = sys.modules[_NAME] = module_from_spec(spec)
    spec.loader.exec_module(constants)
    constants.WSS_URL = url  # type: ignore[attr-defined]


if url := os.environ.get("DRILL_EDGE_URL"):
    _told(url)
