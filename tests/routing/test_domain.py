"""Calendars, deadlines, units, cases, referrals and the triage queue, in milliseconds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.bodies import Body, CompetentBodyUnknown, DefaultUnit, UnitOfAnotherMinistry
from services.routing.domain.calendar import Calendar
from services.routing.domain.case import Case, ComplaintEnded
from services.routing.domain.deadline import Deadline, DeadlinePolicy, deadline_for
from services.routing.domain.decision import disposition_for
from services.routing.domain.facts import Disposition, facts_digest
from services.routing.domain.referral import DeclineNamesItself, ReferralCannotBecome, ReferralState
from services.routing.domain.resolver import Outcome
from services.routing.domain.triage import (
    ArbiterRequired,
    TriageDecided,
    TriageItem,
    TriageKind,
    kind_after_decline,
    triage_kind,
)
from tests.routing.builders import NOW, a_reference, a_referral, some_facts

SUNDAY = date(2026, 11, 22)
days = st.dates(date(2023, 1, 1), date(2030, 12, 31))


def test_friday_and_saturday_are_not_worked():
    assert [Calendar().is_working(SUNDAY + timedelta(days=n)) for n in range(7)] == [True] * 5 + [False] * 2


def test_holidays_are_left_out():
    assert Calendar(frozenset({date(2026, 11, 24)})).after(SUNDAY, 2) == date(2026, 11, 25)


@given(days, st.integers(0, 120), st.sets(days, max_size=20))
def test_counting_back_gives_the_days_counted_forward(day, count, holidays):
    calendar = Calendar(frozenset(holidays))
    assert calendar.between(day, calendar.after(day, count)) == count


@given(days, days, st.sets(days, max_size=20))
def test_counting_by_weeks_equals_counting_by_days(first, last, holidays):
    calendar = Calendar(frozenset(holidays))
    one_by_one = sum(calendar.is_working(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
    assert calendar.between(first, last) == one_by_one


def test_the_narrowest_policy_applies():
    national = DeadlinePolicy(code="n", working_days=21)
    oran = DeadlinePolicy(code="o", working_days=90, wilaya_id="wilaya-oran", valid_to=date(2023, 11, 1))
    housing = DeadlinePolicy(code="h", working_days=15, topic_code="housing")
    policies = (national, oran, housing)
    in_oran = some_facts(wilaya_id="wilaya-oran", received_on=date(2023, 3, 1))
    assert deadline_for(policies, in_oran, "", 0).policy == "o"
    assert deadline_for(policies, replace(in_oran, received_on=date(2023, 11, 1)), "", 0).policy == "n"
    assert deadline_for(policies, replace(in_oran, topic_code="housing.social"), "", 0).policy == "h"
    assert deadline_for(policies, some_facts(topic_code="housingx"), "", 0).policy == "n"


def test_a_ministry_can_shorten_its_deadline_and_never_lengthen_it():
    policies = (DeadlinePolicy(code="n", working_days=21),)
    assert deadline_for(policies, some_facts(), "msan", 10) == Deadline(working_days=10, policy="n:msan")
    assert deadline_for(policies, some_facts(), "msan", 30) == Deadline(working_days=21, policy="n")


def test_the_only_directorate_of_the_wilaya_answers_by_default():
    assert a_reference().unit("msan", some_facts()) == "dsp-alger"
    assert a_reference().unit("msan", some_facts(wilaya_id="wilaya-oran")) == "dsp-oran"


def test_of_several_directorates_the_table_names_one_by_topic():
    services = (
        DefaultUnit(ministry_id="mhuvat", service_code="DL"),
        DefaultUnit(ministry_id="mhuvat", service_code="OPGI", topic_code="housing.social"),
    )
    named = replace(a_reference(), default_units=services)
    assert named.unit("mhuvat", some_facts()) == "dl-alger"
    assert named.unit("mhuvat", some_facts(topic_code="housing.social")) == "opgi-alger"
    assert a_reference().unit("mhuvat", some_facts()) == "mhuvat"


def test_the_commune_comes_before_the_wilaya():
    commune = Body(body_id="commune-1601", kind="commune", ministry_id="mj", territory_id="commune-1601",
                   wilaya_id="wilaya-alger", service_code="APC")  # fmt: skip
    named = replace(a_reference(commune), default_units=(DefaultUnit(ministry_id="mj", service_code="APC"),))
    assert named.unit("mj", some_facts(commune_id="commune-1601")) == "commune-1601"
    assert named.unit("mj", some_facts(commune_id="commune-1602")) == "mj"


def test_a_ministry_without_a_local_service_answers_itself():
    assert a_reference().unit("mj", some_facts()) == "mj"


def test_a_proposed_unit_must_be_the_ministrys_own():
    assert a_reference().unit("msan", some_facts(), "dl-alger") == "dsp-alger"
    with pytest.raises(UnitOfAnotherMinistry):
        a_reference().bodies.unit_of("dl-alger", "msan", SUNDAY)


def test_a_dissolved_body_is_not_competent():
    with pytest.raises(CompetentBodyUnknown):
        a_reference().bodies.valid("mhuv", SUNDAY)
    assert "mhuv" not in a_reference().circumstances(some_facts()).active


def test_an_administration_answers_its_own_register():
    kept = some_facts(petitions=False)
    assert {disposition_for(kept, outcome) for outcome in Outcome} == {Disposition.KEPT}
    assert disposition_for(some_facts(), Outcome.ASSIGNED) is Disposition.REFER
    assert disposition_for(some_facts(), Outcome.PROVISIONAL) is Disposition.TRIAGE


def test_the_digest_tells_facts_apart_and_knows_nothing_of_the_words():
    facts = some_facts()
    digests = {facts_digest(each) for each in (facts, replace(facts, topic_code="housing.queue"), facts)}
    assert len(digests) == 2
    assert "text" not in vars(facts)


def test_the_citizens_clock_only_moves_forward_to_an_earlier_day():
    case = Case(facts=some_facts()).with_deadline(Deadline(working_days=21, policy="n"), Calendar())
    assert case.due_on == date(2026, 12, 21)
    assert case.with_deadline(Deadline(working_days=30, policy="m"), Calendar()) is case
    assert case.with_deadline(Deadline(working_days=5, policy="s"), Calendar()).due_on == date(2026, 11, 29)


def test_a_pause_moves_the_day_by_the_working_days_that_passed():
    case = Case(facts=some_facts()).with_deadline(Deadline(working_days=21, policy="n"), Calendar())
    resumed = case.paused(date(2026, 11, 24)).resumed(date(2026, 12, 1), Calendar())
    assert (resumed.paused_days, resumed.due_on) == (5, date(2026, 12, 28))
    assert resumed.working_days_until(date(2026, 12, 2), Calendar()) == 3


def test_a_ministry_that_names_its_own_unit_has_not_declined():
    case = Case(facts=some_facts())
    assert case.declined("msan", "msan").facts.declined_by == ()
    assert case.declined("msan", "mj").facts.declined_by == ("msan",)


def test_an_ended_complaint_takes_no_decision():
    with pytest.raises(ComplaintEnded):
        Case(facts=some_facts(), ended=True).must_run()


def test_a_referral_has_its_own_clock():
    assert a_referral().due_on == date(2026, 12, 6)
    assert a_referral().next_step_on == date(2026, 12, 7)


def test_the_ladder_has_three_steps():
    referral, steps = a_referral(), []
    while referral.next_step_on:
        steps.append(referral.next_step_on)
        referral = referral.escalated(Calendar(), NOW)
    assert steps == [date(2026, 12, 7), date(2026, 12, 14), date(2026, 12, 21)]
    assert referral.escalation == 3


def test_a_ministry_has_its_unit_reminded_before_the_day():
    noticed = a_referral(early_notice=2)
    assert (noticed.due_on, noticed.notice_on) == (date(2026, 12, 6), date(2026, 12, 2))
    assert [noticed.is_due_soon(date(2026, 12, day)) for day in (1, 2, 6, 7)] == [False, True, True, False]
    assert not a_referral().is_due_soon(date(2026, 12, 6))


def test_an_answer_stops_the_clock():
    answered = a_referral().answered(date(2026, 11, 29), Calendar(), NOW)
    assert (answered.state, answered.working_days, answered.next_step_on) == (ReferralState.ANSWERED, 5, None)


def test_a_superficial_reply_gets_a_new_clock():
    assessed = a_referral().answered(date(2026, 11, 29), Calendar(), NOW).became(ReferralState.ASSESSED, NOW)
    again = assessed.returned(date(2026, 12, 1), Calendar(), NOW)
    assert (again.state, again.due_on, again.escalation) == (ReferralState.ACCEPTED, date(2026, 12, 15), 0)


def test_a_unit_that_accepted_cannot_decline():
    with pytest.raises(ReferralCannotBecome):
        a_referral().became(ReferralState.ACCEPTED, NOW).declined("mj", "…", NOW)


def test_a_unit_must_name_another_as_competent():
    with pytest.raises(DeclineNamesItself):
        a_referral().declined("dsp-alger", "…", NOW)


def an_item(kind: TriageKind) -> TriageItem:
    return TriageItem(
        triage_id="t", complaint_id="c", number="n", kind=kind, wilaya_id="w", decision_id="d", created_at=NOW
    )


def test_the_second_decline_goes_to_the_arbiter():
    assert [kind_after_decline(n) for n in (1, 2, 3)] == [TriageKind.DECLINED, *[TriageKind.ARBITRATION] * 2]
    with pytest.raises(ArbiterRequired):
        an_item(TriageKind.ARBITRATION).decided_by_hand(arbiter=False)
    assert not an_item(TriageKind.ARBITRATION).decided_by_hand(arbiter=True).open


def test_an_item_is_decided_once():
    with pytest.raises(TriageDecided):
        an_item(triage_kind(Outcome.AMBIGUOUS)).ended().decided_by_hand(arbiter=True)
