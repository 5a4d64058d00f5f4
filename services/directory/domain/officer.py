"""Officers and client services: their names, their sessions, and how often a password may be tried."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.chassis.refusals import Exhausted, Invalid, Unauthenticated
from services.directory.domain.appointment import TITLES, Appointment

SESSION = timedelta(hours=8)
TRIES = 5
TRIES_WITHIN = timedelta(minutes=15)
CLIENT_DAYS = 90
LONGEST_CLIENT_DAYS = 366
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,126}[a-z0-9]")
CLIENT = re.compile(r"[a-z0-9]([a-z0-9.]{0,61}[a-z0-9])?")


class SignInRefused(Unauthenticated):
    """The name or the password is wrong."""

    ar = "الاسم أو كلمة السر غير صحيحة."
    fr = "Le nom ou le mot de passe est incorrect."
    field = "password"


class SignInThrottled(Exhausted):
    """Too many attempts with this name; try again in {minutes} minutes."""

    ar = "محاولات كثيرة بهذا الاسم؛ أعد المحاولة بعد {minutes} دقيقة."
    fr = "Trop de tentatives avec ce nom ; réessayez dans {minutes} minutes."
    field = "username"


class OfficerClosed(Unauthenticated):
    """This account is closed or has no appointment; ask your administrator."""

    ar = "هذا الحساب مغلق أو بلا تعيين؛ اتصل بالمشرف."
    fr = "Ce compte est fermé ou sans nomination ; adressez-vous à votre administrateur."


class UsernameInvalid(Invalid):
    """A name for signing in has 3 to 128 lower-case letters, digits, dots, dashes or underscores."""

    ar = "يتكوّن اسم الدخول من 3 إلى 128 حرفا لاتينيا صغيرا أو رقما أو نقطة أو شرطة."
    fr = "Un nom de connexion compte 3 à 128 lettres minuscules, chiffres, points, tirets ou tirets bas."
    field = "username"


class DisplayNameInvalid(Invalid):
    """A name shown on acts has at most 200 letters and no control characters."""

    ar = "لا يتجاوز الاسم الظاهر على الوثائق 200 حرف، ولا يضم رموز تحكم."
    fr = "Un nom affiché sur les actes compte au plus 200 lettres, sans caractère de contrôle."
    field = "display_name"


class ClientNameInvalid(Invalid):
    """A client's name has 1 to 63 lower-case letters, digits and dots, for example app.mobile."""

    ar = "يتكوّن اسم الخدمة من 1 إلى 63 حرفا لاتينيا صغيرا أو رقما أو نقطة، مثلا app.mobile."
    fr = "Le nom d'un service client compte 1 à 63 lettres minuscules, chiffres et points, par exemple app.mobile."
    field = "client"


class TokenDaysInvalid(Invalid):
    """A client's token is valid for 1 to {longest} days, not {days}."""

    ar = "صلاحية رمز الخدمة من 1 إلى {longest} يوما، لا {days}."
    fr = "Le jeton d'un service client est valable de 1 à {longest} jours, pas {days}."
    field = "days"


@dataclass(frozen=True, kw_only=True, slots=True)
class Officer:
    """A person who works with registers or letters."""

    officer_id: str
    username: str
    display_name: str
    appointments: tuple[Appointment, ...] = ()
    active: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Tries:
    """How often a password was tried for a name, in a window of time."""

    count: int
    window_ends_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """Who may act, as what, until when; a token says it with a signature."""

    subject: str
    appointments: tuple[Appointment, ...]
    begins_at: datetime
    ends_at: datetime


def folded(username: str) -> str:
    """Return the name as it is kept; empty where nobody can have it."""
    name = username.strip().lower()
    return name if USERNAME.fullmatch(name) else ""


def named(username: str, *, appointment: Appointment) -> str:
    """Return a new officer's name: the wish, or one made from role and scope."""
    if username.strip():
        if not (name := folded(username)):
            raise UsernameInvalid
        return name
    role = appointment.role.replace("_", "-")
    place = appointment.place.removeprefix("wilaya-").replace("/", "-")
    return f"{role}.{place}" if place else role


def titled(display_name: str, *, appointment: Appointment, place: str) -> str:
    """Return the name shown on acts: the wish, or one made from role and place."""
    if len(display_name) > 200 or not display_name.isprintable():
        raise DisplayNameInvalid
    if display_name.strip():
        return display_name.strip()
    title = TITLES[appointment.role]
    return f"{title}، {place}" if place else title


def refuse_throttled(tries: Tries, *, now: datetime) -> None:
    """Refuse one try more than allowed within the window."""
    if tries.count > TRIES:
        seconds = max(0.0, (tries.window_ends_at - now).total_seconds())
        raise SignInThrottled(minutes=int(seconds // 60) + 1)


def refuse_client(client: str, *, days: int) -> None:
    """Refuse a client's name or a number of days that cannot be."""
    if not CLIENT.fullmatch(client):
        raise ClientNameInvalid
    if not 1 <= days <= LONGEST_CLIENT_DAYS:
        raise TokenDaysInvalid(days=days, longest=LONGEST_CLIENT_DAYS)


def session(officer: Officer, *, now: datetime) -> Session:
    """Open an officer's session; refuse where nothing may be done in it."""
    if not officer.active or not officer.appointments:
        raise OfficerClosed
    return Session(
        subject=f"officer:{officer.officer_id}",
        appointments=officer.appointments,
        begins_at=now,
        ends_at=now + SESSION,
    )
