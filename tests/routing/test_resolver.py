"""The resolver keeps its promises whatever the ministries answer."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from services.routing.domain.resolver import (
    Answer,
    AnswerKind,
    Circumstances,
    LearnedClaim,
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


def learned():
    claim = st.builds(LearnedClaim, ministry_id=st.sampled_from(MINISTRIES), confidence=scores)
    return st.none() | claim


SPEAKING = (AnswerKind.CLAIM, AnswerKind.ERROR)
often = settings(max_examples=150)


@often
@given(answers(), tables(), places(), learned(), st.randoms())
def test_the_order_of_answers_does_not_matter(given_answers, precedence, at, said, random):
    shuffled = list(given_answers)
    random.shuffle(shuffled)
    assert resolve(shuffled, precedence, at, said) == resolve(given_answers, precedence, at, said)


@often
@given(answers(), tables(), places(), learned())
def test_who_abstains_changes_nothing(given_answers, precedence, at, said):
    speaking = [a for a in given_answers if a.kind is not AnswerKind.ABSTAIN]
    assert resolve(speaking, precedence, at, said) == resolve(given_answers, precedence, at, said)


@often
@given(answers(), tables(), places())
def test_who_declines_changes_nothing_among_rules(given_answers, precedence, at):
    speaking = [a for a in given_answers if a.kind in SPEAKING]
    assert resolve(speaking, precedence, at) == resolve(given_answers, precedence, at)


@often
@given(answers(), tables(), places(), learned())
def test_who_declined_or_does_not_exist_never_wins(given_answers, precedence, at, said):
    lead = resolve(given_answers, precedence, at, said).lead
    assert lead not in at.declined_by
    assert lead == "" or lead in at.active
    assert lead not in {a.ministry_id for a in given_answers if a.kind is AnswerKind.DECLINE}


@often
@given(answers(), tables(), places(), st.sampled_from(MINISTRIES))
def test_an_inflated_score_is_bounded_by_the_cap(given_answers, precedence, at, ministry):
    raised = [replace(a, score=1000) if a.ministry_id == ministry else a for a in given_answers]
    bound = precedence.caps.get(ministry, 1000)
    found = resolve(raised, precedence, at)
    own = next((c for c in found.candidates if c.ministry_id == ministry), None)
    if own is None:
        return
    assert own.effective <= bound
    beyond = [c for c in found.candidates if c.tier >= own.tier and c.effective > bound]
    assert not beyond or found.lead != ministry


@often
@given(answers(), tables(), places(), st.sampled_from(MINISTRIES))
def test_an_inflated_score_moves_nobody_else(given_answers, precedence, at, ministry):
    raised = [replace(a, score=1000) if a.ministry_id == ministry else a for a in given_answers]
    before, after = (resolve(each, precedence, at).candidates for each in (given_answers, raised))
    assert [c for c in before if c.ministry_id != ministry] == [c for c in after if c.ministry_id != ministry]


@settings(max_examples=500)
@given(
    answers(), tables(), places(), learned(), answers(kinds=(AnswerKind.CLAIM, AnswerKind.DECLINE, AnswerKind.ABSTAIN))
)
def test_an_assigned_result_could_not_have_been_changed_by_rules_that_failed(
    given_answers, precedence, at, said, answered
):
    before = resolve(given_answers, precedence, at, said)
    if before.outcome is not Outcome.ASSIGNED:
        return
    back = {a.ministry_id: a for a in answered}
    instead = [back.get(a.ministry_id, a) if a.kind is AnswerKind.ERROR else a for a in given_answers]
    after = resolve(instead, precedence, at, said)
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


def test_rules_that_failed_could_have_declined_what_was_learned_of_their_ministry():
    failed, declined = (Answer(ministry_id="mj", kind=kind) for kind in (AnswerKind.ERROR, AnswerKind.DECLINE))
    said, too_low = LearnedClaim(ministry_id="mj", confidence=900), Precedence(caps={"mj": 100})
    assert resolve([declined], too_low, EVERYONE, said).outcome is Outcome.UNCLAIMED
    held = resolve([failed], too_low, EVERYONE, said)
    assert (held.outcome, held.holding) == (Outcome.PROVISIONAL, ("mj",))
