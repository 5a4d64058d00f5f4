"""The resolver keeps its promises whatever the ministries answer."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from services.routing.domain.resolver import (
    Answer,
    AnswerKind,
    Circumstances,
    Outcome,
    Precedence,
    Tier,
    admitted_tier,
    resolve,
)

MINISTRIES = ("mh", "mhuvat", "miclt", "mj", "msan", "mtess")
scores = st.integers(0, 1000)


@st.composite
def answers(draw, kinds=tuple(AnswerKind)):
    asked = draw(st.lists(st.sampled_from(MINISTRIES), unique=True))
    return [
        Answer(
            ministry_id=ministry,
            kind=draw(st.sampled_from(kinds)),
            tier=draw(st.sampled_from(tuple(Tier))),
            score=draw(scores),
            legal_reference=draw(st.sampled_from(("", "loi 18-11"))),
        )
        for ministry in asked
    ]


@st.composite
def tables(draw):
    some = st.dictionaries(st.sampled_from(MINISTRIES), st.integers(0, 1500))
    return Precedence(
        margin=draw(st.integers(0, 200)),
        minimum=draw(st.integers(0, 500)),
        weights=draw(some),
        caps=draw(st.dictionaries(st.sampled_from(MINISTRIES), scores)),
        order=tuple(draw(st.lists(st.sampled_from(MINISTRIES), unique=True))),
        statutory=frozenset(draw(st.sets(st.sampled_from(MINISTRIES)))),
    )


@st.composite
def places(draw):
    return Circumstances(
        active=frozenset(draw(st.sets(st.sampled_from(MINISTRIES), min_size=3))),
        addressed=draw(st.sampled_from(("", *MINISTRIES))),
        declined_by=frozenset(draw(st.sets(st.sampled_from(MINISTRIES), max_size=2))),
    )


@given(answers(), tables(), places(), st.randoms())
def test_the_order_of_answers_does_not_matter(given_answers, precedence, at, random):
    shuffled = list(given_answers)
    random.shuffle(shuffled)
    assert resolve(shuffled, precedence, at) == resolve(given_answers, precedence, at)


@given(answers(), tables(), places())
def test_who_abstains_or_declines_changes_nothing(given_answers, precedence, at):
    speaking = [a for a in given_answers if a.kind not in (AnswerKind.ABSTAIN, AnswerKind.DECLINE)]
    assert resolve(speaking, precedence, at) == resolve(given_answers, precedence, at)


@given(answers(), tables(), places())
def test_who_declined_or_does_not_exist_never_wins(given_answers, precedence, at):
    lead = resolve(given_answers, precedence, at).lead
    assert lead not in at.declined_by
    assert lead == "" or lead in at.active


@given(answers(), tables(), places(), st.sampled_from(MINISTRIES))
def test_an_inflated_score_is_bounded_by_the_cap(given_answers, precedence, at, ministry):
    raised = [replace(a, score=1000) if a.ministry_id == ministry else a for a in given_answers]
    bound = precedence.caps.get(ministry, 1000)
    for candidate in resolve(raised, precedence, at).candidates:
        assert candidate.ministry_id != ministry or candidate.effective <= bound


@settings(max_examples=300)
@given(answers(), tables(), places(), scores, st.sampled_from(tuple(Tier)), st.sampled_from((*AnswerKind,)))
def test_an_assigned_result_could_not_have_been_changed_by_a_rule_that_failed(
    given_answers, precedence, at, score, tier, kind
):
    before = resolve(given_answers, precedence, at)
    if before.outcome is not Outcome.ASSIGNED or kind is AnswerKind.ERROR:
        return
    failed = [a.ministry_id for a in given_answers if a.kind is AnswerKind.ERROR]
    for ministry in failed:
        back = Answer(ministry_id=ministry, kind=kind, tier=tier, score=score, legal_reference="loi 18-11")
        after = resolve([back if a.ministry_id == ministry else a for a in given_answers], precedence, at)
        assert (after.outcome, after.lead) == (before.outcome, before.lead)


EVERYONE = Circumstances(active=frozenset(MINISTRIES))


def a_claim(ministry: str, score: int, tier: Tier = Tier.TOPICAL, law: str = "") -> Answer:
    return Answer(ministry_id=ministry, kind=AnswerKind.CLAIM, tier=tier, score=score, legal_reference=law)


def test_a_clear_lead_is_assigned():
    found = resolve([a_claim("msan", 800), a_claim("mj", 700)], Precedence(), EVERYONE)
    assert (found.outcome, found.lead) == (Outcome.ASSIGNED, "msan")


def test_a_narrow_lead_goes_to_a_person():
    found = resolve([a_claim("msan", 749), a_claim("mj", 700)], Precedence(), EVERYONE)
    assert (found.outcome, found.lead) == (Outcome.AMBIGUOUS, "msan")


def test_a_lead_by_exactly_the_margin_is_assigned():
    assert resolve([a_claim("msan", 750), a_claim("mj", 700)], Precedence(), EVERYONE).outcome is Outcome.ASSIGNED


def test_weak_claims_are_no_claims():
    assert resolve([a_claim("msan", 299)], Precedence(), EVERYONE).outcome is Outcome.UNCLAIMED


def test_a_named_sector_beats_any_topical_score():
    at = Circumstances(active=EVERYONE.active, addressed="mj")
    assert resolve([a_claim("msan", 1000), a_claim("mj", 400, Tier.ADDRESSED)], Precedence(), at).lead == "mj"


def test_statutory_needs_the_mediators_list_and_a_legal_text():
    listed = Precedence(statutory=frozenset({"mj"}))
    assert admitted_tier(a_claim("mj", 500, Tier.STATUTORY, "loi 90-08"), listed, "") is Tier.STATUTORY
    assert admitted_tier(a_claim("mj", 500, Tier.STATUTORY), listed, "") is Tier.TOPICAL
    assert admitted_tier(a_claim("msan", 500, Tier.STATUTORY, "loi 18-11"), listed, "") is Tier.TOPICAL


def test_a_failed_rule_set_that_could_have_won_holds_the_decision():
    failed = Answer(ministry_id="mj", kind=AnswerKind.ERROR)
    found = resolve([a_claim("msan", 900), failed], Precedence(), EVERYONE)
    assert (found.outcome, found.lead, found.holding) == (Outcome.PROVISIONAL, "msan", ("mj",))


def test_a_failed_rule_set_whose_cap_is_too_low_holds_nothing():
    failed = Answer(ministry_id="mj", kind=AnswerKind.ERROR)
    found = resolve([a_claim("msan", 900), failed], Precedence(caps={"mj": 850}), EVERYONE)
    assert found.outcome is Outcome.ASSIGNED


def test_equal_claims_are_ordered_by_the_mediators_list_then_by_code():
    equal = [a_claim("msan", 800), a_claim("mj", 800), a_claim("mh", 800)]
    found = resolve(equal, Precedence(order=("msan",)), EVERYONE)
    assert [c.ministry_id for c in found.candidates] == ["msan", "mh", "mj"]
