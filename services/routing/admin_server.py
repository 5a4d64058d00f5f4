"""Answers the calls by which the Mediator's office administers ministries' rules."""

import logging
from datetime import datetime
from typing import TypeAlias, TypeVar

from diwan.routing.v1 import rules_admin_service_pb2 as pb
from diwan.routing.v1 import rules_admin_service_pb2_grpc

from services.chassis import pages
from services.chassis.call import Call
from services.chassis.checks import require_date, require_text, require_uuid
from services.chassis.database import Database
from services.chassis.door import Context
from services.chassis.refusals import PageInvalid, TryAgain
from services.chassis.requests import once
from services.chassis.server import current_call
from services.routing import oversight
from services.routing.actions import administering
from services.routing.actions.administering import About
from services.routing.council import Chamber
from services.routing.domain.calendar import day_before
from services.routing.domain.release import ActKind, Slots
from services.routing.packages import Doorkeeper
from services.routing.store.memory import Store
from services.routing.wire import releases as wire

LONGEST, LONGEST_VALUES = 2000, 65_536

_log = logging.getLogger(__name__)


Moving: TypeAlias = pb.ShadowReleaseRequest | pb.ActivateReleaseRequest | pb.DisableReleaseRequest
Moved = TypeVar("Moved", pb.ShadowReleaseResponse, pb.ActivateReleaseResponse, pb.DisableReleaseResponse)


