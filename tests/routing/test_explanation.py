"""An explanation says in both languages why this body, and what those who failed could have changed."""

import re

import pytest

from services.routing.domain.decision import Decision, OwnerAnswer, Reason, Verdict, weigh
from services.routing.domain.explanation import Account, Part, Sentence, explain
from services.routing.domain.facts import Disposition
from services.routing.domain.resolver import AnswerKind, Circumstances, Outcome, Precedence, Tier
from services.routing.domain.sentences import SENTENCES
from tests.routing.builders import COMPLAINT_ID, NOW

NAMES = {"msan": ("وزارة الصحة", "Santé"), "mj": ("وزارة العدل", "Justice"), "mtess": ("وزارة العمل", "Travail"),
         "dsp-alger": ("مديرية الصحة بالجزائر", "DSP d'Alger")}  # fmt: skip
EVERYONE = frozenset({"msan", "mj", "mtess"})


def claims(ministry_id: str, score: int, **only: object) -> Verdict:
    plain = {"rule": f"{ministry_id}.csv:4", "because_ar": f"لأن {ministry_id}", "because_fr": f"car {ministry_id}"}
    return Verdict(ministry_id=ministry_id, answer=AnswerKind.CLAIM, score=score, **(plain | only))  # type: ignore[arg-type]


def says(ministry_id: str, answer: AnswerKind, **only: object) -> Verdict:
    return Verdict(ministry_id=ministry_id, answer=answer, **only)  # type: ignore[arg-type]


def explained(
    *verdicts: Verdict, precedence: Precedence | None = None, at: Circumstances | None = None, **only: object
) -> list[Sentence]:
    weighed = precedence or Precedence()
    plain: dict[str, object] = {
        "decision_id": COMPLAINT_ID, "complaint_id": COMPLAINT_ID, "number": "16/0001/2026/000001",
        "outcome": Outcome.ASSIGNED, "disposition": Disposition.REFER, "because": Reason(ar="لأن", fr="car"),
        "decided_by": "process:routing", "decided_at": NOW, "ministry_id": "msan",
    }  # fmt: skip
    policy = str(only.pop("policy", ""))
    made = Decision(**(plain | only), verdicts=tuple(weigh(v, weighed, "") for v in verdicts))  # type: ignore[arg-type]
    account = Account(
        decision=made,
        precedence=weighed,
        at=at or Circumstances(active=EVERYONE),
        policy=policy,
        name=lambda body_id: NAMES.get(body_id, (body_id, body_id)),
    )
    return explain(account)


def of(part: Part, sentences: list[Sentence]) -> list[str]:
    return [each.said.fr for each in sentences if each.part is part]


def test_a_clear_lead_is_told_from_the_decision_to_its_margin():
    told = explained(claims("msan", 800), claims("mj", 700), says("mtess", AnswerKind.ABSTAIN))
    assert [each.part for each in told] == [Part.DECISION, Part.CLAIM, Part.CLAIM, Part.MARGIN, Part.ABSTENTION]
    assert [each.said.fr for each in told] == [
        "L'organisme compétent est : Santé. Les règles des ministères l'ont désigné, sans intervention d'un agent.",
        "Santé s'est déclaré compétent au titre du sujet, avec un score de 800 sur 1000, règle msan.csv:4 : « car msan »",
        "Justice s'est déclaré compétent au titre du sujet, avec un score de 700 sur 1000, règle mj.csv:4 : « car mj »",
        "Santé devance Justice de 100 points ; il en faut au moins 50.",
        "Les règles de 1 ministères n'avaient rien à dire : Travail.",
    ]
    assert told[1].said.ar == (
        "صرّحت وزارة الصحة باختصاصها بحسب الموضوع، بدرجة 800 من 1000، القاعدة msan.csv:4: «لأن msan»"
    )


def test_weight_and_cap_are_told_where_they_changed_a_score():
    told = explained(claims("msan", 900), precedence=Precedence(weights={"msan": 1200}, caps={"msan": 850}))
    assert "un score de 900, compté 850 (pondération 1200 ‰, plafond 850)" in of(Part.CLAIM, told)[0]
    assert of(Part.MARGIN, told) == ["Aucun autre ministère ne s'est déclaré compétent avec un score suffisant."]


