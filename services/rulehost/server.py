"""Answers diwan.rules.v1: asks the ministries' workers side by side, each as a span of its own."""

import asyncio
from collections.abc import Sequence
from typing import Any

import diwan_rules
import grpc
from diwan.common.v1 import localized_text_pb2
from diwan.rules.v1 import ministry_pb2
from diwan.rules.v1 import rule_host_service_pb2 as pb2
from diwan.rules.v1 import rule_host_service_pb2_grpc as pb2_grpc
from diwan_rules.answers import DECLARING
from diwan_rules.host.ministry import Ministry
from diwan_rules.host.nursery import memory_kib
from diwan_rules.host.questions import Outcome, Question
from diwan_rules.host.supervisor import Host

from services.chassis import attributes, tracing
from services.chassis.refusals import NotFound
from services.rulehost import answers, wire
from services.rulehost.releases import CANDIDATE, Releases


class MinistryNotHosted(NotFound):
    """No rules of the ministry {ministry} are on this host; Describe names those that are."""

    ar = "لا توجد قواعد للوزارة {ministry} على هذا المضيف؛ تذكر Describe الموجودة."
    fr = "Aucune règle du ministère {ministry} sur cet hôte ; Describe nomme celles qui y sont."
    field = "ministries"


class RuleHost(pb2_grpc.RuleHostServiceServicer):
    """The door of the kit's host."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._releases = Releases(host)

    async def Describe(
        self, request: pb2.DescribeRequest, context: grpc.aio.ServicerContext[pb2.DescribeRequest, pb2.DescribeResponse]
    ) -> pb2.DescribeResponse:
        """Tell what is hosted."""
        ministries = [self._described(ministry) for ministry in self._host.ministries.values()]
        candidates = [self._described(ministry, candidate=True) for ministry in self._host.candidates.values()]
        return pb2.DescribeResponse(
            ministries=ministries,
            kit_version=diwan_rules.__version__,
            candidates=candidates,
            folders=sorted(self._host.folders),
        )

    async def Consult(
        self, request: pb2.ConsultRequest, context: grpc.aio.ServicerContext[pb2.ConsultRequest, pb2.ConsultResponse]
    ) -> pb2.ConsultResponse:
        """Ask every ministry named at the same time."""
        question = wire.read_question(request)
        asked = [self._ministry(code, request.slot) for code in request.ministries]
        return pb2.ConsultResponse(answers=await asyncio.gather(*(_asked(ministry, question) for ministry in asked)))

    async def ValidateConfiguration(
        self,
        request: pb2.ValidateConfigurationRequest,
        context: grpc.aio.ServicerContext[pb2.ValidateConfigurationRequest, pb2.ValidateConfigurationResponse],
    ) -> pb2.ValidateConfigurationResponse:
        """Say what is wrong with values for a configuration."""
        question = wire.read_values(request)
        (outcome,) = await self._ministry(request.ministry, request.slot).ask(question)
        return wire.write_problems(outcome)

    async def LoadRelease(
        self,
        request: pb2.LoadReleaseRequest,
        context: grpc.aio.ServicerContext[pb2.LoadReleaseRequest, pb2.LoadReleaseResponse],
    ) -> pb2.LoadReleaseResponse:
        """Run a release in a slot from now on."""
        ministry = await self._releases.load(request)
        return pb2.LoadReleaseResponse(ministry=self._described(ministry, candidate=request.slot == CANDIDATE))

    async def UnloadRelease(
        self,
        request: pb2.UnloadReleaseRequest,
        context: grpc.aio.ServicerContext[pb2.UnloadReleaseRequest, pb2.UnloadReleaseResponse],
    ) -> pb2.UnloadReleaseResponse:
        """Run nothing in a slot from now on."""
        self._releases.unload(request)
        return pb2.UnloadReleaseResponse()

    def _ministry(self, code: str, slot: "ministry_pb2.Slot.ValueType") -> Ministry:
        hosted = self._host.candidates if slot == CANDIDATE else self._host.ministries
        if code not in hosted:
            raise MinistryNotHosted(ministry=code)
        return hosted[code]

    def _described(self, ministry: Ministry, *, candidate: bool = False) -> ministry_pb2.Ministry:
        described = _described(ministry)
        described.release_id = self._releases.name_of(ministry.code, candidate=candidate)
        return described


async def _asked(ministry: Ministry, question: Question) -> pb2.Answer:
    """Ask one ministry; its span says how many cases failed, never a word of them."""
    with tracing.span(f"rules.{ministry.code.lower()}.{question.hook}") as span:
        outcomes = await ministry.ask(question)
        span.set_attributes(_told(ministry, outcomes))
    return pb2.Answer(
        ministry=ministry.code,
        version=str(ministry.described.get("version", "")),
        digest=ministry.digest,
        outcomes=[wire.write_outcome(ministry.code, outcome) for outcome in outcomes],
        config_revision=question.configuration(ministry.code).revision,
    )


def _told(ministry: Ministry, outcomes: Sequence[Outcome]) -> dict[str, str | int]:
    """Return what a span tells of outcomes."""
    failures = [outcome.failure for outcome in outcomes if outcome.failure]
    told: dict[str, str | int] = {attributes.MINISTRY: ministry.code, attributes.COUNT: len(outcomes)}
    if len(outcomes) == 1:
        told[attributes.COMPLAINT_ID] = outcomes[0].complaint_id
    if failures:
        told |= {attributes.FAILURES: len(failures), attributes.REASON: failures[0].kind}
    return told


def _described(ministry: Ministry) -> ministry_pb2.Ministry:
    """Write what a ministry's rules declare and how their worker is."""
    said = ministry.described
    terms = [ministry_pb2.TermGroup(group=group, terms=terms) for group, terms in said.get("terms", {}).items()]
    declared: dict[str, Any] = {
        hook: [answers.write(ministry.code, each) for each in said.get(hook, ())] for hook in DECLARING
    }
    return ministry_pb2.Ministry(
        ministry=ministry.code,
        name=localized_text_pb2.LocalizedText(**dict(said.get("name") or {})),
        version=said.get("version", ""),
        digest=ministry.digest,
        owner=said.get("owner", ""),
        hooks=said.get("hooks", ()),
        terms=terms,
        state=ministry_pb2.WorkerState.Value(f"WORKER_STATE_{ministry.state.upper()}"),
        load_errors=wire.write_load_errors(ministry.load_errors),
        config_schema=said.get("config_schema", ""),
        worker=_figures(ministry),
        **declared,
    )


def _figures(ministry: Ministry) -> ministry_pb2.Worker:
    """Write the figures of a ministry's worker."""
    pid = ministry.worker.pid if ministry.worker else 0
    return ministry_pb2.Worker(
        pid=pid,
        memory_kib=memory_kib(pid) if pid else 0,
        started=ministry.figures.started,
        ended=ministry.figures.ended,
        leaked_threads=ministry.figures.leaked_threads,
        quarantined=ministry.quarantined,
        network_guard=ministry.described.get("guard", ""),
    )
