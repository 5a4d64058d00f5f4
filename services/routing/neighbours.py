"""Calls to other services; never inside a transaction."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import grpc
from diwan.intake.v1 import complaint_pb2, intake_service_pb2, intake_service_pb2_grpc
from diwan.rules.v1 import ministry_pb2, rule_host_service_pb2_grpc
from diwan.rules.v1 import rule_host_service_pb2 as pb

from services.chassis.client import connect, refused
from services.chassis.incoming import STANDING, acting
from services.chassis.refusals import TryAgain
from services.chassis.settings import Settings
from services.routing.domain.decision import OwnerAnswer, Verdict
from services.routing.domain.facts import Facts, FactsErased, Narrative, TermHit
from services.routing.domain.question import Question
from services.routing.domain.release import FOLDER, NOTHING, Slot, Slots
from services.routing.domain.resolver import AnswerKind
from services.routing.scanner import Search
from services.routing.wire import facts as wire
from services.routing.wire import rules

BUDGET = 5.0
DESCRIBE_EVERY = timedelta(seconds=30)
NOT_LOADED = ministry_pb2.WORKER_STATE_NOT_LOADED


class Intake:
    """The service that keeps the complainants' words."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = intake_service_pb2_grpc.IntakeServiceStub(channel)

    async def narrative(self, complaint_id: str) -> Narrative:
        """Fetch a complaint's words."""
        return wire.narrative(await self._complaint(complaint_id))

    async def filed(self, then: Facts) -> tuple[Facts, Narrative]:
        """Fetch a complaint's codes and words as they are now, for ourselves: whoever looks back need not read them."""
        standing = STANDING.get()
        try:
            with acting(language=standing.language, causation_id=standing.causation_id):
                complaint = await self._complaint(then.complaint_id)
        except grpc.aio.AioRpcError as error:
            if refused(error).reason == "RECORD_ERASED":
                raise FactsErased from error
            raise
        return wire.facts_now(complaint, then), wire.narrative(complaint)

    async def _complaint(self, complaint_id: str) -> complaint_pb2.Complaint:
        request = intake_service_pb2.GetComplaintRequest(
            complaint_id=complaint_id, view=intake_service_pb2.COMPLAINT_VIEW_TEXT
        )
        return (await self._stub.GetComplaint(request)).complaint


