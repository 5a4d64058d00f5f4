"""Has the rule hosts run what is ordered: after an act, after a host's start and on a tick; a host remembers nothing."""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import grpc
from diwan.rules.v1 import rule_host_service_pb2 as pb

from services.chassis.database import Database
from services.chassis.refusals import TryAgain
from services.routing.domain.release import FOLDER, NOTHING, ConfigurationInvalid, Slot, Slots
from services.routing.neighbours import RuleHost, RuleHosts, ordered, release_of
from services.routing.store.memory import Store
from services.routing.wire.rules import written_slot

LOADING = 15.0
PATIENCE = timedelta(seconds=5)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Order:
    """What one host shall run in one slot of a ministry."""

    host: str
    ministry_id: str
    slot: Slot
    release_id: str


class Deployment:
    """Brings rule hosts to what is ordered."""

    def __init__(self, database: Database, hosts: RuleHosts) -> None:
        self._database = database
        self._hosts = hosts
        self._turn = asyncio.Lock()
        self._failed_at: dict[Order, datetime] = {}

    async def reconcile(self, now: datetime, slots: Mapping[str, Slots]) -> int:
        """Learn what the hosts run and give the orders that are missing; return how many were carried out."""
        await self._hosts.refresh(now)
        if not any(self._orders(slots)):
            return 0
        async with self._turn:
            latest = await self._latest()  # a copy that is a second old must not order back what was replaced
            carried_out = [await self._carry_out(now, host, order) for host, order in list(self._orders(latest))]
            await self._hosts.refresh(now)
        return sum(carried_out)

    async def check(self, slots: Slots, values_json: str) -> None:
        """Have the rules of a ministry say whether they accept values: the active ones, or else those in the shadow."""
        for slot in Slot:
            for host in self._hosts.hosts:
                if slots.ministry_id in host.running({slots.ministry_id: slots}, slot):
                    request = pb.ValidateConfigurationRequest(
                        ministry=slots.ministry_id.upper(), values_json=values_json, slot=written_slot(slot)
                    )
                    return _accepted(await host.stub.ValidateConfiguration(request))
        raise TryAgain

    def _orders(self, slots: Mapping[str, Slots]) -> Iterator[tuple[RuleHost, Order]]:
        """Yield what each host shall load or end; rules live where their folder is, else on the first host."""
        for ministry_id in slots:
            homes = [host for host in self._hosts.hosts if ministry_id in host.folders]
            for host in self._hosts.hosts:
                for slot in Slot:
                    release_id = ordered(slots, ministry_id, slot)
                    at_home = host in homes or (not homes and release_id != FOLDER and host is self._hosts.hosts[0])
                    wanted = release_id if at_home else NOTHING
                    runs = host.in_slot(slot).get(ministry_id)
                    if wanted != (release_of(runs) if runs else NOTHING):
                        yield host, Order(host=host.address, ministry_id=ministry_id, slot=slot, release_id=wanted)

    async def _carry_out(self, now: datetime, host: RuleHost, order: Order) -> bool:
        """Give one order; one that failed a moment ago is given again later."""
        if (failed_at := self._failed_at.get(order)) and now - failed_at < PATIENCE:
            return False
        code, slot = order.ministry_id.upper(), written_slot(order.slot)
        try:
            if order.release_id == NOTHING:
                await host.stub.UnloadRelease(pb.UnloadReleaseRequest(ministry=code, slot=slot), timeout=LOADING)
            else:
                wheel = await self._wheel(order.release_id)
                request = pb.LoadReleaseRequest(ministry=code, slot=slot, release_id=order.release_id, wheel=wheel)
                await host.stub.LoadRelease(request, timeout=LOADING)
        except grpc.aio.AioRpcError as error:
            self._failed_at[order] = now
            _log.error("order not carried out", extra={**vars(order), "status": error.code().name})
            return False
        self._failed_at.pop(order, None)
        host.described_at = None
        _log.info("order carried out", extra=vars(order))
        return True

    async def _latest(self) -> Mapping[str, Slots]:
        async with self._database.reading() as connection:
            return await Store(connection).releases.slots()

    async def _wheel(self, release_id: str) -> bytes:
        if release_id == FOLDER:
            return b""
        async with self._database.reading() as connection:
            return await Store(connection).releases.wheel(release_id)


def _accepted(answer: pb.ValidateConfigurationResponse) -> None:
    """Refuse values that the rules do not accept; rules that cannot be asked accept nothing."""
    if answer.HasField("failure"):
        raise TryAgain
    for each in answer.problems:
        raise ConfigurationInvalid(
            ar=each.message_ar, fr=each.message_fr, en=each.message_en, where=each.field or "{ }", field="values_json"
        )
