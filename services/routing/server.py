"""Answers routing's calls."""

from diwan.routing.v1 import routing_service_pb2 as pb
from diwan.routing.v1 import routing_service_pb2_grpc
from diwan.routing.v1.classifier_pb2 import Training

from services.chassis import pages
from services.chassis.access import call_scope
from services.chassis.checks import require_date, require_text, require_uuid
from services.chassis.database import Database
from services.chassis.door import Context
from services.chassis.requests import once
from services.chassis.server import current_call
from services.routing import listing, rulesets
from services.routing.actions import deciding, reading, referring
from services.routing.council import Chamber
from services.routing.domain.calendar import day_before
from services.routing.domain.explanation import explain
from services.routing.domain.learned import ModelKind
from services.routing.domain.referral import ReferralState
from services.routing.store.memory import Store
from services.routing.wire import learned, messages

LONGEST = 2000
USUAL, MOST = 100, 500
MODELS = 20


class Routing(routing_service_pb2_grpc.RoutingServiceServicer):
    """Who is competent and by when, over gRPC."""

    def __init__(self, database: Database, chamber: Chamber) -> None:
        self._database = database
        self._chamber = chamber

    async def ListDecisions(self, request: pb.ListDecisionsRequest, context: Context) -> pb.ListDecisionsResponse:
        """Explain a complaint's decisions."""
        complaint_id = require_uuid("complaint_id", request.complaint_id)
        async with self._database.reading() as connection:
            store = Store(connection)
            found = await reading.decisions(current_call(), store, complaint_id)
            shadow = await store.decisions.shadow([each.decision_id for each in found])
        decisions = [messages.decision(each, shadow.get(each.decision_id, ())) for each in found]
        return pb.ListDecisionsResponse(decisions=decisions)

    async def GetDecision(self, request: pb.GetDecisionRequest, context: Context) -> pb.GetDecisionResponse:
        """Give one decision and explain it."""
        call, decision_id = current_call(), require_uuid("decision_id", request.decision_id)
        reference = await self._chamber.reference(call.now)
        async with self._database.reading() as connection:
            store = Store(connection)
            found = await reading.decision(call, store, decision_id)
            shadow = await store.decisions.shadow([decision_id])
            sentences = explain(await reading.account(store, found, reference))
        return pb.GetDecisionResponse(
            decision=messages.decision(found, shadow.get(decision_id, ())),
            explanation=[messages.sentence(each) for each in sentences],
        )

    async def ListTriage(self, request: pb.ListTriageRequest, context: Context) -> pb.ListTriageResponse:
        """List what waits for a person."""
        page = pages.read(request, keys=2)
        where = listing.triage_conditions(request, call_scope(current_call(), reading.DECIDERS))
        async with self._database.reading() as connection:
            store = Store(connection)
            total = await store.triage.count(where.sql, where.values)
            listing.after_item(where, page)
            items = await store.triage.page(where.sql, where.values, page.size + 1)
            decisions = await store.decisions.many([item.decision_id for item in items])
        shown, more = items[: page.size], len(items) > page.size
        return pb.ListTriageResponse(
            items=[messages.triage_item(item, decisions[item.decision_id]) for item in shown],
            next_page_token=page.token(shown[-1].created_at.isoformat(), shown[-1].triage_id) if more else "",
            total_size=total,
        )

    async def DecideByHand(self, request: pb.DecideByHandRequest, context: Context) -> pb.DecideByHandResponse:
        """Decide a waiting complaint as an officer says; the rules are heard before the transaction."""
        call, because = current_call(), require_text("because", request.because, limit=LONGEST)
        require_uuid("request_id", request.request_id)
        async with self._database.reading() as connection:
            waiting = await reading.waiting(call, Store(connection), require_uuid("triage_id", request.triage_id))
        found = await self._chamber.chosen(call, waiting, request.ministry_id, request.unit_body_id)

        async def act() -> pb.DecideByHandResponse:
            made = await deciding.decide_by_hand(
                call, Store(connection), waiting.item, etag=request.etag, chosen=found, because=because
            )
            return pb.DecideByHandResponse(decision=messages.decision(made))

        async with self._database.transaction() as connection:
            return await once(connection, call, request, pb.DecideByHandResponse, act=act)

    async def GetReferral(self, request: pb.GetReferralRequest, context: Context) -> pb.GetReferralResponse:
        """Give one referral."""
        call, referral_id = current_call(), require_uuid("referral_id", request.referral_id)
        async with self._database.reading() as connection:
            found = await reading.referral(call, Store(connection), referral_id)
        return pb.GetReferralResponse(referral=messages.referral(found, call.today))

    async def ListReferrals(self, request: pb.ListReferralsRequest, context: Context) -> pb.ListReferralsResponse:
        """List referrals that the caller may see."""
        call, page = current_call(), pages.read(request, keys=3)
        today = call.today
        where = listing.referral_conditions(request, call_scope(call, reading.READERS), today)
        listing.after_referral(where, page)
        async with self._database.reading() as connection:
            found = await Store(connection).referrals.page(where.sql, where.values, page.size + 1)
        shown, more = found[: page.size], len(found) > page.size
        return pb.ListReferralsResponse(
            referrals=[messages.referral(each, today) for each in shown],
            next_page_token=listing.behind_referral(page, shown[-1]) if more else "",
        )

    async def AcknowledgeReferral(
        self, request: pb.AcknowledgeReferralRequest, context: Context
    ) -> pb.AcknowledgeReferralResponse:
        """Confirm that the unit received a referral."""
        call = current_call()

        async def act() -> pb.AcknowledgeReferralResponse:
            held = await referring.own_referral(call, Store(connection), request.referral_id, request.etag)
            after = await referring.advance(call, Store(connection), held, ReferralState.ACKNOWLEDGED)
            return pb.AcknowledgeReferralResponse(referral=messages.referral(after, call.today))

        _require_ids(request)
        async with self._database.transaction() as connection:
            return await once(connection, call, request, pb.AcknowledgeReferralResponse, act=act)

    async def AcceptReferral(self, request: pb.AcceptReferralRequest, context: Context) -> pb.AcceptReferralResponse:
        """Accept competence."""
        call = current_call()

        async def act() -> pb.AcceptReferralResponse:
            held = await referring.own_referral(call, Store(connection), request.referral_id, request.etag)
            after = await referring.advance(call, Store(connection), held, ReferralState.ACCEPTED)
            return pb.AcceptReferralResponse(referral=messages.referral(after, call.today))

        _require_ids(request)
        async with self._database.transaction() as connection:
            return await once(connection, call, request, pb.AcceptReferralResponse, act=act)

    async def DeclineReferral(self, request: pb.DeclineReferralRequest, context: Context) -> pb.DeclineReferralResponse:
        """Decline competence and name the competent body."""
        call, because = current_call(), require_text("because", request.because, limit=LONGEST)
        bodies = (await self._chamber.reference(call.now)).bodies

        async def act() -> pb.DeclineReferralResponse:
            held = await referring.own_referral(call, Store(connection), request.referral_id, request.etag)
            decline = referring.Refusing(competent_body_id=request.competent_body_id, because=because)
            after = await referring.decline(call, Store(connection), held, bodies, decline=decline)
            return pb.DeclineReferralResponse(referral=messages.referral(after, call.today))

        _require_ids(request)
        async with self._database.transaction() as connection:
            return await once(connection, call, request, pb.DeclineReferralResponse, act=act)

    async def EscalateOverdue(self, request: pb.EscalateOverdueRequest, context: Context) -> pb.EscalateOverdueResponse:
        """Take the ladder's next step for overdue referrals."""
        calendar = (await self._chamber.reference(current_call().now)).calendar
        async with self._database.transaction() as connection:
            steps = await referring.escalate(current_call(), Store(connection), calendar, limit=_limit(request))
        return pb.EscalateOverdueResponse(escalated=steps)

    async def ReconsiderHeld(self, request: pb.ReconsiderHeldRequest, context: Context) -> pb.ReconsiderHeldResponse:
        """Decide again the cases that failed rules hold."""
        limit = _limit(request)
        decided = await self._chamber.reconsider(current_call(), limit=limit)
        return pb.ReconsiderHeldResponse(decided=decided)

    async def ListHolidays(self, request: pb.ListHolidaysRequest, context: Context) -> pb.ListHolidaysResponse:
        """Give the working days of a period and the holidays in it."""
        first, last = require_date("from_day", request.from_day), require_date("to_day", request.to_day)
        eve = day_before(first, last)
        calendar = (await self._chamber.reference(current_call().now)).calendar
        async with self._database.reading() as connection:
            days = await Store(connection).reference.holidays(first, last)
        return messages.holidays(days, calendar.between(eve, last))

    async def ListRuleSets(self, request: pb.ListRuleSetsRequest, context: Context) -> pb.ListRuleSetsResponse:
        """Show which ministries' rules run, and why one does not."""
        described = await self._chamber.hosts.describe()
        return pb.ListRuleSetsResponse(rule_sets=rulesets.rule_sets(described, current_call().language))

    async def TrainClassifier(self, request: pb.TrainClassifierRequest, context: Context) -> pb.TrainClassifierResponse:
        """Begin to learn anew from confirmed decisions."""
        begun = await self._chamber.workshop.train(
            current_call(), always=request.always, with_samples=request.with_samples
        )
        return pb.TrainClassifierResponse(training=await self._training(ModelKind.COMPETENCE), begun=begun)

    async def TrainVarieties(self, request: pb.TrainVarietiesRequest, context: Context) -> pb.TrainVarietiesResponse:
        """Begin to learn varieties of language."""
        examples = learned.examples(request.examples)
        begun = await self._chamber.workshop.train_varieties(current_call(), examples)
        return pb.TrainVarietiesResponse(training=await self._training(ModelKind.VARIETY), begun=begun)

    async def GetClassifier(self, request: pb.GetClassifierRequest, context: Context) -> pb.GetClassifierResponse:
        """Show the classifier's models with their accuracy."""
        async with self._database.reading() as connection:
            models = Store(connection).models
            return pb.GetClassifierResponse(
                models=[learned.model(each) for each in await models.listed(MODELS)],
                trainings=[learned.training(each) for each in await models.trainings()],
                confirmed=await models.count_confirmed(),
            )

    async def _training(self, kind: ModelKind) -> Training | None:
        async with self._database.reading() as connection:
            trainings = await Store(connection).models.trainings()
        return next((learned.training(each) for each in trainings if each.kind is kind), None)


def _require_ids(
    request: pb.AcknowledgeReferralRequest | pb.AcceptReferralRequest | pb.DeclineReferralRequest,
) -> None:
    require_uuid("request_id", request.request_id)
    require_uuid("referral_id", request.referral_id)


def _limit(request: pb.EscalateOverdueRequest | pb.ReconsiderHeldRequest) -> int:
    """Return how many at once; each is taken under a lock, so that a tick stays short."""
    return min(request.limit or USUAL, MOST) if request.limit >= 0 else USUAL
