"""Releases of rules, acts on them and the precedence, to and from the contract."""

from diwan.routing.v1 import decision_pb2, precedence_pb2, release_pb2
from diwan.routing.v1 import rules_admin_service_pb2 as pb
from diwan.rules.v1 import ministry_pb2

from services.routing.domain.precedence import Edited, Preview
from services.routing.domain.release import FOLDER, Act, Release, ReleaseState, ShadowFigures, Slots
from services.routing.domain.resolver import Outcome, Precedence
from services.routing.wire.messages import moment

HEALTH = {
    ministry_pb2.WORKER_STATE_READY: release_pb2.RELEASE_HEALTH_READY,
    ministry_pb2.WORKER_STATE_STARTING: release_pb2.RELEASE_HEALTH_READY,
    ministry_pb2.WORKER_STATE_RESTING: release_pb2.RELEASE_HEALTH_DEGRADED,
    ministry_pb2.WORKER_STATE_NOT_LOADED: release_pb2.RELEASE_HEALTH_NOT_LOADED,
}
AWAITED = release_pb2.RunningRelease(health=release_pb2.RELEASE_HEALTH_AWAITED)


def state(of: ReleaseState) -> "release_pb2.ReleaseState.ValueType":
    """Write a state."""
    return release_pb2.ReleaseState.Value(f"RELEASE_STATE_{of.upper()}")


def installed(release: Release, slots: Slots) -> release_pb2.Release:
    """Write a release that was installed."""
    return release_pb2.Release(
        release_id=release.release_id,
        ministry_id=release.ministry_id,
        package=release.package,
        version=release.version,
        state=state(slots.state_of(release.release_id)),
        signed_by=release.signed_by,
        installed_by=release.installed_by,
        install_time=moment(release.installed_at),
        size_bytes=release.size_bytes,
    )


def of_folder(slots: Slots) -> release_pb2.Release:
    """Write the rules that lie in a host's own folder as a release."""
    return release_pb2.Release(release_id=FOLDER, ministry_id=slots.ministry_id, state=state(slots.state_of(FOLDER)))


def running(host: str, each: ministry_pb2.Ministry, errors: list[str]) -> release_pb2.RunningRelease:
    """Write how a host runs a release."""
    worker = each.worker
    return release_pb2.RunningRelease(
        health=HEALTH.get(each.state, release_pb2.RELEASE_HEALTH_UNSPECIFIED),
        digest=each.digest,
        name=each.name,
        errors=errors,
        host=host,
        memory_kib=worker.memory_kib,
        workers_started=worker.started,
        workers_ended=worker.ended,
        quarantined=worker.quarantined,
        network_guard=worker.network_guard,
    )


def figures(counted: ShadowFigures) -> release_pb2.ShadowFigures:
    """Write how a release in the shadow compares."""
    return release_pb2.ShadowFigures(**vars(counted))


def act(done: Act) -> release_pb2.RulesAct:
    """Write an act."""
    return release_pb2.RulesAct(
        act_id=done.act_id,
        kind=release_pb2.RulesActKind.Value(f"RULES_ACT_KIND_{done.kind.upper()}"),
        ministry_id=done.ministry_id,
        release_id=done.release_id,
        replaced_release_id=done.replaced,
        revision=done.revision,
        actor=done.actor,
        because=done.because,
        act_time=moment(done.acted_at),
    )


def precedence(edited: Edited) -> precedence_pb2.Precedence:
    """Write the precedence that applies."""
    applies = edited.precedence
    return precedence_pb2.Precedence(
        revision=applies.revision,
        margin=applies.margin,
        minimum=applies.minimum,
        weights=dict(applies.weights),
        caps=dict(applies.caps),
        order=applies.order,
        statutory=sorted(applies.statutory),
        edited_by=edited.by,
        edit_time=moment(edited.at),
    )


def read_precedence(written: precedence_pb2.Precedence) -> Precedence:
    """Read a precedence that somebody wants."""
    return Precedence(
        margin=written.margin,
        minimum=written.minimum,
        weights=dict(written.weights),
        caps=dict(written.caps),
        order=tuple(dict.fromkeys(written.order)),
        statutory=frozenset(written.statutory),
    )


def previewed(decisions: int, tried: Preview) -> pb.PreviewPrecedenceResponse:
    """Write what another precedence would have changed."""
    shifts = [
        precedence_pb2.PrecedenceShift(
            from_outcome=_outcome(shift.from_outcome),
            from_ministry_id=shift.from_lead,
            to_outcome=_outcome(shift.to_outcome),
            to_ministry_id=shift.to_lead,
            count=count,
            sample_numbers=tried.samples[shift],
        )
        for shift, count in tried.by_frequency().items()
    ]
    return pb.PreviewPrecedenceResponse(
        decisions=decisions, looked_at=tried.looked_at, changed=tried.changed, shifts=shifts
    )


def _outcome(outcome: Outcome) -> "decision_pb2.Outcome.ValueType":
    return decision_pb2.Outcome.Value(f"OUTCOME_{outcome.upper()}")
