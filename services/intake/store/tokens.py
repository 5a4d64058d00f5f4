"""Keyed search tokens: a text can be found by its words, but no word lies in the database."""

import hashlib
from collections.abc import Sequence

from diwan_rules.text import normalise

SHORTEST_STEM = 3
PREFIXES = ("وال", "فال", "بال", "كال", "ولل", "لل", "ال", "و")
SUFFIXES = ("ات", "ون", "ين", "ها", "هم", "نا", "يه", "ه", "ي")
REMEMBERED = 100_000


class _Words(dict[str, int]):
    """The token of each word; few words make up most of all texts."""

    def __init__(self, key: bytes) -> None:
        super().__init__()
        self._key = key

    def __missing__(self, word: str) -> int:
        digest = hashlib.blake2b(stem(word).encode(), key=self._key, digest_size=8).digest()
        if len(self) >= REMEMBERED:
            self.clear()
        self[word] = token = int.from_bytes(digest, signed=True)
        return token


class Tokens:
    """Makes tokens under one key."""

    def __init__(self, key: bytes) -> None:
        self._words = _Words(key)

    def of(self, text: str) -> Sequence[int]:
        """Return the tokens of a text's words, each once."""
        return list({self._words[word] for word in set(normalise(text).split())})


def stem(word: str) -> str:
    """Strip the commonest Arabic prefix and suffix where enough of the word is left."""
    for prefix in PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= SHORTEST_STEM:
            word = word[len(prefix) :]
            break
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= SHORTEST_STEM:
            return word[: -len(suffix)]
    return word
