"""Where the files that travel with the program lie.

Beside the package in a checkout, inside it in an installed wheel.
"""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def bundled(name: str) -> Path:
    """The folder `knowledge` or `prompts`."""
    beside = _PACKAGE.parent / name
    return beside if (_PACKAGE.parent / "pyproject.toml").exists() else _PACKAGE / "_bundled" / name
