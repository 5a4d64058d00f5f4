"""Calls to other services; never inside a transaction."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import grpc
from diwan.intake.v1 import intake_service_pb2, intake_service_pb2_grpc
from diwan.rules.v1 import ministry_pb2, rule_host_service_pb2_grpc
from diwan.rules.v1 import rule_host_service_pb2 as pb

from services.chassis.client import connect
from services.chassis.refusals import TryAgain
from services.chassis.settings import Settings
from services.routing.domain.decision import OwnerAnswer, Verdict
from services.routing.domain.facts import Narrative, TermHit
from services.routing.domain.question import Question
from services.routing.domain.resolver import AnswerKind
from services.routing.scanner import Scanner
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
        request = intake_service_pb2.GetComplaintRequest(
            complaint_id=complaint_id, view=intake_service_pb2.COMPLAINT_VIEW_TEXT
        )
        complaint = (await self._stub.GetComplaint(request)).complaint
        return Narrative(text=complaint.text, language=complaint.language)


@dataclass(kw_only=True)
class RuleHost:
    """One host and the ministries whose rules it runs, as it last described them."""

    address: str
    stub: "rule_host_service_pb2_grpc.RuleHostServiceAsyncStub"
    ministries: Mapping[str, ministry_pb2.Ministry] | None = None
    described_at: datetime | None = None

    async def describe(self, now: datetime) -> None:
        """Ask what it runs; a host that does not answer keeps its last description."""
        try:
            described = await self.stub.Describe(pb.DescribeRequest(), timeout=BUDGET)
        except grpc.aio.AioRpcError:
            return
        self.ministries = {each.ministry.lower(): each for each in described.ministries}
        self.described_at = now

    def is_stale(self, now: datetime) -> bool:
        """Tell whether it should be asked again what it runs."""
        return self.described_at is None or now - self.described_at > DESCRIBE_EVERY

    def knows(self, ministry_id: str, hook: str) -> bool:
        """Tell whether a ministry's rules here have a hook."""
        ministry = (self.ministries or {}).get(ministry_id)
        return ministry is not None and (hook in ministry.hooks or ministry.state == NOT_LOADED)

    async def claims(self, question: Question) -> tuple[list[Verdict], bool]:
        """Ask every ministry here for its claim; say also whether the host answered."""
        asked = self.ministries or {}
        try:
            found = await self.stub.Consult(rules.consult(pb.HOOK_CLAIM, question, asked), timeout=BUDGET)
        except grpc.aio.AioRpcError as error:
            self.described_at = None
            return [_failed(each, f"host: {error.code().name.lower()}") for each in asked.values()], False
        return [self._heard(answer) for answer in found.answers], True

    def _heard(self, answer: pb.Answer) -> Verdict:
        speaker = rules.Speaker(ministry_id=answer.ministry.lower(), version=answer.version, digest=answer.digest)
        if answer.digest != (self.ministries or {})[speaker.ministry_id].digest:
            self.described_at = None
        return rules.verdict(speaker, answer.outcomes[0])


class RuleHosts:
    """Every ministry's rules, whichever host runs them."""

    def __init__(self, channels: Mapping[str, grpc.aio.Channel]) -> None:
        self._hosts = [
            RuleHost(address=address, stub=rule_host_service_pb2_grpc.RuleHostServiceStub(channel))
            for address, channel in channels.items()
        ]
        self._scanner = Scanner({})
        self._digests: frozenset[tuple[str, str]] = frozenset()
        self._refreshing = asyncio.Lock()

    async def refresh(self, now: datetime) -> None:
        """Learn what the hosts run now; refuse while one of them was never heard of."""
        async with self._refreshing:
            await asyncio.gather(*(host.describe(now) for host in self._hosts if host.is_stale(now)))
            if not self._hosts or any(host.ministries is None for host in self._hosts):
                raise TryAgain
            self._search_what_is_declared()

    def scan(self, text: str) -> tuple[TermHit, ...]:
        """Find the declared terms in a text."""
        return self._scanner.scan(text)

    async def claims(self, question: Question) -> tuple[Verdict, ...]:
        """Ask every ministry at the same time; refuse when no host answers at all."""
        heard = await asyncio.gather(*(host.claims(question) for host in self._hosts if host.ministries))
        if heard and not any(answered for _, answered in heard):
            raise TryAgain
        return tuple(sorted((v for verdicts, _ in heard for v in verdicts), key=lambda verdict: verdict.ministry_id))

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

        return await asyncio.gather(*(ask(host) for host in self._hosts))

    async def _ask_owner(
        self, hook: "pb.Hook.ValueType", name: str, question: Question, ministry_id: str
    ) -> OwnerAnswer | None:
        host = next((host for host in self._hosts if host.knows(ministry_id, name)), None)
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
        """Build the automaton anew when some ministry's rules are not those it was built for."""
        ministries = {m: each for host in self._hosts for m, each in (host.ministries or {}).items()}
        digests = frozenset((m, each.digest) for m, each in ministries.items())
        if digests != self._digests:
            declared = {m: {terms.group: tuple(terms.terms) for terms in each.terms} for m, each in ministries.items()}
            self._scanner, self._digests = Scanner(declared), digests


def connect_hosts(settings: Settings) -> dict[str, grpc.aio.Channel]:
    """Open the channels to the rule hosts; several addresses are separated by commas."""
    addresses = [address.strip() for address in settings.addresses["rulehost"].split(",") if address.strip()]
    return {address: connect(replace(settings, addresses={"rulehost": address}), "rulehost") for address in addresses}


def _failed(ministry: ministry_pb2.Ministry, error: str) -> Verdict:
    return Verdict(
        ministry_id=ministry.ministry.lower(),
        answer=AnswerKind.ERROR,
        plugin_version=ministry.version,
        plugin_digest=ministry.digest,
        error=error,
    )
