"""A routing service with a real database and a real rule host; intake is a small one that only knows texts."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import grpc
import pytest
from diwan.common.v1 import subscriber_service_pb2 as bus_pb
from diwan.common.v1 import subscriber_service_pb2_grpc
from diwan.common.v1.event_pb2 import Event
from diwan.intake.v1 import complaint_pb2, intake_service_pb2, intake_service_pb2_grpc
from diwan.intake.v1 import events_pb2 as events_of_intake
from diwan.routing.v1 import (
    advice_service_pb2_grpc,
    events_pb2,
    history_service_pb2_grpc,
    routing_service_pb2_grpc,
    rules_admin_service_pb2_grpc,
)
from diwan.rules.v1 import rule_host_service_pb2_grpc
from diwan_rules.host.supervisor import Host
from google.protobuf.message import Message

from services.chassis.call import Actor, ActorKind, Appointment, begin
from services.chassis.database import Database
from services.chassis.incoming import acting
from services.chassis.outbox import envelope
from services.chassis.sealing import KeyRing
from services.intake.store.vault import RecordErased
from services.routing.__main__ import load_reference, served
from services.routing.advisers import Advisers
from services.routing.council import Chamber
from services.routing.neighbours import Intake, RuleHosts
from services.routing.packages import Doorkeeper
from services.routing.store.memory import Store
from services.routing.store.reference import TABLES
from services.rulehost.__main__ import SERVICE as RULEHOST
from services.rulehost.server import RuleHost
from tests.routing.builders import BODIES, PLUGINS, RULES_HEAD

INTAKE = intake_service_pb2.DESCRIPTOR.services_by_name["IntakeService"].full_name


class Texts(intake_service_pb2_grpc.IntakeServiceServicer):
    """Answers GetComplaint with what was filed, as intake does; a text that is taken away was erased."""

    def __init__(self) -> None:
        self.of: dict[str, str] = {}
        self.codes: dict[str, complaint_pb2.Complaint] = {}

    def enter(self, told: events_of_intake.ComplaintRegistered) -> None:
        """Know the codes and dates of a complaint that intake tells of."""
        complaint = complaint_pb2.Complaint()
        for field in {*complaint.DESCRIPTOR.fields_by_name} & {*told.DESCRIPTOR.fields_by_name}:
            setattr(complaint, field, getattr(told, field))
        self.codes[told.complaint_id] = complaint

    async def GetComplaint(
        self, request: intake_service_pb2.GetComplaintRequest, context: object
    ) -> intake_service_pb2.GetComplaintResponse:
        assert request.view == intake_service_pb2.COMPLAINT_VIEW_TEXT
        if (text := self.of.get(request.complaint_id)) is None:
            raise RecordErased
        complaint = complaint_pb2.Complaint(
            complaint_id=request.complaint_id, text=text, language="ar", text_commitment=sha256(text.encode()).digest()
        )
        complaint.MergeFrom(self.codes.get(request.complaint_id, complaint_pb2.Complaint()))
        return intake_service_pb2.GetComplaintResponse(complaint=complaint)


@dataclass
class House:
    """Routing as a test speaks to it."""

    database: Database
    texts: Texts
    channel: Callable[[str], grpc.aio.Channel]
    token_for: Callable[[Actor], str]
    chamber: Chamber
    rulehost: Any
    keys: Path

    @property
    def routing(self) -> Any:
        """The service as the portal calls it."""
        return routing_service_pb2_grpc.RoutingServiceStub(self.channel("portal"))

    @property
    def admin(self) -> Any:
        """The administration of rules as the portal calls it."""
        return rules_admin_service_pb2_grpc.RulesAdminServiceStub(self.channel("portal"))

    @property
    def advice(self) -> Any:
        """What rules advise, as the portal asks for it."""
        return advice_service_pb2_grpc.AdviceServiceStub(self.channel("portal"))

    @property
    def history(self) -> Any:
        """The looking back at decisions as the portal calls it."""
        return history_service_pb2_grpc.HistoryServiceStub(self.channel("portal"))

    @property
    def ticked(self) -> Any:
        """The service as the bus calls it."""
        return routing_service_pb2_grpc.RoutingServiceStub(self.channel("bus"))

    def officer(self, role: str, scope: str, language: str = "ar") -> Any:
        """Act as an officer within the block."""
        appointment = Appointment(role=role, scope=scope)
        actor = Actor(kind=ActorKind.OFFICER, id=f"{role}-{scope}", appointments=(appointment,))
        return acting(actor_token=self.token_for(actor), language=language)

    async def deliver(
        self, payload: Message, aggregate_id: str = "x", version: int = 1, event: Event | None = None
    ) -> Event:
        """Hand over an event as the bus does."""
        if isinstance(payload, events_of_intake.ComplaintRegistered):
            self.texts.enter(payload)
        call = begin(Actor(kind=ActorKind.PROCESS, id="test"), process="test")
        event = event or envelope(call, payload=payload, aggregate_id=aggregate_id, aggregate_version=version)
        stub: Any = subscriber_service_pb2_grpc.SubscriberServiceStub(self.channel("bus"))
        await stub.Deliver(bus_pb.DeliverRequest(event=event))
        return event

    async def told(self) -> list[tuple[str, Any]]:
        """Return what routing has told, in order: short type and payload; versions must have no gap."""
        async with self.database.reading() as connection:
            rows = await connection.fetch(
                "SELECT type, aggregate_id, aggregate_version, event FROM outbox ORDER BY position"
            )
        seen: dict[str, int] = {}
        found = []
        for row in rows:
            seen[row["aggregate_id"]] = seen.get(row["aggregate_id"], 0) + 1
            assert row["aggregate_version"] == seen[row["aggregate_id"]]
            short = row["type"].rpartition(".")[2]
            payload = getattr(events_pb2, short)()
            Event.FromString(row["event"]).payload.Unpack(payload)
            found.append((short, payload))
        return found


@pytest.fixture
def rules() -> Mapping[str, str]:
    """The rules of each ministry; a test of other hooks has its own."""
    return PLUGINS


@pytest.fixture
async def house(
    tmp_path: Path,
    rules: Mapping[str, str],
    database_for: Callable[[str], Awaitable[Database]],
    running: Callable[..., Awaitable[Any]],
    token_for: Callable[[Actor], str],
) -> AsyncIterator[House]:
    """Routing with the ministries of health and justice."""
    for ministry, body in rules.items():
        folder = tmp_path / "rules" / ministry.lower()
        folder.mkdir(parents=True)
        (folder / "rules.py").write_text(RULES_HEAD.replace("MINISTRY", ministry) + body, encoding="utf-8")
    database, texts = await database_for("routing"), Texts()
    await load_reference(database)
    await copy_bodies(database)
    intake = await running("intake", [(INTAKE, intake_service_pb2_grpc.add_IntakeServiceServicer_to_server, texts)])
    async with Host(tmp_path / "rules") as host:
        add = rule_host_service_pb2_grpc.add_RuleHostServiceServicer_to_server
        rulehost = await running("rulehost", [(RULEHOST, add, RuleHost(host))])
        hosts = RuleHosts({rulehost.address: rulehost.channel("routing")})
        doorkeeper = Doorkeeper(folder=tmp_path / "keys")
        chamber = Chamber(database, Intake(intake.channel("routing")), hosts)
        advisers = Advisers(database, chamber, KeyRing.at(tmp_path / "routing.kek"))
        routing = await running("routing", served(database, chamber, doorkeeper, advisers))
        yield House(database, texts, routing.channel, token_for, chamber, rulehost, tmp_path / "keys")


async def copy_bodies(database: Database) -> None:
    """Fill the read copies of the directory's bodies and topics."""
    columns = TABLES["body"].columns[:-1]
    open_ended = {BODIES[0].valid_from: None, BODIES[0].valid_to: None}
    rows = [(*(open_ended.get(value, value) for value in map(vars(body).get, columns)), 1) for body in BODIES]
    async with database.transaction() as connection:
        await Store(connection).reference.copy(TABLES["body"], rows)
        await Store(connection).reference.copy(TABLES["topic"], [("health", 1)])
