"""Who may call which method, and how far: the contract's access option, enforced; nothing is open by omission."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from diwan.common.v1 import access_pb2
from google.protobuf.descriptor import MethodDescriptor

from services.chassis.call import Actor, ActorKind, Call
from services.chassis.refusals import Forbidden, Unauthenticated
from services.chassis.tokens import Verifier

CLIENT = "client"
PORTAL = "portal"
NATIONAL = "national"
KINDS = ("wilaya", "body", "register")


class TokenMissing(Unauthenticated):
    """It is not said who calls; sign in, or send the token that was issued to you."""

    ar = "لم يُذكر صاحب الطلب؛ سجّل الدخول أو أرسل الرمز المسلّم إليك."
    fr = "L'appelant n'est pas indiqué ; identifiez-vous ou envoyez le jeton qui vous a été délivré."


class CallerForbidden(Forbidden):
    """The process {process} may not call this method."""

    ar = "لا يُسمح للبرنامج {process} بهذا الطلب."
    fr = "Le processus {process} n'a pas le droit d'appeler cette méthode."


class RoleMissing(Forbidden):
    """This takes one of the roles {roles}; ask for an appointment."""

    ar = "يتطلّب هذا إحدى الصفات {roles}؛ اطلب تعيينا."
    fr = "Il faut l'un des rôles {roles} ; demandez une nomination."


class ScopeMissing(Forbidden):
    """You hold the role, but not for this territory, body or register; turn to those who are appointed for it."""

    ar = "لك الصفة، لكن ليس لهذا الإقليم أو الهيئة أو السجل؛ توجّه إلى المعيّن له."
    fr = (
        "Vous avez le rôle, mais pas pour ce territoire, cet organisme ou ce registre ;"
        " adressez-vous à qui y est nommé."
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """The access option of a method, in names: `bus`, `delegate`."""

    callers: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    without_officer: frozenset[str] = frozenset()
    idempotent: bool = False

    @classmethod
    def of(cls, method: MethodDescriptor) -> Self:
        """Read the option of a method; one without an option is closed to all."""
        option = method.GetOptions().Extensions[access_pb2.access]
        return cls(
            callers=_names("PROCESS_", map(access_pb2.Process.Name, option.callers)),
            roles=frozenset(map(role_name, option.roles)),
            without_officer=_names("PROCESS_", map(access_pb2.Process.Name, option.without_officer)),
            idempotent=option.idempotent,
        )

    def admit(self, process: str, actor: Actor | None) -> None:
        """Refuse unless this process may call, for an actor who holds a role that is asked for."""
        if process not in self.callers:
            raise CallerForbidden(process=process)
        if not self.roles:
            return
        if actor is None:
            if process not in self.without_officer:
                raise TokenMissing
        elif not any(each.role in self.roles for each in actor.appointments):
            raise RoleMissing(roles=", ".join(sorted(self.roles)))


def _names(prefix: str, names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.removeprefix(prefix).lower() for name in names)


def role_name(role: "access_pb2.Role.ValueType") -> str:
    """Return the name that appointments use: `delegate` for ROLE_DELEGATE."""
    return access_pb2.Role.Name(role).removeprefix("ROLE_").lower()


def identify(verifier: Verifier, metadata: Mapping[str, str | bytes]) -> tuple[str, Actor | None]:
    """Say which process calls and for whom; a client service outside shows its own token only."""
    bearer, passport = metadata.get("authorization"), metadata.get("diwan-process")
    actor = verifier.actor(str(bearer).removeprefix("Bearer ")) if bearer else None
    if passport:
        return verifier.process(str(passport)), actor
    if actor is None or actor.kind is not ActorKind.CLIENT:
        raise TokenMissing
    return CLIENT, actor


def actor_for(process: str, actor: Actor | None) -> Actor:
    """Name who acts when no token says it: a citizen at the portal, elsewhere the process itself."""
    if actor is not None:
        return actor
    return Actor(kind=ActorKind.CITIZEN) if process == PORTAL else Actor(kind=ActorKind.PROCESS, id=process)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """How far somebody may see and act."""

    national: bool = False
    wilaya: frozenset[str] = frozenset()
    body: frozenset[str] = frozenset()
    register: frozenset[str] = frozenset()

    def permits(
        self, *, territory_ids: Collection[str] = (), body_ids: Collection[str] = (), register: str = ""
    ) -> bool:
        """Say whether a thing of these territories, bodies and this register (or entry) lies within."""
        return (
            self.national
            or not self.wilaya.isdisjoint(territory_ids)
            or not self.body.isdisjoint(body_ids)
            or "/".join(register.split("/")[:2]) in self.register
        )

    def require(
        self, *, territory_ids: Collection[str] = (), body_ids: Collection[str] = (), register: str = ""
    ) -> None:
        """Refuse what lies without."""
        if not self.permits(territory_ids=territory_ids, body_ids=body_ids, register=register):
            raise ScopeMissing

    def predicate(self, columns: Mapping[str, str], start: int = 1) -> tuple[str, list[object]]:
        """Return the same rule as SQL with parameters from $start; columns name `wilaya`, `body`, `register`.

        A column may be an expression in which {} stands for the array of ids: ``party_ids && {}``.
        """
        if self.national:
            return "TRUE", []
        parts: list[str] = []
        arguments: list[object] = []
        for kind in KINDS:
            ids = sorted(getattr(self, kind))
            if ids and kind in columns:
                column = columns[kind]
                place = f"${start + len(arguments)}::text[]"
                parts.append(column.replace("{}", place) if "{}" in column else f"{column} = ANY({place})")
                arguments.append(ids)
        return (f"({' OR '.join(parts)})" if parts else "FALSE"), arguments


def call_scope(call: Call, roles: Collection[str]) -> Scope:
    """Return how far the actor may go in these roles; a process for itself everywhere, a citizen nowhere."""
    if call.actor.kind is ActorKind.PROCESS:
        return Scope(national=True)
    found: dict[str, set[str]] = {kind: set() for kind in (NATIONAL, *KINDS)}
    for each in call.actor.appointments:
        kind, _, name = each.scope.partition(":")
        if each.role in roles and kind in found:
            found[kind].add(name)
    named = {kind: frozenset(found[kind] - {""}) for kind in KINDS}
    return Scope(national=bool(found[NATIONAL]), **named)
