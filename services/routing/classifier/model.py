"""What was learned: one weight for each piece and each class, read from a file without any word in it, applied with numpy alone."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from services.routing.classifier.grams import Recipe, pieces

MARK = b"DIWAN-CLASSIFIER-1\n"
SURE = 1000


class ModelUnreadable(ValueError):
    """The bytes are no model that this version can read."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Model:
    """A linear model; `scale` turns its margins into confidences that hold what they promise."""

    recipe: Recipe
    classes: tuple[str, ...]
    numbers: NDArray[np.int32]
    rarity: NDArray[np.float32]
    weights: NDArray[np.float16]
    bias: NDArray[np.float32]
    scale: float
    gate: int

    def margins(self, text: str) -> NDArray[np.float64]:
        """Return how strongly a text speaks for each class."""
        found, counts = pieces(text, self.recipe)
        at = np.searchsorted(self.numbers, found)
        at[at == len(self.numbers)] = 0
        known = self.numbers[at] == found if len(self.numbers) else np.zeros(len(found), bool)
        at, found = at[known], found[known]
        strength = weighed(found, counts[known] * self.rarity[at], self.recipe)
        return np.asarray(strength @ self.weights[at].astype(np.float32) + self.bias, dtype=np.float64)

    def ranked(self, text: str) -> list[tuple[str, int]]:
        """Return the classes with their confidence per mille, the likeliest first."""
        sure = confidences(self.margins(text)[None], self.scale)[0]
        order = np.argsort(-sure, kind="stable")
        return [(self.classes[each], int(sure[each])) for each in order]

    def to_bytes(self) -> bytes:
        """Write the model; the same model gives the same bytes."""
        head = {
            "recipe": asdict(self.recipe),
            "classes": self.classes,
            "pieces": len(self.numbers),
            "scale": self.scale,
            "gate": self.gate,
        }
        arrays = (self.numbers, self.rarity, self.bias, self.weights)
        written = json.dumps(head, ensure_ascii=False, sort_keys=True).encode()
        return MARK + len(written).to_bytes(4, "big") + written + b"".join(array.tobytes() for array in arrays)

    @classmethod
    def from_bytes(cls, file: bytes) -> Self:
        """Read a model."""
        if not file.startswith(MARK):
            raise ModelUnreadable("the file is no classifier of this version; train it again")
        start = len(MARK) + 4
        end = start + int.from_bytes(file[len(MARK) : start], "big")
        head: dict[str, Any] = json.loads(file[start:end])
        count, classes = head["pieces"], tuple(head["classes"])
        parts = (("<i4", count), ("<f4", count), ("<f4", len(classes)), ("<f2", count * len(classes)))
        arrays = []
        for kind, length in parts:
            arrays.append(np.frombuffer(file, dtype=kind, count=length, offset=end))
            end += arrays[-1].nbytes
        numbers, rarity, bias, weights = arrays
        return cls(
            recipe=Recipe(**head["recipe"]),
            classes=classes,
            numbers=numbers,
            rarity=rarity,
            bias=bias,
            weights=weights.reshape(count, len(classes)),
            scale=head["scale"],
            gate=head["gate"],
        )


def weighed(numbers: NDArray[np.int32], strength: NDArray[np.float32], recipe: Recipe) -> NDArray[np.float32]:
    """Return the strengths with letter groups and words made equally long in all, whatever the text's length."""
    words = numbers >= recipe.words_from
    square = strength * strength
    of_letters = np.sqrt(2 * square[~words].sum()) or 1
    of_words = np.sqrt(2 * square[words].sum()) or 1
    return (strength / np.where(words, of_words, of_letters)).astype(np.float32)


def confidences(margins: NDArray[np.float64], scale: float) -> NDArray[np.int64]:
    """Turn margins, one row a text, into confidences per mille."""
    raised = np.exp(scale * (margins - margins.max(axis=1, keepdims=True)))
    return np.asarray(np.rint(SURE * raised / raised.sum(axis=1, keepdims=True)), dtype=np.int64)


def digest(file: bytes) -> str:
    """Condense a model's file, so that a decision can name exactly what proposed."""
    return hashlib.sha256(file).hexdigest()
