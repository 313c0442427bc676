"""Draw the fragments of gd and ncp whose readings stand in tests/voice/spoken_cases.tsv.

Only short facts (a number, date, phone, fee, address, clause reference), by a fixed seed, a few of
each kind and no two of the same shape. Private phone numbers are left out. The expected readings
were then written by hand, before the rules.

    python -m eval.voice_draw [folder]      (default /work/shared/data)
"""

import json
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

SEED = 20161055
A_KIND = 11
KINDS = {
    "link": r"https?:|www\.|@|\.(?:com|cn)\b",
    "phone": r"\d{3,4}[-－—)）]\d{5,}|\b400-?\d{3}|\b1\d{4}\b|(?<!\d)\d{7,8}(?!\d)",
    "reference": r"[〔\[（(]?20\d\d[〕\])）]\d+号|第[0-9]+[条号章款]"
    r"|^[（(]?[0-9]{1,2}[）)、.．]|[①-⑩]",
    "date": r"\d{4}[-年./]\d|\d{1,2}月\d{1,2}日|\d[:：]\d\d|\d[时点]",
    "money": r"\d[多余]?[万亿]?元|￥|¥",
    "ratio": r"[%‰％]|\d/\d|\d[:：]\d|\d[×xX*]\d|\d[—~～-]+\d|[≥≤+]",
    "address": r"\d[-—\d]*(?:号|室|楼|房|栋|弄|层)",
    "number": r"\d",
    "letter": r"[A-Za-z]",
}
_KINDS = [(kind, re.compile(found)) for kind, found in KINDS.items()]
_NO_PROSE = {"id", "code", "region", "kind", "item_type", "tags", "field", "reference_ids"}
_CLAUSE = re.compile(r"[。；;，！!？?\n\t|]|(?<![0-9A-Za-z]) | (?![0-9A-Za-z])")
_PRIVATE = re.compile(r"1[3-9]\d{9}|记者|联系人|gaoshunli")
_REST_OF_LINK = re.compile(r"=|^[A-Za-z.]+$")
_SHAPE = re.compile(r"[\u4e00-\u9fff]+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])[\u4e00-\u9fff]+$")


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            if key not in _NO_PROSE:
                yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _fragments(files: list[Path]) -> Iterator[str]:
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            for text in _strings(json.loads(line)):
                yield from filter(_is_fact, map(str.strip, _CLAUSE.split(text)))


def _is_fact(fragment: str) -> bool:
    if not 3 <= len(fragment) <= 22 or _PRIVATE.search(fragment):
        return False
    return not _REST_OF_LINK.search(fragment) and _kind(fragment) != ""


def _kind(fragment: str) -> str:
    return next((kind for kind, found in _KINDS if found.search(fragment)), "")


def _shape(fragment: str) -> str:
    digits = re.sub(r"\d+", lambda run: "9" * min(len(run[0]), 4), fragment)
    return _SHAPE.sub("", re.sub("[A-Za-z]+", "A", digits))


def draw(files: list[Path], draws: random.Random) -> Iterator[tuple[str, str]]:
    """Kind and fragment, at most A_KIND of each kind."""
    by_kind: dict[str, dict[str, list[str]]] = {kind: {} for kind in KINDS}
    for fragment in sorted(set(_fragments(files))):
        by_kind[_kind(fragment)].setdefault(_shape(fragment), []).append(fragment)
    for kind, shapes in by_kind.items():
        for shape in draws.sample(sorted(shapes), min(A_KIND, len(shapes))):
            yield kind, draws.choice(shapes[shape])


def main() -> None:
    """Print source, kind and fragment."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "/work/shared/data")
    draws = random.Random(SEED)
    for source, names in (("gd", ("guides", "cases")), ("ncp", ("docs", "cases"))):
        for kind, fragment in draw([folder / f"{source}_{name}.jsonl" for name in names], draws):
            print(source, kind, fragment, sep="\t")


if __name__ == "__main__":
    main()
