"""Answers the directory's calls."""

from collections.abc import Collection

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from diwan.directory.v1 import directory_service_pb2 as pb
from diwan.directory.v1 import directory_service_pb2_grpc

from services.chassis import pages
from services.chassis.access import ScopeMissing, call_scope
from services.chassis.call import Call
from services.chassis.database import Database
from services.chassis.door import Context
from services.chassis.incoming import STANDING
from services.chassis.server import current_call
from services.chassis.tokens import issued_at
from services.directory import wire
from services.directory.actions import facts, officers
from services.directory.domain.officer import Officer
from services.directory.passwords import Passwords, make_password
from services.directory.reference import tables
from services.directory.store.memory import Store
from services.directory.tokens import sign

USUAL, MOST = 200, 2000
OFFICER_LISTERS = ("operator", "mediator", "delegate")


class Directory(directory_service_pb2_grpc.DirectoryServiceServicer):
    """Who and where, over gRPC."""

    def __init__(self, database: Database, *, key: Ed25519PrivateKey) -> None:
        self._database = database
        self._key = key
        self._passwords = Passwords()

    async def ListTerritories(self, request: pb.ListTerritoriesRequest, context: Context) -> pb.ListTerritoriesResponse:
        """List territories by level, parent or words of their name."""
        page = pages.read(request, keys=2, usual=USUAL, most=MOST)
        wanted = wire.territory_filter(request, today=current_call().today)
        async with self._database.reading() as connection:
            found = await Store(connection).territories.listed(wanted, after=page.after, size=page.size)
        last = found.items[-1][0] if found.more else None
        return pb.ListTerritoriesResponse(
            territories=[wire.territory(each, revision) for each, revision in found.items],
            next_page_token=page.token(last.label, last.territory_id) if last else "",
            total_size=found.total,
        )

    async def ListBodies(self, request: pb.ListBodiesRequest, context: Context) -> pb.ListBodiesResponse:
        """List bodies by kind, ministry, territory or words of their name."""
        page = pages.read(request, keys=1, usual=USUAL, most=MOST)
        wanted = wire.body_filter(request, today=current_call().today)
        async with self._database.reading() as connection:
            found = await Store(connection).bodies.listed(wanted, after=page.after, size=page.size)
        return pb.ListBodiesResponse(
            bodies=[wire.body(each, revision) for each, revision in found.items],
            next_page_token=page.token(found.items[-1][0].body_id) if found.more else "",
            total_size=found.total,
        )

    async def ListTopics(self, request: pb.ListTopicsRequest, context: Context) -> pb.ListTopicsResponse:
        """List the topics of complaints."""
        async with self._database.reading() as connection:
            found = await Store(connection).topics.listed()
        return pb.ListTopicsResponse(topics=[wire.topic(each, revision) for each, revision in found])

    async def LoadReference(self, request: pb.LoadReferenceRequest, context: Context) -> pb.LoadReferenceResponse:
        """Load the reference data that ship with this version."""
        reference = tables.read()
        async with self._database.transaction() as connection:
            loaded = await facts.load_reference(current_call(), Store(connection), reference=reference)
        return pb.LoadReferenceResponse(
            territories=loaded.territories,
            bodies=loaded.bodies,
            topics=loaded.topics,
            bodies_total=loaded.bodies_total,
        )

    async def ImportAdministrations(
        self, request: pb.ImportAdministrationsRequest, context: Context
    ) -> pb.ImportAdministrationsResponse:
        """Enter administrations of an operator's list."""
        call, rows = current_call(), wire.administrations(request.rows)
        async with self._database.transaction() as connection:
            imported = await facts.import_administrations(call, Store(connection), source=request.source, rows=rows)
        return pb.ImportAdministrationsResponse(
            changed=imported.changed, refused=[wire.refused_row(each, call.language) for each in imported.refused]
        )

    async def SignIn(self, request: pb.SignInRequest, context: Context) -> pb.SignInResponse:
        """Sign an officer in by name and password."""
        officer, session = await officers.sign_in(
            current_call(),
            self._database,
            username=request.username,
            password=request.password,
            passwords=self._passwords,
        )
        return pb.SignInResponse(
            token=wire.actor_token(sign(self._key, session), session), officer=wire.officer(officer)
        )

    async def RenewToken(self, request: pb.RenewTokenRequest, context: Context) -> pb.RenewTokenResponse:
        """Give a fresh token for a session that is still valid."""
        async with self._database.reading() as connection:
            session = await officers.renew(
                current_call(), Store(connection), since=issued_at(STANDING.get().actor_token)
            )
        return pb.RenewTokenResponse(token=wire.actor_token(sign(self._key, session), session))

    async def SetAccount(self, request: pb.SetAccountRequest, context: Context) -> pb.SetAccountResponse:
        """Create an officer's account, or reset its password and appointment."""
        wanted = Officer(
            officer_id="",
            username=request.username,
            display_name=request.display_name,
            appointments=wire.appointments(request.appointments),
        )
        password = make_password()
        condensed = await self._passwords.condense(password)
        async with self._database.transaction() as connection:
            officer = await officers.set_account(
                current_call(), Store(connection), wanted=wanted, password_hash=condensed
            )
        return pb.SetAccountResponse(officer=wire.officer(officer), password=password)

    async def ListOfficers(self, request: pb.ListOfficersRequest, context: Context) -> pb.ListOfficersResponse:
        """List officers by role or scope."""
        wanted = wire.officer_filter(request, within=_within(current_call(), OFFICER_LISTERS))
        async with self._database.reading() as connection:
            found = await Store(connection).officers.listed(wanted)
        return pb.ListOfficersResponse(officers=[wire.officer(each) for each in found])

    async def IssueClientToken(
        self, request: pb.IssueClientTokenRequest, context: Context
    ) -> pb.IssueClientTokenResponse:
        """Issue a token for a client service."""
        async with self._database.transaction() as connection:
            session = await officers.issue_client_token(
                current_call(),
                Store(connection),
                client=request.client,
                appointments=wire.appointments(request.appointments),
                days=request.days,
            )
        return pb.IssueClientTokenResponse(token=wire.actor_token(sign(self._key, session), session))


def _within(call: Call, roles: Collection[str]) -> list[str]:
    """Return the scopes to which the asker's view is limited; none for the whole country."""
    scope = call_scope(call, roles)
    if not scope.national and not scope.wilaya:
        raise ScopeMissing
    return [] if scope.national else [f"wilaya:{each}" for each in sorted(scope.wilaya)]
