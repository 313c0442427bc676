"""Secret keys of an installation: made on first use, in one file that only its owner reads."""

import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ConfigurationError

FILE = "keys.json"
_SIZE = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """One key for pseudonyms, one for addresses. `id` is no secret: it says which keys were used.

    Its repr shows no key.
    """

    id: str
    pseudonyms: bytes
    addresses: bytes

    def __repr__(self) -> str:
        return f"Keys({self.id!r})"

    @classmethod
    def load(cls, data_dir: Path) -> "Keys":
        """The keys in a data folder, made there (mode 600) where there are none.

        Two processes that begin at once get the same keys. Raises ConfigurationError where the
        file is broken: other keys would make strangers of all viewers, so none are made.
        """
        path = data_dir / FILE
        if not path.exists():
            _make(path)
        if path.stat().st_mode & 0o077:  # as a restored backup or a copy leaves it
            path.chmod(0o600)
        try:
            row = json.loads(path.read_text("ascii"))
            keys = cls(row["id"], *(bytes.fromhex(row[k]) for k in ("pseudonyms", "addresses")))
        except (ValueError, KeyError, TypeError) as error:
            hint = "请从备份恢复此文件"
            raise ConfigurationError(f"{path} 不是密钥文件", hint=hint) from error
        if {len(keys.pseudonyms), len(keys.addresses)} != {_SIZE}:
            raise ConfigurationError(f"{path} 里的密钥长度不对", hint="请从备份恢复此文件")
        return keys


def _make(path: Path) -> None:
    """Write new keys whole beside, then give them the name; who comes second finds it taken."""
    row = {
        "id": secrets.token_hex(4),
        "pseudonyms": secrets.token_hex(_SIZE),
        "addresses": secrets.token_hex(_SIZE),
    }
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".keys-")  # mode 600
    made = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(row, file)
            file.flush()
            os.fsync(file.fileno())
        _claim(made, path)
    finally:
        made.unlink(missing_ok=True)


def _claim(made: Path, path: Path) -> None:
    try:
        path.hardlink_to(made)
    except FileExistsError:
        return
