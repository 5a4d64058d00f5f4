"""Asks ministries' rules by any hook, on every host at the same time; who fails is noted and holds nobody up."""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import grpc
from diwan.rules.v1 import ministry_pb2, outcome_pb2
from diwan.rules.v1 import rule_host_service_pb2 as pb

from services.routing.domain.question import Question
from services.routing.domain.review import Record
from services.routing.neighbours import BUDGET, RuleHost
from services.routing.wire import advice, rules


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What a ministry answered, or nothing where it failed or had nothing to say, and what it declares."""

    record: Record
    outcome: outcome_pb2.Outcome
    described: ministry_pb2.Ministry


async def consult(
    hosts: Iterable[RuleHost],
    question: Question,
    about: pb.ConsultRequest,
    ministry_ids: Collection[str] | None = None,
) -> list[Heard]:
    """Ask the ministries that have the hook of `about`; all of them when none is named."""
    heard = await asyncio.gather(*(_consult(host, question, about, ministry_ids) for host in hosts))
    return sorted((each for of_host in heard for each in of_host), key=lambda each: each.record.ministry_id)


async def _consult(
    host: RuleHost, question: Question, about: pb.ConsultRequest, ministry_ids: Collection[str] | None
) -> list[Heard]:
    running = host.running(question.reference.slots)
    wanted = running if ministry_ids is None else running.keys() & ministry_ids
    name = advice.hook_name(about.hook)
    asked = {m: running[m] for m in wanted if host.knows(question, m, name)}
    if not asked:
        return []
    request = rules.consult(about.hook, question, asked)
    request.MergeFrom(about)
    try:
        found = await host.stub.Consult(request, timeout=BUDGET)
    except grpc.aio.AioRpcError as error:
        host.described_at = None
        failed = f"host: {error.code().name.lower()}"
        return [_unheard(name, m, each, failed) for m, each in asked.items()]
    return [_heard(name, answer, asked[answer.ministry.lower()]) for answer in found.answers]


def _heard(name: str, answer: pb.Answer, described: ministry_pb2.Ministry) -> Heard:
    outcome = answer.outcomes[0]
    return Heard(record=advice.record(name, answer, outcome), outcome=outcome, described=described)


def _unheard(name: str, ministry_id: str, described: ministry_pb2.Ministry, error: str) -> Heard:
    version, digest = described.version, described.digest
    record = Record(ministry_id=ministry_id, hook=name, plugin_version=version, plugin_digest=digest, error=error)
    return Heard(record=record, outcome=outcome_pb2.Outcome(), described=described)
