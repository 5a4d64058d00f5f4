"""Remembers officers, their appointments and the passwords tried, and which client services hold a token."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.chassis.database import Connection, Row
from services.directory.domain.appointment import Appointment, Role
from services.directory.domain.officer import TRIES_WITHIN, Officer, Session, Tries

OFFICER = """
    SELECT officer_id, username, display_name, password_hash, active,
           array(SELECT role FROM appointment a WHERE a.officer_id = o.officer_id AND ends_at IS NULL
                 ORDER BY role, scope) AS roles,
           array(SELECT scope FROM appointment a WHERE a.officer_id = o.officer_id AND ends_at IS NULL
                 ORDER BY role, scope) AS scopes
    FROM officer o
"""
VISIBLE = """
    (cardinality($4::text[]) = 0
     OR EXISTS (SELECT FROM appointment a LEFT JOIN body b ON a.scope = 'body:' || b.body_id
                WHERE a.officer_id = o.officer_id AND a.ends_at IS NULL
                AND (a.scope = ANY ($4) OR 'wilaya:' || b.wilaya_id = ANY ($4))))
"""


FORGET_OLD = """
    DELETE FROM tries WHERE name_digest IN (
        SELECT name_digest FROM tries WHERE window_ends_at < $1 AND name_digest <> $2 LIMIT 100 FOR UPDATE SKIP LOCKED)
"""


@dataclass(frozen=True, kw_only=True)
class OfficerFilter:
    """Which officers are asked for; empty means any."""

    role: str = ""
    scope: str = ""
    officer_ids: Sequence[str] = ()
    within: Sequence[str] = ()


class Officers:
    """The persons who work with registers or letters."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def get(self, officer_id: str) -> Officer | None:
        """Return the officer of that id."""
        row = await self._connection.fetchrow(f"{OFFICER} WHERE officer_id = $1", officer_id)
        return _officer(row) if row else None

    async def named(self, username: str) -> tuple[Officer, str] | None:
        """Return the officer of that name and the hash of the password."""
        row = await self._connection.fetchrow(f"{OFFICER} WHERE username = $1", username)
        return (_officer(row), row["password_hash"]) if row else None

    async def has_new_password(self, officer_id: str, *, since: datetime) -> bool:
        """Tell whether the password was set anew after a moment that is known to the second."""
        changed = await self._connection.fetchval(
            "SELECT date_trunc('second', password_at) > $2 FROM officer WHERE officer_id = $1", officer_id, since
        )
        return changed is True

    async def enter(self, officer: Officer, *, password_hash: str, now: datetime) -> Officer:
        """Enter the officer, or reset the one of that name; earlier appointments that are not renewed end."""
        officer_id = await self._connection.fetchval(
            "INSERT INTO officer (officer_id, username, display_name, password_hash, active, created_at, password_at)"
            " VALUES ($1, $2, $3, $4, true, $5, $5) ON CONFLICT (username) DO UPDATE SET display_name = $3,"
            " password_hash = $4, active = true, password_at = $5 RETURNING officer_id",
            officer.officer_id, officer.username, officer.display_name, password_hash, now,
        )  # fmt: skip
        await self._appoint(str(officer_id), officer.appointments, now)
        entered = await self.get(str(officer_id))
        assert entered is not None
        return entered

    async def _appoint(self, officer_id: str, appointments: Sequence[Appointment], now: datetime) -> None:
        roles, scopes = [str(each.role) for each in appointments], [each.scope for each in appointments]
        await self._connection.execute(
            "UPDATE appointment SET ends_at = $4 WHERE officer_id = $1 AND ends_at IS NULL"
            " AND (role, scope) NOT IN (SELECT * FROM unnest($2::text[], $3::text[]))",
            officer_id, roles, scopes, now,
        )  # fmt: skip
        await self._connection.execute(
            "INSERT INTO appointment (officer_id, role, scope, begins_at)"
            " SELECT $1, role, scope, $4 FROM unnest($2::text[], $3::text[]) AS wanted (role, scope)"
            " ON CONFLICT (officer_id, role, scope) WHERE ends_at IS NULL DO NOTHING",
            officer_id, roles, scopes, now,
        )  # fmt: skip

    async def listed(self, wanted: OfficerFilter) -> list[Officer]:
        """List officers by name."""
        rows = await self._connection.fetch(
            f"{OFFICER} WHERE {VISIBLE}"
            " AND (cardinality($3::uuid[]) = 0 OR officer_id = ANY ($3))"
            " AND (($1 = '' AND $2 = '') OR EXISTS (SELECT FROM appointment a WHERE a.officer_id = o.officer_id"
            "      AND a.ends_at IS NULL AND $1 IN ('', a.role) AND $2 IN ('', a.scope)))"
            " ORDER BY display_name, username LIMIT 2000",
            wanted.role, wanted.scope, list(wanted.officer_ids), list(wanted.within),
        )  # fmt: skip
        return [_officer(row) for row in rows]


class Gate:
    """How often a password was tried for each name; for names that nobody has just as well."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def count(self, username: str, *, now: datetime) -> Tries:
        """Count one try more, before the password is looked at, so that tries at the same moment count too."""
        await self._connection.execute(FORGET_OLD, now, _digest(username))
        row = await self._connection.fetchrow(
            "INSERT INTO tries AS t VALUES ($1, 1, $3) ON CONFLICT (name_digest) DO UPDATE SET"
            " count = CASE WHEN t.window_ends_at <= $2 THEN 1 ELSE t.count + 1 END,"
            " window_ends_at = CASE WHEN t.window_ends_at <= $2 THEN $3 ELSE t.window_ends_at END"
            " RETURNING count, window_ends_at",
            _digest(username), now, now + TRIES_WITHIN,
        )  # fmt: skip
        assert row is not None
        return Tries(count=row["count"], window_ends_at=row["window_ends_at"])

    async def forget(self, username: str) -> None:
        """Forget the tries of a name, because the right password came."""
        await self._connection.execute("DELETE FROM tries WHERE name_digest = $1", _digest(username))


class ClientTokens:
    """Which client services hold a token."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def note(self, token_id: str, *, client: str, session: Session) -> None:
        """Note that a token was issued."""
        await self._connection.execute(
            "INSERT INTO client_token (token_id, client, appointments, issued_at, ends_at) VALUES ($1, $2, $3, $4, $5)",
            token_id, client, [[str(each.role), each.scope] for each in session.appointments],
            session.begins_at, session.ends_at,
        )  # fmt: skip


def _officer(row: "Row") -> Officer:
    pairs = zip(row["roles"], row["scopes"], strict=True)
    return Officer(
        officer_id=row["officer_id"],
        username=row["username"],
        display_name=row["display_name"],
        appointments=tuple(Appointment(role=Role(role), scope=scope) for role, scope in pairs),
        active=row["active"],
    )


def _digest(username: str) -> bytes:
    return hashlib.sha256(username.strip().lower().encode()).digest()
