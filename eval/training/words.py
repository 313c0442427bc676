"""Make `assistant/retrieval/data/words.npy`: `python -m eval.training.words`.

Kept of jieba's dictionary (0.42.1, MIT licence) are words of 2 to 7 Chinese characters; see
`data/README.md` beside the result.
"""

import re
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from assistant.retrieval.analysis import LONGEST_WORD, word_terms

TARGET = Path("assistant/retrieval/data/words.npy")
_WORD = re.compile(rf"[\u3400-\u9fff]{{2,{LONGEST_WORD}}}")


def main() -> None:
    """Read the dictionary of the installed jieba and write the terms of its words."""
    spec = find_spec("jieba")
    assert spec is not None
    assert spec.origin is not None
    lines = Path(spec.origin).with_name("dict.txt").read_text("utf-8").splitlines()
    words = [word for line in lines if _WORD.fullmatch(word := line.split(" ")[0])]
    terms = word_terms(words)
    np.save(TARGET, terms)
    print(f"{len(words)} words, {len(terms)} terms → {TARGET}")


if __name__ == "__main__":
    main()
