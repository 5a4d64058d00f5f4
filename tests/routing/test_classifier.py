"""The classifier learns from own samples, keeps no word of them, repeats itself exactly, and knows when it does not know."""

import io
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.classifier.__main__ import learn as taught_by_child
from services.routing.classifier.grams import COMPETENCE, VARIETY, pieces, skeleton
from services.routing.classifier.measure import find_gate, measure
from services.routing.classifier.model import Model, ModelUnreadable, confidences
from services.routing.classifier.training import Example, Learned, Policy, learn
from services.routing.domain.learned import Proposal, Report, Suggestion, claim_of, is_due, proposal_for, standing_of
from services.routing.domain.resolver import Answer, AnswerKind, Circumstances
from tests.routing.lessons import complaints, varieties

SMALL = Policy(least_of_class=5, least_at_gate=10)


def taught(**changed: int) -> Learned:
    policy = Policy(**(vars(SMALL) | changed))
    learned = learn([Example(text=text, label=label) for text, label in complaints()], COMPETENCE, policy)
    assert learned is not None
    return learned


@pytest.fixture(scope="module")
def learned() -> Learned:
    return taught()


def test_it_names_the_ministry_of_texts_like_those_it_has_seen(learned: Learned) -> None:
    likeliest, sure = learned.model.ranked("المستشفى بلا طبيب والمرضى ينتظرون في قاعة العلاج")[0]
    assert likeliest == "msan"
    assert sure > 300
    assert learned.measure.tested == len(complaints()) // 5
    assert learned.measure.accuracy > 600


def test_learning_the_same_again_gives_the_same_bytes(learned: Learned) -> None:
    assert taught().model.to_bytes() == learned.model.to_bytes()


def test_a_model_that_was_written_and_read_says_the_same(learned: Learned) -> None:
    again = Model.from_bytes(learned.model.to_bytes())
    for text, _ in complaints()[:40]:
        assert again.ranked(text) == learned.model.ranked(text)


def test_no_word_of_a_text_is_in_the_file(learned: Learned) -> None:
    file = learned.model.to_bytes()
    for word in {word for text, _ in complaints() for word in text.split() if len(word) > 4}:
        assert word.encode() not in file
        assert word.encode("utf-32-le") not in file


def test_a_piece_that_stands_in_one_text_only_leaves_no_trace() -> None:
    texts = [*complaints("msan", "mj"), ("زغردوشة " * 5, "mj")]
    with_it = learn(
        [Example(text=t, label=m) for t, m in texts] + [Example(text="x", label="mj")] * 40, COMPETENCE, SMALL
    )
    assert with_it is not None
    alone = set(pieces("زغردوشة", COMPETENCE)[0]) - {n for t, _ in texts[:-1] for n in pieces(t, COMPETENCE)[0]}
    assert alone
    assert not alone & set(with_it.model.numbers)


def test_a_file_of_something_else_is_refused() -> None:
    with pytest.raises(ModelUnreadable):
        Model.from_bytes(b"PK\x03\x04")


@given(st.text(max_size=300))
def test_any_text_can_be_read(learned: Learned, text: str) -> None:
    ranked = learned.model.ranked(text)
    assert {each for each, _ in ranked} == set(learned.model.classes)
    assert abs(sum(sure for _, sure in ranked) - 1000) <= len(ranked)


@given(st.text(alphabet="ابتسمل و", max_size=60))
def test_pieces_come_in_order_and_once(text: str) -> None:
    for recipe in (COMPETENCE, VARIETY):
        numbers, counts = pieces(text, recipe)
        assert (np.diff(numbers) > 0).all()
        assert (counts >= 1).all()


@pytest.mark.parametrize(
    ("word", "bare"), [("والمستشفيات", "مستشف"), ("مستشفى", "مستشف"), ("المدارس", "مدرس"), ("hospital", "hospital")]
)
def test_a_word_is_read_without_its_endings(word: str, bare: str) -> None:
    assert skeleton(word.replace("ى", "ي")) == bare


