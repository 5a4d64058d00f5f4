"""Signs what the directory vouches for: who acts, as what, until when."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.chassis.call import Actor, ActorKind, Appointment
from services.chassis.tokens import sign_actor
from services.directory.domain.officer import Session


def sign(key: Ed25519PrivateKey, session: Session) -> str:
    """Sign a session as a token for all services."""
    kind, _, name = session.subject.partition(":")
    appointments = tuple(Appointment(role=str(each.role), scope=each.scope) for each in session.appointments)
    actor = Actor(kind=ActorKind(kind), id=name, appointments=appointments)
    return sign_actor(key, actor, now=session.begins_at, lifetime=session.ends_at - session.begins_at)
