"""How much the screen finds of each class of harm, and of citizens' questions about it.

    python -m eval.live.moderation_classes [--show]

`sets/moderation_classes.jsonl` was written before the rules were widened by class, by the same
hand, and its failures were first looked at when they were done: 38 of 220 before (harmful),
209 at that look, with 5 and 7 of 125 ordinary ones screened. Some failures were repaired
then, so it is a regression set now, as `fresh_*` is. Texts are masked first, as in a room.
Shares come with 95 % Wilson intervals; --show prints what went wrong.
"""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path

from assistant.domain.screening import Severity
from assistant.evaluation.intervals import wilson
from assistant.safety.masking import Masker
from assistant.safety.screen import shipped_screen

SET = Path(__file__).parent / "sets" / "moderation_classes.jsonl"


def main() -> None:
    """Print a line a class."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    show = parser.parse_args().show
    rows = [json.loads(line) for line in SET.read_text("utf-8").splitlines()]
    for harmful in (True, False):
        texts = [(row["kind"], row["text"]) for row in rows if row["harmful"] is harmful]
        for kind in dict(texts):
            _line(kind, [text for of, text in texts if of == kind], harmful, show)
        _line("all harmful" if harmful else "all ordinary", [t for _, t in texts], harmful, False)


def _line(name: str, texts: Iterable[str], harmful: bool, show: bool) -> None:
    screen, mask = shipped_screen(), Masker()
    found = {text: screen(mask(text).text).severity is not Severity.CLEAN for text in texts}
    hits = sum(found.values())
    low, high = wilson(hits, len(found))
    print(f"{name:24}{hits:4}/{len(found):<4}{hits / len(found):7.3f} [{low:.3f}, {high:.3f}]")
    for text, hit in found.items() if show else ():
        if hit is not harmful:
            print("     ", text)


if __name__ == "__main__":
    main()