@dataclass(kw_only=True)
class RuleHost:
    """One host and the ministries whose rules it runs, as it last described them."""

    address: str
    stub: "rule_host_service_pb2_grpc.RuleHostServiceAsyncStub"
    ministries: Mapping[str, ministry_pb2.Ministry] | None = None
    candidates: Mapping[str, ministry_pb2.Ministry] = field(default_factory=dict)
    folders: frozenset[str] = frozenset()
    described_at: datetime | None = None

    async def describe(self, now: datetime) -> None:
        """Ask what it runs; a host that does not answer keeps its last description."""
        try:
            described = await self.stub.Describe(pb.DescribeRequest(), timeout=BUDGET)
        except grpc.aio.AioRpcError:
            return
        self.ministries = {each.ministry.lower(): each for each in described.ministries}
        self.candidates = {each.ministry.lower(): each for each in described.candidates}
        self.folders = frozenset(code.lower() for code in described.folders)
        self.described_at = now

    def is_stale(self, now: datetime) -> bool:
        """Tell whether it should be asked again what it runs."""
        return self.described_at is None or now - self.described_at > DESCRIBE_EVERY

    def running(self, slots: Mapping[str, Slots], slot: Slot = Slot.STABLE) -> Mapping[str, ministry_pb2.Ministry]:
        """Return the ministries here whose slot runs what is ordered; what an act has stopped is not asked any more."""
        found = self.in_slot(slot)
        return {m: each for m, each in found.items() if release_of(each) == ordered(slots, m, slot)}

    def in_slot(self, slot: Slot) -> Mapping[str, ministry_pb2.Ministry]:
        """Return what a slot runs, ordered or not."""
        return self.candidates if slot is Slot.CANDIDATE else self.ministries or {}

    def knows(self, question: Question, ministry_id: str, hook: str) -> bool:
        """Tell whether a ministry's rules here have a hook."""
        ministry = self.running(question.reference.slots).get(ministry_id)
        return ministry is not None and (hook in ministry.hooks or ministry.state == NOT_LOADED)

    async def claims(
        self, question: Question, slot: Slot = Slot.STABLE, *, only: str = ""
    ) -> tuple[list[Verdict], bool]:
        """Ask every ministry in a slot here, or one of them, for its claim; say also whether the host answered."""
        running = self.running(question.reference.slots, slot)
        asked = {m: each for m, each in running.items() if only in ("", m)}
        if not asked:
            return [], True
        try:
            found = await self.stub.Consult(rules.consult(pb.HOOK_CLAIM, question, asked, slot), timeout=BUDGET)
        except grpc.aio.AioRpcError as error:
            self.described_at = None
            if error.code() is grpc.StatusCode.NOT_FOUND:
                raise TryAgain from error  # it was started anew, without what was loaded into it
            return [_failed(m, each, f"host: {error.code().name.lower()}") for m, each in asked.items()], False
        return [self._heard(answer, asked) for answer in found.answers], True

    def _heard(self, answer: pb.Answer, asked: Mapping[str, ministry_pb2.Ministry]) -> Verdict:
        speaker = rules.speaker(answer)
        described = asked[speaker.ministry_id]
        if answer.digest != described.digest:
            self.described_at = None
            if described.release_id:
                raise TryAgain  # other rules than the ordered ones have spoken
        return rules.verdict(speaker, answer.outcomes[0])


