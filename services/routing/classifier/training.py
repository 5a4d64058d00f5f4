"""Learns a model from examples, oldest first; needs scikit-learn, so only the child process that learns imports it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from services.routing.classifier.grams import Recipe, pieces
from services.routing.classifier.measure import Measure, find_gate, measure
from services.routing.classifier.model import Model, confidences, weighed

RARE = 2
SMOOTHING = 0.05
BAYES = 0.6
ROUNDS = 20_000
SCALES = np.geomspace(0.05, 20, 120)
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Example:
    """One text and the class that was confirmed for it."""

    text: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What a class and a gate must have behind them; shares are per mille."""

    least_of_class: int = 20
    least_at_gate: int = 30
    precision: int = 910
    tested: int = 200
    most_tested: int = 4000


@dataclass(frozen=True, kw_only=True, eq=False)
class Learned:
    """A model, on how many examples of each class it rests, and how good it is on the newest."""

    model: Model
    examples: dict[str, int]
    measure: Measure


@dataclass(frozen=True, kw_only=True, eq=False)
class _Weights:
    classes: tuple[str, ...]
    by_piece: Floats
    bias: Floats

    def margins(self, matrix: csr_matrix) -> Floats:
        return np.asarray(matrix @ self.by_piece) + self.bias


def learn(examples: Sequence[Example], recipe: Recipe, policy: Policy) -> Learned | None:
    """Learn from the older examples and measure on the newest; None where no two classes have enough of them."""
    tested = min(len(examples) * policy.tested // 1000, policy.most_tested)
    older, newest = examples[: len(examples) - tested], examples[len(examples) - tested :]
    counted = Counter(example.label for example in older)
    enough = {label for label, count in counted.items() if count >= policy.least_of_class}
    older = [example for example in older if example.label in enough]
    if len(enough) < 2 or not newest:
        return None
    numbers, rarity, matrix = _matrix([example.text for example in older], recipe)
    labels = np.array([example.label for example in older])
    scale, gate = _calibrated(matrix, labels, policy)
    weights = _fit(matrix, labels)
    model = Model(
        recipe=recipe,
        classes=weights.classes,
        numbers=numbers,
        rarity=rarity,
        weights=weights.by_piece.astype(np.float16),
        bias=weights.bias.astype(np.float32),
        scale=scale,
        gate=gate,
    )
    return Learned(
        model=model,
        examples={label: counted[label] for label in sorted(enough)},
        measure=assess(model, newest),
    )


def assess(model: Model, examples: Sequence[Example]) -> Measure:
    """Measure a model on examples that it has not learned from."""
    margins = np.array([model.margins(example.text) for example in examples])
    labels = [example.label for example in examples]
    return measure(model.classes, labels, confidences(margins, model.scale), gate=model.gate)


def _matrix(texts: Sequence[str], recipe: Recipe) -> tuple[NDArray[np.int32], NDArray[np.float32], csr_matrix]:
    """Count pieces, leave out those of a single text, and weigh the rest by how rare they are."""
    read = [pieces(text, recipe) for text in texts]
    numbers, in_texts = np.unique(np.concatenate([found for found, _ in read]), return_counts=True)
    kept = in_texts >= RARE
    numbers = numbers[kept].astype(np.int32)
    rarity = (np.log((1 + len(texts)) / (1 + in_texts[kept])) + 1).astype(np.float32)
    rows = []
    for found, counts in read:
        at = np.searchsorted(numbers, found)
        at[at == len(numbers)] = 0
        known = numbers[at] == found
        rows.append((at[known], weighed(found[known], counts[known] * rarity[at[known]], recipe)))
    ends = np.cumsum([0, *(len(at) for at, _ in rows)])
    columns, values = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    return numbers, rarity, csr_matrix((values.astype(np.float64), columns, ends), shape=(len(texts), len(numbers)))


def _calibrated(matrix: csr_matrix, labels: NDArray[np.str_], policy: Policy) -> tuple[float, int]:
    """Learn from the oldest four fifths, and see on the last fifth how far confidences and which gate can be trusted."""
    cut = len(labels) * 4 // 5
    weights = _fit(matrix[:cut], labels[:cut])
    known = np.isin(labels[cut:], weights.classes)
    margins = weights.margins(matrix[cut:])
    at = np.searchsorted(weights.classes, labels[cut:][known])
    losses = [_loss(margins[known], at, scale) for scale in SCALES]
    scale = float(SCALES[int(np.argmin(losses))])
    sure = confidences(margins, scale)
    hits = np.array(weights.classes)[margins.argmax(axis=1)] == labels[cut:]
    return scale, find_gate(hits, sure.max(axis=1), precision=policy.precision, at_least=policy.least_at_gate)


def _loss(margins: Floats, at: NDArray[np.int64], scale: float) -> float:
    raised = scale * (margins - margins.max(axis=1, keepdims=True))
    return float((np.log(np.exp(raised).sum(axis=1)) - raised[np.arange(len(at)), at]).mean())


def _fit(matrix: csr_matrix, labels: NDArray[np.str_]) -> _Weights:
    """Let three linear learners vote: they err on different texts, and the sum of their votes is linear again."""
    classes = np.unique(labels)
    owns = [labels == label for label in classes]
    plain = [_separated(matrix, own, len(labels) / (len(classes) * own.sum())) for own in owns]
    telling = [_telling(matrix, own) for own in owns]
    bayes = ComplementNB(alpha=0.1).fit(matrix, labels).feature_log_prob_
    votes = [
        _vote(matrix, plain, 1.0),
        _vote(matrix, telling, 1.0),
        _vote(matrix, [(row, 0.0) for row in bayes - bayes.mean(axis=0)], BAYES),
    ]
    return _Weights(
        classes=tuple(str(label) for label in classes),
        by_piece=np.sum([by_piece for by_piece, _ in votes], axis=0),
        bias=np.sum([bias for _, bias in votes], axis=0),
    )


def _separated(matrix: csr_matrix, own: NDArray[np.bool_], balance: float) -> tuple[Floats, float]:
    """Separate one class from all others."""
    line = LinearSVC(C=0.5, tol=1e-3, max_iter=ROUNDS, class_weight={True: balance, False: 1.0}, random_state=0)
    line.fit(matrix, own)
    return line.coef_[0], float(line.intercept_[0])


def _telling(matrix: csr_matrix, own: NDArray[np.bool_]) -> tuple[Floats, float]:
    """Separate one class from all others after each piece is weighed by how much likelier it is in the class."""
    here, elsewhere = (np.asarray(matrix[part].sum(axis=0)).ravel() + SMOOTHING for part in (own, ~own))
    ratio = np.log(here / here.sum() / (elsewhere / elsewhere.sum()))
    weighed_so = matrix @ diags(ratio)
    length = np.sqrt(weighed_so.multiply(weighed_so).sum(axis=1).mean())
    coefficients, bias = _separated(weighed_so / length, own, (~own).sum() / own.sum())
    return coefficients * ratio / length, bias


def _vote(matrix: csr_matrix, lines: Sequence[tuple[Floats, float]], voice: float) -> tuple[Floats, Floats]:
    """Return one learner's weights and bias, loud enough that its margins spread as far as its voice allows."""
    by_piece, bias = np.array([row for row, _ in lines]).T, np.array([start for _, start in lines])
    loudness = voice / (np.asarray(matrix @ by_piece) + bias).std()
    return by_piece * loudness, bias * loudness