def test_confidences_of_a_row_make_a_whole() -> None:
    sure = confidences(np.array([[2.0, 1.0, 0.0], [0.0, 0.0, 0.0]]), 1.5)
    assert sure.sum(axis=1).tolist() == [1000, 999]
    assert sure[0].argmax() == 0


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 1000)), max_size=80), st.integers(500, 1000), st.integers(1, 20)
)
def test_from_the_gate_on_as_many_are_right_as_asked(
    found: list[tuple[bool, int]], precision: int, at_least: int
) -> None:
    hits = np.array([hit for hit, _ in found], dtype=bool)
    sure = np.array([confidence for _, confidence in found], dtype=np.int64)
    gate = find_gate(hits, sure, precision=precision, at_least=at_least)
    if gate <= 1000:
        assert (sure >= gate).sum() >= at_least
        assert 1000 * hits[sure >= gate].sum() >= precision * (sure >= gate).sum()


def test_a_class_that_is_not_known_counts_as_wrong() -> None:
    sure = np.array([[900, 100], [800, 200]])
    found = measure(["mj", "msan"], ["mj", "mpt"], sure, gate=850)
    assert (found.tested, found.right, found.right_in_three) == (2, 1, 1)
    assert (found.proposed, found.proposed_right) == (1, 1)
    assert found.pairs == (("mj", "mj", 1), ("mpt", "mj", 1))


def test_too_few_examples_make_no_model() -> None:
    few = [Example(text=text, label=label) for text, label in complaints()[:40]]
    assert learn(few, COMPETENCE, Policy()) is None


def test_varieties_of_language_are_told_apart() -> None:
    examples = [Example(text=text, label=label) for text, label in varieties() for _ in range(2)]
    learned = learn(examples, VARIETY, SMALL)
    assert learned is not None
    assert learned.model.ranked("أطلب من سيادتكم النظر في هذا التأخير")[0][0] == "msa"
    assert learned.model.ranked("ما كاش الما هذي جمعة وراهم ما جاوبوناش")[0][0] == "darija"
    assert learned.model.ranked("Je demande que ma facture soit corrigée")[0][0] == "french"
    assert learned.model.ranked("ma kanch l ma hadi chhar w ma jawbounach")[0][0] == "arabizi"


def test_the_service_reads_models_without_the_tools_that_make_them() -> None:
    program = "import sys, services.routing.__main__; print(sorted({'sklearn', 'scipy'} & set(sys.modules)))"
    said = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert said.stdout.strip() == "[]"


def test_the_child_says_that_there_are_too_few_examples() -> None:
    order = {"kind": "competence", "policy": {}, "rival_bytes": 0}
    assert taught_by_child(io.BytesIO(json.dumps(order).encode() + b"\n\n")) == ({"examples": {}}, b"")


A, B, C, D = (Suggestion(ministry_id=m, confidence=c) for m, c in (("msan", 700), ("mj", 150), ("mh", 100), ("mf", 50)))
SAID = Proposal(model_version=3, model_digest="d", gate=650, suggestions=(A, B, C, D))
HERE = Circumstances(active={"msan", "mj", "mh", "mf"})


def test_three_are_named_and_the_first_is_claimed_from_the_gate_on() -> None:
    shown = proposal_for(SAID, [], HERE)
    assert shown is not None
    assert shown.suggestions == (A, B, C)
    claim = claim_of(shown)
    assert claim is not None
    assert (claim.ministry_id, claim.confidence) == ("msan", 700)


def test_who_has_declined_or_does_not_exist_is_not_named() -> None:
    declining = Answer(ministry_id="msan", kind=AnswerKind.DECLINE)
    shown = proposal_for(SAID, [declining], Circumstances(active=HERE.active - {"mh"}))
    assert shown is not None
    assert shown.suggestions == (B, D)
    assert claim_of(shown) is None


def test_without_a_model_nothing_is_said() -> None:
    assert proposal_for(None, [], HERE) is None
    assert claim_of(None) is None


def test_a_model_that_falls_behind_is_kept_aside() -> None:
    report = Report(examples={"mj": 30, "msan": 30}, tested=100, right=80)
    assert standing_of(report).in_use
    assert standing_of(Report(**(vars(report) | {"rival_right": 80}))).in_use
    assert not standing_of(Report(**(vars(report) | {"rival_right": 81}))).in_use
    assert not standing_of(Report(examples={})).in_use


def test_learning_is_due_when_a_tenth_was_added() -> None:
    assert not is_due(199, 0)
    assert is_due(200, 0)
    assert not is_due(219, 200)
    assert is_due(220, 200)
