"""What others say about a matter: codes and dates of the complaint, and the ground of the decision."""

from dataclasses import dataclass
from datetime import date

from services.correspondence.domain.body import Name


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Why a body is competent, and how many working days it has."""

    because: Name
    working_days: int


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Codes and dates of a complaint, without a word of its text."""

    number: str
    kind: str
    received_on: date
    topic_code: str
    commune_id: str
    wilaya_id: str
    ended: bool
    sample: bool
