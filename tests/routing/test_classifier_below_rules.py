"""What was learned stands below every ministry's own rule, whatever the ministries answer."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from services.routing.domain.resolver import Answer, AnswerKind, LearnedClaim, Outcome, Precedence, Tier, resolve
from tests.routing.test_resolver import EVERYONE, MINISTRIES, a_claim, answers, places, scores, tables

INSTALLED = Precedence()
claims = st.builds(LearnedClaim, ministry_id=st.sampled_from(MINISTRIES), confidence=scores)


@given(answers(), tables(), places(), claims)
def test_it_changes_nothing_where_a_rule_claims(given_answers, precedence, at, learned):
    by_rules = resolve(given_answers, precedence, at)
    if by_rules.candidates:
        assert resolve(given_answers, precedence, at, learned) == by_rules


@given(answers(), tables(), places(), claims)
def test_it_never_speaks_for_who_declined_or_does_not_exist(given_answers, precedence, at, learned):
    lead = resolve(given_answers, precedence, at, learned).lead
    assert lead == "" or at.competes(lead)
    declining = {a.ministry_id for a in given_answers if a.kind is AnswerKind.DECLINE}
    assert lead not in declining


@given(answers(), tables(), places(), claims, st.randoms())
def test_the_order_of_answers_does_not_matter_beside_it(given_answers, precedence, at, learned, random):
    shuffled = list(given_answers)
    random.shuffle(shuffled)
    assert resolve(shuffled, precedence, at, learned) == resolve(given_answers, precedence, at, learned)


@settings(max_examples=300)
@given(answers(), tables(), places(), claims, scores, st.sampled_from(tuple(Tier)), st.sampled_from((*AnswerKind,)))
def test_what_it_assigns_could_not_have_been_changed_by_a_rule_that_failed(
    given_answers, precedence, at, learned, score, tier, kind
):
    before = resolve(given_answers, precedence, at, learned)
    if before.outcome is not Outcome.ASSIGNED or kind in (AnswerKind.ERROR, AnswerKind.DECLINE):
        return
    for ministry in [a.ministry_id for a in given_answers if a.kind is AnswerKind.ERROR]:
        back = Answer(ministry_id=ministry, kind=kind, tier=tier, score=score, legal_reference="loi 18-11")
        after = resolve([back if a.ministry_id == ministry else a for a in given_answers], precedence, at, learned)
        assert (after.outcome, after.lead) == (before.outcome, before.lead)


def test_it_fills_what_nobody_claims():
    found = resolve([a_claim("msan", 299)], INSTALLED, EVERYONE, LearnedClaim(ministry_id="mj", confidence=910))
    assert (found.outcome, found.lead, found.candidates[0].tier) == (Outcome.ASSIGNED, "mj", Tier.LEARNED)


def test_a_failed_rule_set_holds_it():
    failed = Answer(ministry_id="msan", kind=AnswerKind.ERROR)
    found = resolve([failed], INSTALLED, EVERYONE, LearnedClaim(ministry_id="mj", confidence=1000))
    assert (found.outcome, found.holding) == (Outcome.PROVISIONAL, ("msan",))
    capped = replace(INSTALLED, caps={"msan": 0})
    assert (
        resolve([failed], capped, EVERYONE, LearnedClaim(ministry_id="mj", confidence=900)).outcome is Outcome.ASSIGNED
    )
