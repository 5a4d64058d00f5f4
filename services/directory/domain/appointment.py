"""Appointments: which role may be held for which scope."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from services.chassis.refusals import Invalid


class Role(StrEnum):
    """What an officer or a client service is appointed to."""

    KEEPER = "keeper"
    SUPERVISOR = "supervisor"
    DELEGATE = "delegate"
    WILAYA_CELL = "wilaya_cell"
    UNIT_OFFICER = "unit_officer"
    MEDIATOR = "mediator"
    OPERATOR = "operator"
    FILING_CLIENT = "filing_client"
    STATISTICS_CLIENT = "statistics_client"


TITLES = {
    Role.KEEPER: "مسيّر السجل",
    Role.SUPERVISOR: "مراقب السجل",
    Role.DELEGATE: "المندوب المحلي",
    Role.WILAYA_CELL: "عضو الخلية الولائية",
    Role.UNIT_OFFICER: "المكلّف بالشكاوى",
    Role.MEDIATOR: "مصالح وسيط الجمهورية",
    Role.OPERATOR: "مشغّل المنصة",
}
OF_CLIENTS = frozenset({Role.FILING_CLIENT, Role.STATISTICS_CLIENT})
SCOPES = {
    Role.KEEPER: ("register", "body"),
    Role.SUPERVISOR: ("register", "body"),
    Role.DELEGATE: ("wilaya",),
    Role.WILAYA_CELL: ("wilaya",),
    Role.UNIT_OFFICER: ("body",),
    Role.MEDIATOR: ("national",),
    Role.OPERATOR: ("national",),
    Role.FILING_CLIENT: ("national", "wilaya"),
    Role.STATISTICS_CLIENT: ("national", "wilaya"),
}
SHAPES = {
    "national": re.compile(r"national"),
    "wilaya": re.compile(r"wilaya:wilaya-[a-z0-9-]{1,60}"),
    "body": re.compile(r"body:[a-z0-9._-]{1,160}"),
    "register": re.compile(r"register:\d{2}/\d{4}"),
}
EXAMPLES = {
    "national": "national",
    "wilaya": "wilaya:wilaya-alger",
    "body": "body:dsp-alger",
    "register": "register:16/0412",
}


class AppointmentMissing(Invalid):
    """State at least one appointment: a role and its scope, for example delegate for wilaya:wilaya-alger."""

    ar = "اذكر تعيينا واحدا على الأقل: صفة ونطاقها، مثلا delegate في wilaya:wilaya-alger."
    fr = "Indiquez au moins une nomination : un rôle et son périmètre, par exemple delegate pour wilaya:wilaya-alger."
    field = "appointments"


class ScopeAbsent(Invalid):
    """The role {role} has no scope; give one, for example {example}."""

    ar = "الصفة {role} بلا نطاق؛ حدّد نطاقا، مثلا {example}."
    fr = "Le rôle {role} n'a pas de périmètre ; donnez-en un, par exemple {example}."
    field = "appointments.scope"


class ScopeUnfit(Invalid):
    """The role {role} cannot be held for {scope}; its scope is like {example}."""

    ar = "لا تُمنح الصفة {role} في النطاق {scope}؛ نطاقها من شكل {example}."
    fr = "Le rôle {role} ne s'exerce pas sur {scope} ; son périmètre est de la forme {example}."
    field = "appointments.scope"


class ScopeUnknown(Invalid):
    """The directory knows no {scope}; look for its id with ListTerritories or ListBodies."""

    ar = "لا يعرف الدليل {scope}؛ ابحث عن معرّفه بواسطة ListTerritories أو ListBodies."
    fr = "L'annuaire ne connaît pas {scope} ; cherchez son identifiant avec ListTerritories ou ListBodies."
    field = "appointments.scope"


class RoleUnfit(Invalid):
    """The role {role} is not given to {whom}; choose one of {roles}."""

    ar = "لا تُمنح الصفة {role} لـ{whom}؛ اختر واحدة من {roles}."
    fr = "Le rôle {role} ne se donne pas à {whom} ; choisissez parmi {roles}."
    field = "appointments.role"


@dataclass(frozen=True, kw_only=True, slots=True)
class Appointment:
    """A role held for a scope."""

    role: Role
    scope: str

    @property
    def place(self) -> str:
        """The id behind the scope; empty for the whole country."""
        return self.scope.partition(":")[2]


def refuse_unfit(appointments: Iterable[Appointment], *, for_client: bool) -> None:
    """Refuse a role that is not for such a holder, or a scope in which a role is not held."""
    if not (wanted := tuple(appointments)):
        raise AppointmentMissing
    for each in wanted:
        if (each.role in OF_CLIENTS) != for_client:
            allowed = sorted(OF_CLIENTS if for_client else set(Role) - OF_CLIENTS)
            raise RoleUnfit(role=each.role, whom="client" if for_client else "officer", roles=", ".join(allowed))
        _refuse_scope(each)


def _refuse_scope(appointment: Appointment) -> None:
    kinds = SCOPES[appointment.role]
    example = " | ".join(EXAMPLES[kind] for kind in kinds)
    if not appointment.scope:
        raise ScopeAbsent(role=appointment.role, example=example)
    if not any(SHAPES[kind].fullmatch(appointment.scope) for kind in kinds):
        raise ScopeUnfit(role=appointment.role, scope=appointment.scope[:80], example=example)
