"""What the tests that look back at decisions share: complaints that were decided, and decisions taken again."""

from typing import Any
from uuid import uuid4

import grpc
import pytest
from diwan.routing.v1 import (
    decision_pb2,
    precedence_pb2,
    replay_pb2,
)
from diwan.routing.v1 import history_service_pb2 as pb
from diwan.routing.v1 import routing_service_pb2 as routing_pb
from diwan.routing.v1 import rules_admin_service_pb2 as admin_pb

from services.chassis.client import Refused, refused
from tests.routing.builders import a_registration
from tests.routing.packed import Author, a_wheel

MEDIATOR = ("mediator", "national")
BOTH = "شكوى بين المستشفى و المحكمة"
IDENTICAL, GONE = replay_pb2.REPLAYED_ANSWER_IDENTICAL, replay_pb2.REPLAYED_ANSWER_RULES_GONE
FAILED_THEN = replay_pb2.REPLAYED_ANSWER_FAILED_THEN


def numbered(n: int) -> str:
    return f"01930000-0000-7000-8000-{n:012x}"


async def decided(house: Any, text: str, n: int = 1, **only: object) -> decision_pb2.Decision:
    complaint_id = numbered(n)
    house.texts.of[complaint_id] = text
    told = a_registration(complaint_id=complaint_id, number=f"16/0001/2026/{n:06}", **only)
    await house.deliver(told, complaint_id)
    with house.officer(*MEDIATOR):
        request = routing_pb.ListDecisionsRequest(complaint_id=complaint_id)
        return (await house.routing.ListDecisions(request)).decisions[0]


async def replayed(house: Any, made: decision_pb2.Decision) -> replay_pb2.Replay:
    with house.officer("operator", "national"):
        request = pb.ReplayDecisionRequest(decision_id=made.decision_id)
        return (await house.history.ReplayDecision(request)).replay


async def refusal_of(call: Any) -> Refused:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return refused(caught.value)


async def refusal_to_replay(house: Any, made: decision_pb2.Decision) -> Refused:
    with house.officer(*MEDIATOR, "fr"):
        return await refusal_of(house.history.ReplayDecision(pb.ReplayDecisionRequest(decision_id=made.decision_id)))


async def weigh_anew(house: Any, **wanted: Any) -> None:
    with house.officer(*MEDIATOR):
        applies = (await house.admin.GetPrecedence(admin_pb.GetPrecedenceRequest())).precedence
        await house.admin.SetPrecedence(
            admin_pb.SetPrecedenceRequest(
                request_id=str(uuid4()),
                etag=str(applies.revision),
                because="تجربة",
                precedence=precedence_pb2.Precedence(margin=50, minimum=300, **wanted),
            )
        )


async def put(house: Any, rpc: str, release_id: str) -> None:
    """Move a release of justice."""
    with house.officer(*MEDIATOR):
        rules = await house.admin.ListMinistryRules(admin_pb.ListMinistryRulesRequest(ministry_id="mj"))
        request = getattr(admin_pb, f"{rpc}Request")(
            request_id=str(uuid4()), ministry_id="mj", etag=rules.ministries[0].etag, release_id=release_id,
            because="تجربة",
        )  # fmt: skip
        await getattr(house.admin, rpc)(request)


async def installed(house: Any, body: str, version: str = "2.0.0") -> str:
    """Install rules of justice; return the release."""
    wheel = a_wheel(body, version=version)
    signature = Author().trusted_for("MJ", house.keys).sign(wheel)
    with house.officer(*MEDIATOR):
        request = admin_pb.InstallReleaseRequest(
            request_id=str(uuid4()), wheel=wheel, signature=signature, because="تجربة"
        )
        return str((await house.admin.InstallRelease(request)).release.release_id)
