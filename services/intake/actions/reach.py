"""How far the acting person reaches: what may be read, and for which body something is done."""

from collections.abc import Collection
from dataclasses import dataclass

from services.chassis.access import Scope, ScopeMissing, call_scope
from services.chassis.call import ActorKind, Call
from services.intake.domain.complaint import Complaint
from services.intake.domain.places import Atlas
from services.intake.domain.referral import READING, Referral
from services.intake.store.complaints import Match

WATCHERS = frozenset({"delegate", "wilaya_cell", "mediator"})
WARDENS = frozenset({"delegate", "mediator"})
KEEPERS = frozenset({"keeper", "supervisor"})
MEDIATOR = "mediator"
PARTIES = "complaint_id IN (SELECT complaint_id FROM referral WHERE state <> 'declined' AND (unit_body_id = ANY ({}) OR ministry_id = ANY ({})))"


@dataclass(frozen=True, slots=True)
class Reach:
    """The scopes of one call."""

    call: Call
    watching: Scope
    keeping: Scope
    answering: Scope

    def reads(self, complaint: Complaint, referrals: Collection[Referral]) -> bool:
        """Tell whether the complaint may be read."""
        return (
            self.watching.permits(territory_ids=[complaint.wilaya_id])
            or self.keeping.permits(body_ids=[complaint.keeping_body_id], register=complaint.register_id)
            or self.answering.permits(body_ids=parties(referrals))
            or (self.call.actor.kind is ActorKind.CLIENT and complaint.registered_by == str(self.call.actor))
        )

    def narrow(self, match: Match) -> Match:
        """Narrow a match down to what may be read."""
        parts: list[str] = []
        arguments: list[object] = []
        for scope, columns in (
            (self.watching, {"wilaya": "wilaya_id"}),
            (self.keeping, {"body": "keeping_body_id", "register": "series"}),
            (self.answering, {"body": PARTIES}),
        ):
            sql, values = scope.predicate(columns, match.next_argument + len(arguments))
            if sql != "FALSE":
                parts.append(sql)
                arguments += values
        if not parts:
            raise ScopeMissing
        return match.within(f"({' OR '.join(parts)})", arguments)


def reach(call: Call) -> Reach:
    """Return how far the actor of a call reaches."""
    return Reach(
        call=call,
        watching=call_scope(call, WATCHERS),
        keeping=call_scope(call, KEEPERS),
        answering=call_scope(call, {"unit_officer"}),
    )


def parties(referrals: Collection[Referral]) -> set[str]:
    """Return the bodies that may read because of a referral."""
    return {
        body_id
        for each in referrals
        if each.state in READING
        for body_id in (each.unit_body_id, each.ministry_id)
        if body_id
    }


def acting_for(call: Call, complaint: Complaint, atlas: Atlas) -> str:
    """Return the body for which an officer acts on a complaint; refuse an officer who may not."""
    if call_scope(call, {"keeper"}).permits(body_ids=[complaint.keeping_body_id], register=complaint.register_id):
        return complaint.keeping_body_id
    wardens = call_scope(call, WARDENS)
    if not wardens.permits(territory_ids=[complaint.wilaya_id]):
        raise ScopeMissing
    delegation = atlas.delegations.get(complaint.wilaya_id)
    return MEDIATOR if wardens.national or delegation is None else delegation.body_id
