"""How good a model is on texts that it has not seen: the newest ones, because tomorrow's are newer still."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.routing.classifier.model import SURE

TOP = 3


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What was right of so many newest texts; pairs count the class that was confirmed and the one that was named first."""

    tested: int
    right: int
    right_in_three: int
    proposed: int
    proposed_right: int
    pairs: tuple[tuple[str, str, int], ...]

    @property
    def accuracy(self) -> int:
        """Return how many of a thousand were right."""
        return share(self.right, self.tested)


def measure(classes: Sequence[str], confirmed: Sequence[str], sure: NDArray[np.int64], *, gate: int) -> Measure:
    """Compare confidences, one row a text, with what was confirmed; a class that is not known counts as wrong."""
    order = np.argsort(-sure, axis=1, kind="stable")[:, :TOP]
    named = [[classes[each] for each in row] for row in order]
    pairs = Counter((label, first[0]) for label, first in zip(confirmed, named, strict=True))
    bold = sure.max(axis=1, initial=0) >= gate
    hits = np.array([label == first[0] for label, first in zip(confirmed, named, strict=True)], dtype=bool)
    return Measure(
        tested=len(named),
        right=int(hits.sum()),
        right_in_three=sum(label in three for label, three in zip(confirmed, named, strict=True)),
        proposed=int(bold.sum()),
        proposed_right=int((hits & bold).sum()),
        pairs=tuple((label, first, count) for (label, first), count in sorted(pairs.items())),
    )


def find_gate(hits: NDArray[np.bool_], sure: NDArray[np.int64], *, precision: int, at_least: int) -> int:
    """Return the lowest confidence from which so many of a thousand are right; above all confidences if there is none."""
    order = np.argsort(-sure, kind="stable")
    right = np.cumsum(hits[order])
    count = np.arange(1, len(order) + 1)
    ends_here = np.append(np.diff(sure[order]) != 0, True) if len(order) else np.zeros(0, bool)
    fit = np.flatnonzero(ends_here & (count >= at_least) & (SURE * right >= precision * count))
    return int(sure[order][fit[-1]]) if len(fit) else SURE + 1


def share(part: int, whole: int) -> int:
    """Return a part of a thousand."""
    return SURE * part // whole if whole else 0
