"""The life of a complaint: what may become of it, who ends it, who learns whose it is."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.intake.domain import complaint as life
from services.intake.domain import disclosure, referral
from services.intake.domain.complaint import MAY_BECOME, ClosureReason, ReplyGrade, State
from services.intake.domain.file import Act, File
from services.intake.domain.filing import (
    Identity,
)
from services.intake.domain.referral import Referral, ReferralState
from tests.intake.builders import a_complaint

NOW = datetime(2026, 11, 23, 18, 5, 11, 123456, tzinfo=UTC)


@given(some.lists(some.sampled_from(State), max_size=12))
def test_a_complaint_only_goes_where_the_table_leads(wanted):
    complaint = a_complaint()
    for state in wanted:
        allowed = state in MAY_BECOME[complaint.state]
        try:
            after = life.become(complaint, state)
        except life.TransitionForbidden:
            assert not allowed
        else:
            assert allowed
            assert after.version == complaint.version + 1
            complaint = after


def test_who_answers_a_fresh_entry_has_examined_it():
    steps = life.replied(a_complaint(), "commune-1601", ReplyGrade.FAVOURABLE)
    assert [(each.state, each.version) for each in steps] == [(State.UNDER_EXAMINATION, 2), (State.REPLIED, 3)]


def test_only_the_keeper_answers_in_the_register_and_never_superficially():
    with pytest.raises(life.NotKeeper):
        life.replied(a_complaint(), "delegation-alger", ReplyGrade.FAVOURABLE)
    with pytest.raises(life.GradeForbidden):
        life.replied(a_complaint(), "commune-1601", ReplyGrade.SUPERFICIAL)
    with pytest.raises(life.TransitionForbidden):
        life.replied(a_complaint(State.REFERRED), "commune-1601", ReplyGrade.FAVOURABLE)


def close(complaint, reason=ClosureReason.FAVOURABLE, duplicate_of="", referral_open=False):
    return life.closed(complaint, reason, duplicate_of=duplicate_of, referral_open=referral_open)


def test_a_complaint_is_closed_once_with_a_reason():
    closed = close(a_complaint(State.REPLIED))[-1]
    assert (closed.state, closed.closure_reason) == (State.CLOSED, ClosureReason.FAVOURABLE)
    with pytest.raises(life.TransitionForbidden):
        close(closed)
    reopened = life.reopened(closed)[-1]
    assert (reopened.state, reopened.closure_reason) == (State.REOPENED, None)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"reason": ClosureReason.WITHDRAWN}, life.ClosureReasonForbidden),
        ({"reason": ClosureReason.DUPLICATE}, life.DuplicateUnnamed),
        ({"reason": ClosureReason.DUPLICATE, "duplicate_of": "16/0412/2026/000123"}, life.DuplicateUnnamed),
        ({"duplicate_of": "16/0412/2026/000001"}, life.DuplicateUnnamed),
        ({"referral_open": True}, life.ReferralOpen),
    ],
)
def test_a_complaint_is_not_closed_wrongly(facts, refusal):
    with pytest.raises(refusal):
        close(a_complaint(State.REPLIED), **facts)


def test_a_complainant_withdraws_until_the_end():
    assert life.withdrawn(a_complaint())[-1].closure_reason is ClosureReason.WITHDRAWN
    assert not life.may_withdraw(a_complaint(State.CLOSED))


def test_inadmissible_is_said_for_a_reason_of_the_mandate():
    assert life.inadmissible(a_complaint(), ClosureReason.OUTSIDE_JUDICIAL)[-1].state is State.INADMISSIBLE
    with pytest.raises(life.ClosureReasonForbidden):
        life.inadmissible(a_complaint(), ClosureReason.FAVOURABLE)


def a_referral(state, *, referral_id="r1", answered=False):
    return Referral(
        referral_id=referral_id, complaint_id="c", unit_body_id="dsp-alger", ministry_id="msan", state=state, version=1, answered=answered
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "referrals", "end"),
    [
        (State.REGISTERED, [a_referral(ReferralState.SENT)], State.REFERRED),
        (State.REFERRED, [a_referral(ReferralState.ACKNOWLEDGED)], State.REFERRED),
        (State.REGISTERED, [a_referral(ReferralState.ACCEPTED)], State.IN_PROCESSING),
        (State.IN_PROCESSING, [a_referral(ReferralState.SENT)], State.IN_PROCESSING),
        (State.REFERRED, [a_referral(ReferralState.DECLINED)], State.REFERRED),
        (State.REGISTERED, [a_referral(ReferralState.ACCEPTED, answered=True)], State.REPLIED),
        (
            State.REFERRED,
            [a_referral(ReferralState.ANSWERED, answered=True), a_referral(ReferralState.SENT, referral_id="r2")],
            State.IN_PROCESSING,
        ),
        (State.AWAITING_COMPLAINANT, [a_referral(ReferralState.ACCEPTED)], State.AWAITING_COMPLAINANT),
        (State.CLOSED, [a_referral(ReferralState.ACCEPTED)], State.CLOSED),
    ],
)
def test_a_complaint_follows_its_referrals(start, referrals, end):
    complaint = a_complaint(start)
    steps = referral.follow(complaint, referrals)
    assert (steps[-1] if steps else complaint).state is end
    assert [each.version for each in steps] == list(range(2, len(steps) + 2))


@given(some.permutations([ReferralState.SENT, ReferralState.ACKNOWLEDGED, ReferralState.ACCEPTED]))
def test_in_whatever_order_a_referral_is_told_the_complaint_ends_in_processing(order):
    complaint, latest = a_complaint(), -1
    stages = [ReferralState.SENT, ReferralState.ACKNOWLEDGED, ReferralState.ACCEPTED]
    for state in order:
        latest = max(latest, stages.index(state))
        steps = referral.follow(complaint, [a_referral(stages[latest])])
        complaint = steps[-1] if steps else complaint
    assert complaint.state is State.IN_PROCESSING


def test_a_referral_that_has_not_ended_keeps_the_complaint_open():
    assert referral.any_open([a_referral(ReferralState.ASSESSED)])
    assert not referral.any_open([a_referral(ReferralState.CLOSED), a_referral(ReferralState.DECLINED)])


def disclose(complaint, *, purpose="لتحديد موعد", mediator=False, acting_for=(), parties=()):
    disclosure.check(complaint, purpose=purpose, mediator=mediator, acting_for=acting_for, parties=parties)


def test_the_keeper_sees_a_named_complainant_and_no_confidential_one():
    disclose(a_complaint(), acting_for=["commune-1601"])
    with pytest.raises(disclosure.IdentityWithheld):
        disclose(a_complaint(identity=Identity.CONFIDENTIAL, consent=False), acting_for=["commune-1601"])


def test_an_addressee_sees_the_complainant_only_with_consent():
    disclose(a_complaint(), acting_for=["dsp-alger"], parties=["dsp-alger", "msan"])
    with pytest.raises(disclosure.IdentityWithheld):
        disclose(a_complaint(consent=False), acting_for=["dsp-alger"], parties=["dsp-alger"])


def test_the_delegate_sees_a_confidential_complainant_for_a_purpose():
    confidential = a_complaint(identity=Identity.CONFIDENTIAL, consent=False)
    disclose(confidential, mediator=True)
    with pytest.raises(disclosure.PurposeMissing):
        disclose(confidential, mediator=True, purpose=" x  ")


def test_nobody_knows_an_anonymous_complainant():
    with pytest.raises(disclosure.ComplainantAnonymous):
        disclose(a_complaint(identity=Identity.ANONYMOUS), mediator=True)


def test_the_explanation_of_the_end_is_shown_while_it_is_ended():
    acts = (Act(state=State.CLOSED, acted_at=NOW, actor="officer:1", note="لأن"),)
    assert File(complaint=a_complaint(State.CLOSED), acts=acts).closure_note == "لأن"
    assert not File(complaint=a_complaint(State.REOPENED), acts=acts).closure_note
