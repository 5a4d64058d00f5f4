"""Reads what a list shall show: filters, pages and what the caller may see, as conditions of SQL."""

from collections.abc import Sequence
from datetime import date, datetime

from diwan.routing.v1 import history_service_pb2 as history_pb
from diwan.routing.v1 import referral_pb2, triage_pb2
from diwan.routing.v1 import routing_service_pb2 as pb

from services.chassis.access import Scope
from services.chassis.checks import require_enum, require_uuid
from services.chassis.pages import Page
from services.chassis.refusals import PageInvalid
from services.routing.domain.referral import Referral

SIGHT = {
    "wilaya": "wilaya_id",
    "body": "ARRAY[unit_body_id, ministry_id, from_body_id] && {}",
    "register": "split_part(number, '/', 1) || '/' || split_part(number, '/', 2)",
}
QUEUE = {"wilaya": "wilaya_id"}


class Conditions:
    """Conditions that all must hold, with their parameters."""

    def __init__(self, scope: Scope, columns: dict[str, str]) -> None:
        sql, self.values = scope.predicate(columns)
        self._parts = [sql]

    def add(self, condition: str, *values: object) -> None:
        """Add a condition in which each {} stands for the next value."""
        for value in values:
            self.values.append(value)
            condition = condition.replace("{}", f"${len(self.values)}", 1)
        self._parts.append(condition)

    @property
    def sql(self) -> str:
        """Return all of them as one."""
        return " AND ".join(self._parts)


def triage_conditions(request: pb.ListTriageRequest, scope: Scope) -> Conditions:
    """Return which open items are meant, pages aside."""
    where = Conditions(scope, QUEUE)
    if request.wilaya_id:
        where.add("wilaya_id = {}", request.wilaya_id)
    if request.kind:
        require_enum("kind", triage_pb2.TriageKind, request.kind)
        where.add("kind = {}", triage_pb2.TriageKind.Name(request.kind).removeprefix("TRIAGE_KIND_").lower())
    if request.complaint_id:
        where.add("complaint_id = {}", require_uuid("complaint_id", request.complaint_id))
    return where


def referral_conditions(request: pb.ListReferralsRequest, scope: Scope, today: date) -> Conditions:
    """Return which referrals are meant, pages aside."""
    where = Conditions(scope, SIGHT)
    if request.unit_body_id:
        where.add("unit_body_id = {}", request.unit_body_id)
    if request.ministry_id:
        where.add("ministry_id = {}", request.ministry_id)
    if request.complaint_id:
        where.add("complaint_id = {}", require_uuid("complaint_id", request.complaint_id))
    if request.states:
        where.add("state = ANY({}::text[])", _states(request.states))
    if request.overdue_only:
        where.add("due_on < {} AND state IN ('sent', 'acknowledged', 'accepted')", today)
    return where


def backtest_conditions(request: history_pb.ListBacktestsRequest, page: Page) -> Conditions:
    """Return which back-tests are meant, behind the last one seen."""
    where = Conditions(Scope(national=True), {})
    if request.ministry_id:
        where.add("ministry_id = {}", request.ministry_id)
    if page.after:
        at, backtest_id = page.after
        where.add("(started_at, backtest_id) < ({}, {})", _moment(at), require_uuid("page_token", backtest_id))
    return where


def _states(states: Sequence["referral_pb2.ReferralState.ValueType"]) -> list[str]:
    known = [require_enum("states", referral_pb2.ReferralState, state) for state in states]
    return [referral_pb2.ReferralState.Name(s).removeprefix("REFERRAL_STATE_").lower() for s in known]  # type: ignore[arg-type]


def after_item(where: Conditions, page: Page) -> None:
    """Go on behind the last item seen."""
    if page.after:
        where.add(
            "(created_at, triage_id) > ({}, {})", _moment(page.after[0]), require_uuid("page_token", page.after[1])
        )


def after_referral(where: Conditions, page: Page) -> None:
    """Go on behind the last referral seen."""
    if page.after:
        priority, day, referral_id = page.after
        where.add(
            "(-priority, due_on, referral_id) > ({}, {}, {})",
            -_whole(priority),
            _moment(day).date(),
            require_uuid("page_token", referral_id),
        )


def behind_referral(page: Page, last: Referral) -> str:
    """Name the place behind the last referral shown."""
    return page.token(str(int(last.priority)), last.due_on.isoformat(), last.referral_id)


def _whole(text: str) -> int:
    if not text.isdecimal() or len(text) > 1:
        raise PageInvalid(most=200)
    return int(text)


def place(at: str, thing_id: str) -> tuple[datetime, str]:
    """Read where a page of things in time ended."""
    return _moment(at), require_uuid("page_token", thing_id)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise PageInvalid(most=200) from None
