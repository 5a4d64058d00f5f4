"""Asks ministries' rules for advice: on a complaint, on a letter, on a reply; outside any transaction."""

import asyncio
from dataclasses import dataclass

from diwan.routing.v1 import advice_pb2, advice_service_pb2
from diwan.rules.v1 import rule_host_service_pb2 as pb
from diwan.rules.v1 import subject_pb2

from services.chassis import attributes, tracing
from services.chassis.call import Call
from services.chassis.database import Connection, Database
from services.chassis.refusals import TooEarly
from services.chassis.sealing import KeyRing
from services.routing.consulting import Heard, consult
from services.routing.council import Chamber
from services.routing.domain import combining
from services.routing.domain.decision import Decision
from services.routing.domain.letters import LetterAdvice, checked
from services.routing.domain.question import Question
from services.routing.domain.review import Bounds, Priority, Review
from services.routing.store.memory import Store
from services.routing.store.reviews import Reviews
from services.routing.wire import advice as wire

YEARS_KEPT = 10
OF_ALL = (pb.HOOK_VALIDATE, pb.HOOK_ENRICH, pb.HOOK_CLASSIFY)
OF_OWNER = (
    pb.ConsultRequest(hook=pb.HOOK_PRIORITY),
    pb.ConsultRequest(hook=pb.HOOK_REMINDERS),
    pb.ConsultRequest(hook=pb.HOOK_DEADLINE, stage=pb.STAGE_DOCUMENT_REQUEST),
    pb.ConsultRequest(hook=pb.HOOK_RETENTION),
)
OF_LETTER = (pb.HOOK_LETTER_CONTEXT, pb.HOOK_SIGNATORY)


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A decision after which the rules are asked; the ministry is empty while nobody is competent."""

    complaint_id: str
    decision_id: str
    ministry_id: str
    case_version: int


class Advisers:
    """Where one process asks ministries' rules for advice."""

    def __init__(self, database: Database, chamber: Chamber, keys: KeyRing) -> None:
        self._database = database
        self._chamber = chamber
        self._keys = keys

    async def review(self, call: Call, decided: Decided) -> Review:
        """Have all ministries look at a complaint, and the competent one say how it wants it handled."""
        question, owner = await self._question(call, decided.complaint_id), decided.ministry_id
        with tracing.span("routing.review") as span:
            span.set_attributes({attributes.COMPLAINT_NUMBER: question.facts.number, attributes.MINISTRY: owner})
            heard = await self._heard(question, owner)
        advice = [wire.advice(each.record, each.outcome, each.described) for each in heard]
        asked = _asked_for_documents(question, owner)
        return Review(
            complaint_id=decided.complaint_id,
            decision_id=decided.decision_id,
            case_version=decided.case_version,
            ministry_id=owner,
            reviewed_at=call.now,
            trace_id=tracing.trace_id(),
            combined=combining.combined(advice, _bounds(question, owner), asked_for_documents=asked),
            records=tuple(each.record for each in heard),
        )

    async def keep(self, connection: "Connection", review: Review) -> None:
        """Keep a review, sealed, because rules may have read personal data out of the text."""
        await Reviews(connection).add(self._keys, review, wire.review(review).SerializeToString())

    async def kept(self, connection: "Connection", complaint_id: str) -> advice_pb2.Review | None:
        """Return the latest review of a complaint."""
        written = await Reviews(connection).latest(self._keys, complaint_id)
        return advice_pb2.Review.FromString(written) if written else None

    async def _heard(self, question: Question, owner: str) -> list[Heard]:
        """Put all questions about a complaint at the same time."""
        hosts = self._chamber.hosts.hosts
        needed, of_owner = pb.ConsultRequest(hook=pb.HOOK_REQUIRED_DOCUMENTS), OF_OWNER if owner else ()
        answers = await asyncio.gather(
            *(consult(hosts, question, pb.ConsultRequest(hook=hook)) for hook in OF_ALL),
            consult(hosts, question, needed, _asked_for_documents(question, owner)),
            *(consult(hosts, question, about, {owner}) for about in of_owner),
        )
        return [each for heard in answers for each in heard]

    async def letter(self, call: Call, decision: Decision, kind: "subject_pb2.LetterKind.ValueType") -> LetterAdvice:
        """Ask the competent ministry what a letter shall hold and who signs it."""
        question, hosts = await self._question(call, decision.complaint_id), self._chamber.hosts.hosts
        abouts = [pb.ConsultRequest(hook=hook, letter_kind=kind) for hook in OF_LETTER]
        answers = await asyncio.gather(*(consult(hosts, question, about, {decision.ministry_id}) for about in abouts))
        heard = [each for answer in answers for each in answer]
        declared = [template for each in heard for template in wire.templates(each.described)]
        outcomes = [(each.record, each.outcome) for each in heard]
        return checked(wire.wanted(decision.ministry_id, kind, outcomes), declared)

    async def reply(
        self, call: Call, decision: Decision, said: subject_pb2.Reply
    ) -> advice_service_pb2.ReviewReplyResponse:
        """Ask the competent ministry how it judges a reply."""
        question, hosts = await self._question(call, decision.complaint_id), self._chamber.hosts.hosts
        about = pb.ConsultRequest(hook=pb.HOOK_REVIEW_REPLY, reply=said)
        heard = await consult(hosts, question, about, {decision.ministry_id})
        return wire.reply_review([(each.record, each.outcome) for each in heard])

    async def _question(self, call: Call, complaint_id: str) -> Question:
        async with self._database.reading() as connection:
            case = await Store(connection).cases.get(complaint_id)
        if case is None:
            raise TooEarly
        return await self._chamber.question(call, case.facts)


def _asked_for_documents(question: Question, owner: str) -> frozenset[str]:
    """Return who may ask for documents: the competent ministry, or while there is none the one that the complaint names."""
    addressed = question.reference.bodies.sector_of(question.facts.addressed_body_id)
    return frozenset({owner or addressed}) - {""}


def _bounds(question: Question, owner: str) -> Bounds:
    reference = question.reference
    return Bounds(
        priority=Priority.NORMAL,
        ladder=combining.LADDER,
        document_days=reference.deadline(question.facts, owner).working_days,
        years_kept=YEARS_KEPT,
        minimum_score=reference.precedence.minimum,
    )
