"""Waits for the rules' decisions, and lets delegates decide what the rules left to a person."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import grpc
from diwan.routing.v1 import decision_pb2, routing_service_pb2, triage_pb2

from services.chassis.client import refused
from tests.demo.cast import Cast, Officer, new_id, patiently
from tests.demo.filing import Filed

AT_ONCE = 24
# Who looks too often keeps routing from its work: a few at a time while it is busy, more where all of them are decided.
FEWEST, MOST = 24, 200
STALLED_SECONDS = 240.0
WHEN_NOBODY_KNOWS = "miclt"
BECAUSE = "بعد دراسة الملف تبيّن أن هذا القطاع هو المختص."
PASSED_OVER = frozenset({"COMPLAINT_ENDED", "TRIAGE_DECIDED", "TRIAGE_UNKNOWN"})


class Stalled(RuntimeError):
    """Nothing moved for minutes; the message says what was awaited."""


@dataclass
class Rulings:
    """The first decision of every complaint, by the rules."""

    first: dict[str, Any] = field(default_factory=dict)

    def outcomes(self) -> Counter[str]:
        """Count the outcomes."""
        names = decision_pb2.Outcome.Name
        return Counter(names(each.outcome).removeprefix("OUTCOME_") for each in self.first.values())

    def agreement(self, filed: Sequence[Filed], sectors: Collection[str] = ()) -> "Agreement":
        """Compare what the rules assigned with what was expected, for some sectors or for all."""
        known = [each for each in filed if each.sample.ministry and (not sectors or each.sample.ministry in sectors)]
        assigned = [each for each in known if self.first[each.complaint_id].outcome == decision_pb2.OUTCOME_ASSIGNED]
        right = [each for each in assigned if self.first[each.complaint_id].ministry_id == each.sample.ministry]
        return Agreement(expected=len(known), assigned=len(assigned), right=len(right))


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How many complaints with an expected ministry the rules assigned, and how many of these as expected."""

    expected: int
    assigned: int
    right: int

    @property
    def coverage(self) -> float:
        """Share that the rules assigned."""
        return self.assigned / self.expected if self.expected else 0.0

    @property
    def share(self) -> float:
        """Share of the assigned that is as expected."""
        return self.right / self.assigned if self.assigned else 0.0


async def until_decided(cast: Cast, filed: Sequence[Filed], decided: Callable[[int], None]) -> Rulings:
    """Wait until every complaint has its first decision."""
    rulings, waiting, slots = Rulings(), list(filed), asyncio.Semaphore(AT_ONCE)

    async def look(one: Filed) -> bool:
        async with slots:
            request = routing_service_pb2.ListDecisionsRequest(complaint_id=one.complaint_id)
            listed = await patiently(lambda: cast.operator.routing.ListDecisions(request, timeout=30))
        if listed.decisions:
            rulings.first[one.complaint_id] = listed.decisions[-1]
        return bool(listed.decisions)

    loop, most = asyncio.get_running_loop(), FEWEST
    moved = loop.time()
    while waiting:
        some, rest = waiting[:most], waiting[most:]
        seen = await asyncio.gather(*(look(one) for one in some))
        decided(sum(seen))
        waiting = [one for one, done in zip(some, seen, strict=True) if not done] + rest
        moved = loop.time() if any(seen) else moved
        if loop.time() - moved > STALLED_SECONDS:
            raise Stalled(f"{len(waiting)} complaints wait for a decision, for example {waiting[0].number}")
        busy = 2 * sum(seen) < len(seen)
        most = FEWEST if busy else min(2 * most, MOST)
        if waiting and (busy or len(waiting) < FEWEST):
            await asyncio.sleep(1)
    return rulings


@dataclass
class Bench:
    """The delegates at their triage queues; they know what was expected, as people know their matter."""

    cast: Cast
    filed: dict[str, Filed]
    decided: Callable[[int], None]
    by_hand: int = 0
    decisions: dict[str, Any] = field(default_factory=dict)
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(12))

    async def empty(self, wilaya_id: str) -> None:
        """Decide everything that waits in a wilaya."""
        delegate = await self.cast.delegate(wilaya_id)
        while items := await queue(delegate, wilaya_id=wilaya_id):
            await asyncio.gather(*(self.decide(delegate, item) for item in items))

    async def decide(self, delegate: Officer, item: triage_pb2.TriageItem) -> Any:
        """Decide one complaint; where two units declined, the Mediator's services do."""
        officer = delegate
        if item.kind == triage_pb2.TRIAGE_KIND_ARBITRATION:
            officer = await self.cast.mediator()
        for ministry_id in dict.fromkeys([*self._choices(item), WHEN_NOBODY_KNOWS]):
            request = routing_service_pb2.DecideByHandRequest(
                request_id=new_id(), triage_id=item.triage_id, etag=item.etag, ministry_id=ministry_id, because=BECAUSE
            )
            try:
                async with self.slots:
                    answered = await patiently(
                        lambda made=request: officer.does(officer.doors.routing.DecideByHand, made),
                        passing={"TRY_AGAIN", ""},
                    )
            except grpc.aio.AioRpcError as error:
                if refused(error).reason in PASSED_OVER:
                    return None
                if refused(error).kind != "INVALID_ARGUMENT":
                    raise
                continue
            self.by_hand += 1
            self.decisions[item.complaint_id] = answered.decision
            self.decided(1)
            return answered.decision
        raise Stalled(f"no ministry could be chosen for {item.number}")

    def _choices(self, item: triage_pb2.TriageItem) -> list[str]:
        """Name the ministries that come into question, the likeliest first."""
        known = self.filed.get(item.complaint_id)
        expected = known.sample.ministry if known else ""
        declined = item.decision.ministry_id if item.suggested_body_id else ""
        choices = [expected, *item.candidate_ministry_ids]
        return [each for each in choices if each and each != declined]


async def queue(delegate: Officer, *, wilaya_id: str = "", complaint_id: str = "") -> list[triage_pb2.TriageItem]:
    """Read the queue's first page."""
    request = routing_service_pb2.ListTriageRequest(wilaya_id=wilaya_id, complaint_id=complaint_id, page_size=200)
    listed = await patiently(lambda: delegate.does(delegate.doors.routing.ListTriage, request))
    return list(listed.items)