class RuleHosts:
    """Every ministry's rules, whichever host runs them."""

    def __init__(self, channels: Mapping[str, grpc.aio.Channel]) -> None:
        self.hosts = [
            RuleHost(address=address, stub=rule_host_service_pb2_grpc.RuleHostServiceStub(channel))
            for address, channel in channels.items()
        ]
        self._searches = {slot: Search() for slot in Slot}
        self._refreshing = asyncio.Lock()

    async def refresh(self, now: datetime) -> None:
        """Learn what the hosts run now; refuse while one of them was never heard of."""
        async with self._refreshing:
            await asyncio.gather(*(host.describe(now) for host in self.hosts if host.is_stale(now)))
            if not self.hosts or any(host.ministries is None for host in self.hosts):
                raise TryAgain
            self._search_what_is_declared()

    async def look(self, now: datetime) -> Sequence[RuleHost]:
        """Ask every host now, so that its description is of this moment."""
        await asyncio.gather(*(host.describe(now) for host in self.hosts))
        return self.hosts

    def scan(self, text: str, slot: Slot = Slot.STABLE) -> tuple[TermHit, ...]:
        """Find the terms in a text that the rules in a slot declare."""
        return self._searches[slot].scan(text)

    async def claims(self, question: Question) -> tuple[Verdict, ...]:
        """Ask every ministry at the same time; refuse when no host answers at all."""
        heard = await asyncio.gather(*(host.claims(question) for host in self.hosts if host.ministries))
        if heard and not any(answered for _, answered in heard):
            raise TryAgain
        verdicts = [verdict for verdicts, _ in heard for verdict in verdicts]
        awaited = self._awaited(question.reference.slots)
        return tuple(sorted([*verdicts, *awaited], key=lambda verdict: verdict.ministry_id))

    async def shadow_claims(self, question: Question) -> tuple[Verdict, ...]:
        """Ask every ministry that has rules in the shadow."""
        shadowed = replace(question, hits=self.scan(question.narrative.text, Slot.CANDIDATE))
        heard = await asyncio.gather(*(host.claims(shadowed, Slot.CANDIDATE) for host in self.hosts))
        return tuple(sorted((v for verdicts, _ in heard for v in verdicts), key=lambda verdict: verdict.ministry_id))

    def _awaited(self, slots: Mapping[str, Slots]) -> list[Verdict]:
        """Return a failure for each ministry whose active release no host runs yet: it could have claimed."""
        running = {ministry_id for host in self.hosts for ministry_id in host.running(slots)}
        installed = [m for m, each in slots.items() if each.stable not in (FOLDER, NOTHING)]
        return [_failed(m, ministry_pb2.Ministry(), "release: awaited") for m in installed if m not in running]

    async def unit(self, question: Question, ministry_id: str) -> OwnerAnswer | None:
        """Ask the competent ministry for the unit; None where its rules have no such hook."""
        return await self._ask_owner(pb.HOOK_ASSIGN_UNIT, "assign_unit", question, ministry_id)

    async def days(self, question: Question, ministry_id: str) -> OwnerAnswer | None:
        """Ask the competent ministry for its working days; None where its rules have no such hook."""
        return await self._ask_owner(pb.HOOK_DEADLINE, "deadline", question, ministry_id)

    async def describe(self) -> Sequence[tuple[str, Mapping[str, ministry_pb2.Ministry] | None]]:
        """Ask every host now what it runs; None for one that does not answer."""

        async def ask(host: RuleHost) -> tuple[str, Mapping[str, ministry_pb2.Ministry] | None]:
            try:
                described = await host.stub.Describe(pb.DescribeRequest(), timeout=BUDGET)
            except grpc.aio.AioRpcError:
                return host.address, None
            return host.address, {each.ministry.lower(): each for each in described.ministries}

        return await asyncio.gather(*(ask(host) for host in self.hosts))

    async def _ask_owner(
        self, hook: "pb.Hook.ValueType", name: str, question: Question, ministry_id: str
    ) -> OwnerAnswer | None:
        host = next((host for host in self.hosts if host.knows(question, ministry_id, name)), None)
        if host is None:
            return None
        asking: Awaitable[pb.ConsultResponse] = host.stub.Consult(
            rules.consult(hook, question, [ministry_id]), timeout=BUDGET
        )
        try:
            found = await asking
        except grpc.aio.AioRpcError as error:
            return OwnerAnswer(hook=name, error=f"host: {error.code().name.lower()}")
        return rules.owner_answer(name, found.answers[0].outcomes[0])

    def _search_what_is_declared(self) -> None:
        """Search for the terms of the rules that run now."""
        for slot, search in self._searches.items():
            ministries = {m: each for host in self.hosts for m, each in host.in_slot(slot).items()}
            declared = {m: {terms.group: tuple(terms.terms) for terms in each.terms} for m, each in ministries.items()}
            search.follow(declared, {m: each.digest for m, each in ministries.items()})


def release_of(ministry: ministry_pb2.Ministry) -> str:
    """Name the release that a host describes."""
    return ministry.release_id or FOLDER


def ordered(slots: Mapping[str, Slots], ministry_id: str, slot: Slot) -> str:
    """Name the release that a slot shall run."""
    standing = slots.get(ministry_id) or Slots(ministry_id=ministry_id)
    return standing.candidate if slot is Slot.CANDIDATE else standing.stable


def connect_hosts(settings: Settings) -> dict[str, grpc.aio.Channel]:
    """Open the channels to the rule hosts; several addresses are separated by commas."""
    addresses = [address.strip() for address in settings.addresses["rulehost"].split(",") if address.strip()]
    return {address: connect(replace(settings, addresses={"rulehost": address}), "rulehost") for address in addresses}


def _failed(ministry_id: str, ministry: ministry_pb2.Ministry, error: str) -> Verdict:
    return Verdict(
        ministry_id=ministry_id,
        answer=AnswerKind.ERROR,
        plugin_version=ministry.version,
        plugin_digest=ministry.digest,
        error=error,
    )
