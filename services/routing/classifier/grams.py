"""Turns a text into numbered pieces: letter groups within words, and words without their endings; the pieces themselves are not kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from diwan_rules.text import normalise
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

_SPACE = 32
_LONGEST_WORD = 64
_BASE = 0x100000001B3
_STEPS = np.array([pow(_BASE, step, 1 << 64) for step in range(_LONGEST_WORD)], dtype=np.uint64)
_SALT = 0x9E3779B97F4A7C15
_PREFIX = re.compile(r"^(?:وال|بال|كال|فال|ولل|لل|ال|وب|ول|و|ب|ل)(?=...)")
_ENDING = re.compile(r"(?<=...)(?:ات|ين|ون|يه|ها|ان|هم|ه|ي)$")
_LONG_VOWELS = re.compile("(?<=.)[اويء]")


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Which pieces count: letter groups of these lengths, words and pairs of words; two to the power of `bits` numbers for either."""

    shortest: int
    longest: int
    skeletons: bool
    bits: int = 18

    @property
    def words_from(self) -> int:
        """Return the first number that stands for words; those below stand for letter groups."""
        return 1 << self.bits


COMPETENCE = Recipe(shortest=2, longest=5, skeletons=True)
VARIETY = Recipe(shortest=1, longest=4, skeletons=False)


def skeleton(word: str) -> str:
    """Return an Arabic word's bare consonants, so that schools and school, hospital and its hospitals are one."""
    stem = _ENDING.sub("", _PREFIX.sub("", word))
    return _LONG_VOWELS.sub("", stem) if len(stem) > 3 else stem


def pieces(text: str, recipe: Recipe) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the numbers of a text's pieces in order, and how much each counts by how often it stands there."""
    plain = normalise(text)
    words = " ".join(map(skeleton, plain.split())) if recipe.skeletons else plain
    letters = np.concatenate([*_letter_groups(_codes(plain), recipe), np.empty(0, np.uint64)])
    numbered = np.concatenate(
        [_numbers(letters, recipe.bits), _numbers(_words(_codes(words)), recipe.bits) + recipe.words_from]
    )
    found, often = np.unique(numbered.astype(np.int32), return_counts=True)
    return found, (1 + np.log(often)).astype(np.float32)


def _codes(text: str) -> Hashes:
    return np.frombuffer(f" {text} ".encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)


def _letter_groups(codes: Hashes, recipe: Recipe) -> Iterator[Hashes]:
    """Hash every group of letters that lies within one word, the spaces around it included."""
    space = codes == _SPACE
    if recipe.shortest == 1:
        yield _mixed(codes[~space], 1)
    rolling, within = codes, np.ones(len(codes), bool)
    for length in range(2, min(recipe.longest, len(codes)) + 1):
        rolling = rolling[:-1] * np.uint64(_BASE) + codes[length - 1 :]
        within = within[:-1] & ~space[length - 2 : len(codes) - 1] if length > 2 else within[:-1]
        if length >= recipe.shortest:
            yield _mixed(rolling[within], length)


def _words(codes: Hashes) -> Hashes:
    """Hash every word, every pair of neighbours, and every pair with one word between."""
    space = codes == _SPACE
    starts = np.flatnonzero(space[:-1])
    at = np.arange(len(codes))
    place = (at - np.maximum.accumulate(np.where(space, at, 0))) % _LONGEST_WORD
    single = np.add.reduceat(np.where(space, np.uint64(0), codes * _STEPS[place]), starts)
    single = _mixed(single[single != 0], _LONGEST_WORD)
    pairs = [_mixed(single[:-apart] + single[apart:] * np.uint64(_BASE), _LONGEST_WORD + apart) for apart in (1, 2)]
    return np.concatenate([single, *pairs])


def _mixed(hashes: Hashes, kind: int) -> Hashes:
    """Spread hashes evenly over all numbers, apart for each kind of piece."""
    spread = hashes + np.uint64(kind * _SALT % (1 << 64))
    spread = (spread ^ (spread >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    spread = (spread ^ (spread >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return spread ^ (spread >> np.uint64(31))


def _numbers(hashes: Hashes, bits: int) -> NDArray[np.int64]:
    return (hashes >> np.uint64(64 - bits)).astype(np.int64)
