"""Takes events apart into plain values, and puts tables into protobuf."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TypeAlias, get_args

from diwan.common.v1 import event_pb2, localized_text_pb2
from diwan.correspondence.v1 import events_pb2 as correspondence
from diwan.correspondence.v1 import letter_pb2
from diwan.directory.v1 import events_pb2 as directory
from diwan.intake.v1 import complaint_pb2, register_pb2
from diwan.intake.v1 import events_pb2 as intake
from diwan.reporting.v1 import figures_pb2
from diwan.routing.v1 import decision_pb2
from diwan.routing.v1 import events_pb2 as routing

from services.reporting.actions import Line, Part
from services.reporting.domain.fact import Fact
from services.reporting.domain.tally import percentile

OfComplaint: TypeAlias = (
    intake.ComplaintStateChanged
    | intake.EntryReplied
    | routing.ComplaintDecided
    | routing.DeadlineSet
    | routing.ClockStopped
    | correspondence.ReplyAssessed
)
Said: TypeAlias = (
    directory.BodiesChanged
    | directory.TerritoriesChanged
    | intake.RegisterOpened
    | intake.ComplaintRegistered
    | OfComplaint
)
PAYLOADS: tuple[type[Said], ...] = get_args(Said)
_BY_NAME = {payload.DESCRIPTOR.full_name: payload for payload in PAYLOADS}


def payload(event: event_pb2.Event) -> Said | None:
    """Return what an event says; None for one that reporting does not fold."""
    kind = _BY_NAME.get(event.type)
    return kind.FromString(event.payload.value) if kind else None


def bodies(said: directory.BodiesChanged) -> list[tuple[str, str, str, str, int]]:
    """Read what is kept of bodies: id, wilaya, names, revision."""
    return [(each.body_id, each.wilaya_id, each.name.ar, each.name.fr, each.revision) for each in said.bodies]


def territories(said: directory.TerritoriesChanged) -> list[tuple[str, str, str, int]]:
    """Read what is kept of territories: id, names, revision."""
    return [(each.territory_id, each.name.ar, each.name.fr, each.revision) for each in said.territories]


def moment(event: event_pb2.Event) -> datetime:
    """Return when it happened."""
    return event.event_time.ToDatetime(tzinfo=UTC)


def fact(said: intake.ComplaintRegistered) -> Fact:
    """Read a new fact."""
    return Fact(
        complaint_id=said.complaint_id,
        kind=complaint_pb2.ComplaintKind.Name(said.kind).removeprefix("COMPLAINT_KIND_"),
        channel=complaint_pb2.Channel.Name(said.channel).removeprefix("CHANNEL_"),
        wilaya_id=said.wilaya_id,
        commune_id=said.commune_id,
        keeping_body_id=said.keeping_body_id,
        topic_code=said.topic_code,
        received_on=date.fromisoformat(said.received_on),
        sample=said.sample,
    )


def state(said: intake.ComplaintStateChanged) -> tuple[str, str]:
    """Read the state after a change and the closure's reason."""
    reason = complaint_pb2.ClosureReason.Name(said.closure_reason).removeprefix("CLOSURE_REASON_")
    state_ = complaint_pb2.ComplaintState.Name(said.to_state).removeprefix("COMPLAINT_STATE_")
    return state_, "" if reason == "UNSPECIFIED" else reason


def waits(said: routing.ComplaintDecided) -> bool:
    """Tell whether a person must decide."""
    return said.disposition == decision_pb2.DISPOSITION_TRIAGE


def grade(said: intake.EntryReplied | correspondence.ReplyAssessed) -> str:
    """Read a grade; empty when not judged."""
    match said:
        case intake.EntryReplied():
            name = complaint_pb2.ReplyGrade.Name(said.grade)
        case _:
            name = letter_pb2.ReplyGrade.Name(said.grade)
    return "" if name.endswith("UNSPECIFIED") else name.removeprefix("REPLY_GRADE_")


def register_kind(said: intake.RegisterOpened) -> str:
    """Read what a register is for."""
    return register_pb2.RegisterKind.Name(said.kind).removeprefix("REGISTER_KIND_")


def row(line: Line) -> figures_pb2.FiguresRow:
    """Write a line of a table."""
    return figures_pb2.FiguresRow(
        key=line.key,
        name=localized_text_pb2.LocalizedText(ar=line.name[0], fr=line.name[1]),
        complaints=_figures(line.entries),
        petitions=_figures(line.petitions),
    )


def total(lines: Sequence[Line]) -> figures_pb2.FiguresRow:
    """Write the only line of the total; zeros when nothing was received."""
    return row(lines[0] if lines else Line(key="total", name=("المجموع", "Total")))


def _figures(part: Part) -> figures_pb2.Figures:
    days = part.tally.days
    counted = {name: part.tally[name] for name in SHOWN}
    return figures_pb2.Figures(
        **counted, overdue=part.overdue, median_days=percentile(days, 50), p95_days=percentile(days, 95)
    )


SHOWN = (
    "received",
    "answered",
    "favourable",
    "unfavourable",
    "superficial",
    "not_graded",
    "closed",
    "open",
    "awaiting_triage",
)
