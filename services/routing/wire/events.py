"""What routing tells the others, put into envelopes."""

from datetime import date

from diwan.common.v1.event_pb2 import Event
from diwan.routing.v1 import decision_pb2, events_pb2, referral_pb2, triage_pb2

from services.chassis.call import Call
from services.chassis.outbox import envelope
from services.routing.domain.case import Case
from services.routing.domain.decision import Decision
from services.routing.domain.referral import Referral, ReferralState
from services.routing.domain.triage import TriageKind


def complaint_decided(call: Call, case: Case, made: Decision, triage: TriageKind | None) -> Event:
    """Tell that a complaint has a decision."""
    payload = events_pb2.ComplaintDecided(
        complaint_id=made.complaint_id,
        number=made.number,
        decision_id=made.decision_id,
        outcome=decision_pb2.Outcome.Value(f"OUTCOME_{made.outcome.upper()}"),
        disposition=decision_pb2.Disposition.Value(f"DISPOSITION_{made.disposition.upper()}"),
        ministry_id=made.ministry_id,
        unit_body_id=made.unit_body_id,
        referral_id=made.referral_id,
        from_body_id=case.facts.keeping_body_id if case.facts.petitions else "",
        wilaya_id=case.facts.wilaya_id,
        triage_kind=triage_pb2.TriageKind.Value(f"TRIAGE_KIND_{triage.upper()}") if triage else 0,  # type: ignore[arg-type]
        topic_code=case.topic_code,
    )
    return _of_case(call, case, payload)


def case_noted(call: Call, note: str, *, complaint_id: str, on: date, ministry_id: str = "") -> Event:
    """Tell routing itself what rules may take note of."""
    payload = events_pb2.CaseNoted(
        complaint_id=complaint_id,
        note=events_pb2.CaseNote.Value(f"CASE_NOTE_{note}"),
        noted_on=on.isoformat(),
        ministry_id=ministry_id,
    )
    return envelope(call, payload=payload, aggregate_id=call.new_id(), aggregate_version=1)


def deadline_set(call: Call, case: Case) -> Event:
    """Tell by which day a complaint must be answered."""
    payload = events_pb2.DeadlineSet(
        complaint_id=case.facts.complaint_id,
        due_on=case.due_on.isoformat() if case.due_on else "",
        working_days=case.working_days,
        policy=case.policy,
    )
    return _of_case(call, case, payload)


def clock_of_case_stopped(
    call: Call, case: Case, *, body_id: str, ministry_id: str, working_days: int, on: date
) -> Event:
    """Tell that the keeping body answered in the register itself."""
    payload = events_pb2.ClockStopped(
        complaint_id=case.facts.complaint_id,
        body_id=body_id,
        ministry_id=ministry_id,
        working_days=working_days,
        overdue=case.due_on is not None and on > case.due_on,
        answered_on=on.isoformat(),
    )
    return _of_case(call, case, payload)


def _of_case(
    call: Call, case: Case, payload: events_pb2.ComplaintDecided | events_pb2.DeadlineSet | events_pb2.ClockStopped
) -> Event:
    return envelope(call, payload=payload, aggregate_id=case.facts.complaint_id, aggregate_version=case.version)


def referral_changed(call: Call, referral: Referral, before: ReferralState | None) -> Event:
    """Tell that a referral began or changed."""
    payload = events_pb2.ReferralChanged(
        referral_id=referral.referral_id,
        complaint_id=referral.complaint_id,
        number=referral.number,
        ministry_id=referral.ministry_id,
        unit_body_id=referral.unit_body_id,
        from_state=_state(before) if before else referral_pb2.REFERRAL_STATE_UNSPECIFIED,
        to_state=_state(referral.state),
        due_on=referral.due_on.isoformat(),
        competent_body_id=referral.decline.competent_body_id if referral.decline else "",
        wilaya_id=referral.wilaya_id,
    )
    return _of_referral(call, referral, payload)


def referral_overdue(call: Call, referral: Referral) -> Event:
    """Tell that a step of the ladder was reached."""
    payload = events_pb2.ReferralOverdue(
        referral_id=referral.referral_id,
        complaint_id=referral.complaint_id,
        number=referral.number,
        ministry_id=referral.ministry_id,
        unit_body_id=referral.unit_body_id,
        from_body_id=referral.from_body_id,
        step=referral.escalation,
        due_on=referral.due_on.isoformat(),
    )
    return _of_referral(call, referral, payload)


def clock_of_referral_stopped(call: Call, referral: Referral, on: date) -> Event:
    """Tell that the unit answered."""
    payload = events_pb2.ClockStopped(
        complaint_id=referral.complaint_id,
        referral_id=referral.referral_id,
        body_id=referral.unit_body_id,
        ministry_id=referral.ministry_id,
        working_days=referral.working_days,
        overdue=on > referral.due_on,
        answered_on=on.isoformat(),
    )
    return _of_referral(call, referral, payload)


def _of_referral(
    call: Call,
    referral: Referral,
    payload: events_pb2.ReferralChanged | events_pb2.ReferralOverdue | events_pb2.ClockStopped,
) -> Event:
    return envelope(call, payload=payload, aggregate_id=referral.referral_id, aggregate_version=referral.version)


def _state(state: ReferralState) -> "referral_pb2.ReferralState.ValueType":
    return referral_pb2.ReferralState.Value(f"REFERRAL_STATE_{state.upper()}")