class RulesAdmin(rules_admin_service_pb2_grpc.RulesAdminServiceServicer):
    """The life of ministries' rules, over gRPC."""

    def __init__(self, database: Database, chamber: Chamber, doorkeeper: Doorkeeper) -> None:
        self._database = database
        self._chamber = chamber
        self._doorkeeper = doorkeeper

    async def ListMinistryRules(
        self, request: pb.ListMinistryRulesRequest, context: Context
    ) -> pb.ListMinistryRulesResponse:
        """Show every ministry's rules as they are at this moment."""
        call = current_call()
        hosts = await self._chamber.hosts.look(call.now)
        async with self._database.reading() as connection:
            kept = await oversight.keeping(Store(connection), request.ministry_id)
        return pb.ListMinistryRulesResponse(
            ministries=oversight.ministry_rules(kept, hosts, call.language, request.ministry_id),
            unsigned_allowed=self._doorkeeper.lets_unsigned_in,
        )

    async def InstallRelease(self, request: pb.InstallReleaseRequest, context: Context) -> pb.InstallReleaseResponse:
        """Take in a wheel."""
        call, because = current_call(), require_text("because", request.because, limit=LONGEST)
        require_uuid("request_id", request.request_id)
        opened = self._doorkeeper.open(request.wheel, request.signature)
        bodies = (await self._chamber.reference(call.now)).bodies

        async def act() -> pb.InstallReleaseResponse:
            store = Store(connection)
            kept = await administering.install(call, store, bodies, opened=opened, because=because)
            slots = await store.releases.lock(kept.ministry_id)
            return pb.InstallReleaseResponse(release=wire.installed(kept, slots))

        async with self._database.transaction() as connection:
            return await once(connection, call, request, pb.InstallReleaseResponse, act=act)

    async def ShadowRelease(self, request: pb.ShadowReleaseRequest, context: Context) -> pb.ShadowReleaseResponse:
        """Try a release in the shadow."""
        return await self._move(request, ActKind.SHADOWED, pb.ShadowReleaseResponse)

    async def ActivateRelease(self, request: pb.ActivateReleaseRequest, context: Context) -> pb.ActivateReleaseResponse:
        """Make a release active."""
        return await self._move(request, ActKind.ACTIVATED, pb.ActivateReleaseResponse)

    async def DisableRelease(self, request: pb.DisableReleaseRequest, context: Context) -> pb.DisableReleaseResponse:
        """Stop a release."""
        return await self._move(request, ActKind.DISABLED, pb.DisableReleaseResponse)

    async def RollBackRelease(self, request: pb.RollBackReleaseRequest, context: Context) -> pb.RollBackReleaseResponse:
        """Make the former release active again."""
        call, about = current_call(), _about(request)
        bodies = (await self._chamber.reference(call.now)).bodies

        async def act() -> pb.RollBackReleaseResponse:
            after = await administering.roll_back(call, Store(connection), bodies, about=about)
            return pb.RollBackReleaseResponse(etag=str(after.version), release_id=after.stable)

        async with self._database.transaction() as connection:
            response = await once(connection, call, request, pb.RollBackReleaseResponse, act=act)
        await self._settle(call)
        return response

    async def ConfigureRules(self, request: pb.ConfigureRulesRequest, context: Context) -> pb.ConfigureRulesResponse:
        """Have a ministry's rules work with other values; the rules are asked before the transaction."""
        call, about = current_call(), _about(request)
        values = require_text("values_json", request.values_json, limit=LONGEST_VALUES)
        reference = await self._chamber.reference(call.now)
        slots = reference.slots.get(about.ministry_id) or Slots(ministry_id=about.ministry_id)
        await self._chamber.hosts.refresh(call.now)
        await self._chamber.deployment.check(slots, values)
        if request.validate_only:
            return pb.ConfigureRulesResponse(config_revision=int(about.etag) if about.etag.isdecimal() else 0)

        async with self._database.transaction() as connection:
            store = Store(connection)

            async def act() -> pb.ConfigureRulesResponse:
                new = await administering.configure(call, store, reference.bodies, about=about, values_json=values)
                return pb.ConfigureRulesResponse(config_revision=new.revision)

            response = await once(connection, call, request, pb.ConfigureRulesResponse, act=act)
        await self._settle(call)
        return response

    async def ReconcileReleases(
        self, request: pb.ReconcileReleasesRequest, context: Context
    ) -> pb.ReconcileReleasesResponse:
        """Have every host run what is ordered."""
        return pb.ReconcileReleasesResponse(changed=await self._chamber.settle(current_call()))

    async def GetPrecedence(self, request: pb.GetPrecedenceRequest, context: Context) -> pb.GetPrecedenceResponse:
        """Give the precedence that applies."""
        async with self._database.reading() as connection:
            return pb.GetPrecedenceResponse(precedence=wire.precedence(await Store(connection).precedence.current()))

    async def SetPrecedence(self, request: pb.SetPrecedenceRequest, context: Context) -> pb.SetPrecedenceResponse:
        """Change the precedence."""
        call, because = current_call(), require_text("because", request.because, limit=LONGEST)
        require_uuid("request_id", request.request_id)
        bodies, wanted = (await self._chamber.reference(call.now)).bodies, wire.read_precedence(request.precedence)

        async def act() -> pb.SetPrecedenceResponse:
            edited = await administering.set_precedence(
                call, Store(connection), bodies, wanted=wanted, etag=request.etag, because=because
            )
            return pb.SetPrecedenceResponse(precedence=wire.precedence(edited))

        async with self._database.transaction() as connection:
            response = await once(connection, call, request, pb.SetPrecedenceResponse, act=act)
        await self._settle(call)
        return response

    async def PreviewPrecedence(
        self, request: pb.PreviewPrecedenceRequest, context: Context
    ) -> pb.PreviewPrecedenceResponse:
        """Say what another precedence would have changed."""
        call, wanted = current_call(), wire.read_precedence(request.precedence)
        first, last = require_date("from_day", request.from_day), require_date("to_day", request.to_day)
        day_before(first, last)
        bodies = (await self._chamber.reference(call.now)).bodies
        async with self._database.reading() as connection:
            counted, tried = await administering.preview(
                call, Store(connection), bodies, wanted=wanted, period=(first, last)
            )
        return wire.previewed(counted, tried)

    async def ListRulesActs(self, request: pb.ListRulesActsRequest, context: Context) -> pb.ListRulesActsResponse:
        """List acts, the latest first."""
        page = pages.read(request, keys=2)
        conditions, values = ["TRUE"], list[object]()
        if request.ministry_id:
            values.append(request.ministry_id)
            conditions.append("ministry_id = $1")
        if page.after:
            values += [_moment(page.after[0]), require_uuid("page_token", page.after[1])]
            conditions.append(f"(acted_at, act_id) < (${len(values) - 1}, ${len(values)})")
        async with self._database.reading() as connection:
            found = await Store(connection).releases.acts(" AND ".join(conditions), values, page.size + 1)
        shown, more = found[: page.size], len(found) > page.size
        return pb.ListRulesActsResponse(
            acts=[wire.act(each) for each in shown],
            next_page_token=page.token(shown[-1].acted_at.isoformat(), shown[-1].act_id) if more else "",
        )

    async def _move(self, request: Moving, kind: ActKind, answer: type[Moved]) -> Moved:
        call, about = current_call(), _about(request)
        bodies = (await self._chamber.reference(call.now)).bodies

        async with self._database.transaction() as connection:
            store, release_id = Store(connection), request.release_id

            async def act() -> Moved:
                after = await administering.move(call, store, bodies, kind, about=about, release_id=release_id)
                return answer(etag=str(after.version))

            response = await once(connection, call, request, answer, act=act)
        await self._settle(call)
        return response

    async def _settle(self, call: Call) -> None:
        """Have an act take effect; while a host is silent, the tick will."""
        try:
            await self._chamber.settle(call)
        except TryAgain:
            _log.warning("a rule host is silent; the act takes effect when it is back")


def _about(request: Moving | pb.RollBackReleaseRequest | pb.ConfigureRulesRequest) -> About:
    require_uuid("request_id", request.request_id)
    because = require_text("because", request.because, limit=LONGEST)
    return About(ministry_id=request.ministry_id, etag=request.etag, because=because)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise PageInvalid(most=200) from None
