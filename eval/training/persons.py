"""Make `assistant/answering/data/persons.npy`: `python -m eval.training.persons`.

Kept of the names of persons in jieba's dictionary (0.42.1, MIT licence; tags nr, nrfg, nrt) are
Chinese ones that begin with a surname, two or three characters long (four with a double surname),
and all foreign ones (nrt); as 32 bits of their search term each.
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from assistant.answering.person_names import COMPOUND, SURNAMES, key
from assistant.retrieval.analysis import LONGEST_WORD, word_terms

TARGET = Path("assistant/answering/data/persons.npy")


def is_kept(word: str, tag: str) -> bool:
    """Whether a word of the dictionary is the name of a person."""
    if not 2 <= len(word) <= LONGEST_WORD:
        return False
    own = (word[0] in SURNAMES and len(word) <= 3) or word[:2] in COMPOUND
    return tag == "nrt" or (tag in {"nr", "nrfg"} and own)


def main() -> None:
    """Read the dictionary of the installed jieba and write the terms of its names."""
    spec = find_spec("jieba")
    assert spec is not None
    assert spec.origin is not None
    lines = Path(spec.origin).with_name("dict.txt").read_text("utf-8").splitlines()
    rows = [line.split(" ") for line in lines]
    names = [word for word, _, tag in rows if is_kept(word, tag)]
    np.save(TARGET, np.unique(key(word_terms(names))))
    print(f"{len(names)} names → {TARGET}")


if __name__ == "__main__":
    main()
