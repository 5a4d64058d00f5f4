"""The Mediator's office as tests act for it: it installs rules, moves them, and sees what is decided."""

from typing import Any
from uuid import uuid4

import grpc
import pytest
from diwan.routing.v1 import decision_pb2, release_pb2
from diwan.routing.v1 import routing_service_pb2 as routing_pb
from diwan.routing.v1 import rules_admin_service_pb2 as pb

from services.chassis.client import Refused, refused
from tests.routing.builders import COMPLAINT_ID, a_registration

MEDIATOR = ("mediator", "national")
BOTH = "شكوى بين المستشفى و المحكمة"


async def refusal_of(call: Any) -> Refused:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return refused(caught.value)


async def install(house: Any, wheel: bytes, signature: bytes, language: str = "ar") -> release_pb2.Release:
    request = pb.InstallReleaseRequest(
        request_id=str(uuid4()), wheel=wheel, signature=signature, because="طلبت الوزارة ذلك"
    )
    with house.officer(*MEDIATOR, language):
        return (await house.admin.InstallRelease(request)).release


async def rules_of(house: Any, ministry_id: str = "mj") -> release_pb2.MinistryRules:
    with house.officer("operator", "national", "fr"):
        answer = await house.admin.ListMinistryRules(pb.ListMinistryRulesRequest(ministry_id=ministry_id))
    return answer.ministries[0]


async def acted(house: Any, rpc: str, release_id: str = "", **only: str) -> Any:
    """Carry out an act on the rules of justice, as read a moment ago."""
    fields = {"request_id": str(uuid4()), "ministry_id": "mj", "because": "قرار الوسيط"}
    fields |= {"release_id": release_id} if release_id else {}
    fields["etag"] = (await rules_of(house)).etag
    with house.officer(*MEDIATOR):
        return await getattr(house.admin, rpc)(getattr(pb, f"{rpc}Request")(**(fields | only)))


async def decided(house: Any, text: str, complaint_id: str = COMPLAINT_ID) -> decision_pb2.Decision:
    number = f"16/0001/2026/{int(complaint_id[-6:], 16):06}"
    house.texts.of[complaint_id] = text
    await house.deliver(a_registration(complaint_id=complaint_id, number=number), complaint_id)
    with house.officer(*MEDIATOR):
        answer = await house.routing.ListDecisions(routing_pb.ListDecisionsRequest(complaint_id=complaint_id))
    return answer.decisions[0]


def numbered(n: int) -> str:
    return f"01930000-0000-7000-8000-{n:012x}"