def test_a_ground_that_was_not_admitted_and_one_that_wins_whatever_the_score():
    statutory = claims("mj", 400, tier=Tier.STATUTORY, legal_reference="loi 90-08")
    listed = explained(statutory, claims("msan", 900), precedence=Precedence(statutory=frozenset({"mj"})))
    assert "en vertu de la loi ; loi 90-08" in of(Part.CLAIM, listed)[0]
    assert "plus fort que celui de Santé" in of(Part.MARGIN, listed)[0]
    assert "non admis" in of(Part.CLAIM, explained(statutory))[1]


@pytest.mark.parametrize(
    ("verdict", "precedence", "at", "part", "words"),
    [
        (claims("mj", 200), Precedence(), None, Part.CLAIM_NOT_COUNTED, "200 est sous le minimum de 300"),
        (claims("mj", 900), Precedence(), Circumstances(active=EVERYONE, declined_by={"mj"}), Part.CLAIM_NOT_COUNTED,
         "il a déjà décliné"),
        (claims("mj", 900), Precedence(), Circumstances(active={"msan"}), Part.CLAIM_NOT_COUNTED, "n'existait pas"),
        (says("mj", AnswerKind.ERROR), Precedence(), None, Part.FAILURE, "atteindre 1000 et changer le résultat"),
        (says("mj", AnswerKind.ERROR), Precedence(caps={"mj": 700}), None, Part.FAILURE, "(700) n'aurait rien changé"),
        (says("mj", AnswerKind.ERROR), Precedence(), Circumstances(active=EVERYONE, declined_by={"mj"}), Part.FAILURE,
         "il a déjà décliné"),
        (says("mj", AnswerKind.DECLINE, because_fr="non", suggested_ministry_id="mtess"), Precedence(), None,
         Part.DECLINE, "indiqué Travail, sans que cela engage : « non »"),
        (says("mj", AnswerKind.DECLINE, because_fr="non"), Precedence(), None, Part.DECLINE, "décliné sa compétence : « non »"),
    ],
)  # fmt: skip
def test_who_did_not_win_is_told_why(verdict, precedence, at, part, words):
    (said,) = of(part, explained(claims("msan", 800), verdict, precedence=precedence, at=at))
    assert words in said


def test_unit_and_deadline_name_the_rules_or_the_policy_that_gave_them():
    unit = OwnerAnswer(hook="assign_unit", answer="dsp-alger", taken=True, because_fr="la plus proche", because_ar="")
    days = OwnerAnswer(hook="deadline", answer="10", taken=True, because_fr="urgent", because_ar="")
    decided = {"unit_body_id": "dsp-alger", "deadline_days": 10, "policy": "national-21:msan"}
    own = explained(claims("msan", 800), owner_answers=(unit, days), **decided)
    assert of(Part.UNIT, own) == ["DSP d'Alger répond ; les règles de Santé l'ont désignée : « la plus proche »"]
    assert (
        "les règles de Santé l'ont réduit par rapport à la politique national-21 : « urgent »"
        in of(Part.DEADLINE, own)[0]
    )
    wished = OwnerAnswer(hook="deadline", answer="90")
    theirs = explained(
        claims("msan", 800), owner_answers=(wished,), unit_body_id="dsp-alger", deadline_days=21, policy="national-21"
    )
    assert of(Part.UNIT, theirs) == ["DSP d'Alger répond, d'après l'annuaire."]
    assert "demandaient 90, or elles ne peuvent que réduire" in of(Part.DEADLINE, theirs)[0]


def test_a_person_s_decision_names_the_person_and_the_reason():
    told = explained(
        outcome=Outcome.BY_HAND, decided_by="officer:delegate-16", because=Reason(ar="الموضوع صحي", fr="الموضوع صحي"),
        unit_body_id="dsp-alger", deadline_days=21, policy="national-21",
    )  # fmt: skip
    assert told[0].said.ar == "الهيئة المختصة هي وزارة الصحة؛ قرّر ذلك الموظف delegate-16: «الموضوع صحي»"
    assert [each.part for each in told] == [Part.DECISION, Part.UNIT, Part.DEADLINE]


@pytest.mark.parametrize("key", SENTENCES)
def test_both_languages_tell_the_same_facts(key):
    arabic, french = (set(re.findall(r"{(\w+)}", text)) for text in SENTENCES[key])
    assert arabic - {"ministry"} == french - {"ministry"}
