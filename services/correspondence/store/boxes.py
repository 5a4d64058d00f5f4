"""Writes the conditions under which letters lie in a box on somebody's desk, as SQL with parameters."""

from services.correspondence.domain.desk import BOTH, INBOX, OUTBOX, Desk, Question
from services.correspondence.domain.letter import SENT

ARRIVED = "state IN ({})".format(", ".join(f"'{state}'" for state in sorted(SENT)))
FROM = "sender_id = ANY({0}::text[])"
TO = f"(recipient_id = ANY({{0}}::text[]) OR copy_ids && {{0}}::text[]) AND {ARRIVED}"
SIDES = {INBOX: TO, OUTBOX: FROM, BOTH: f"{FROM} OR {TO}"}
OF_REGISTER = f"complaint_number LIKE ANY({{1}}::text[]) AND {ARRIVED}"


class Condition:
    """Parts that all must hold, and their arguments."""

    def __init__(self) -> None:
        self.arguments: list[object] = []
        self._parts: list[str] = []

    @property
    def sql(self) -> str:
        """Write the condition."""
        return " AND ".join(f"({part})" for part in self._parts) or "TRUE"

    def add(self, part: str, *arguments: object) -> None:
        """Add a part in which {0}, {1} stand for its arguments."""
        places = [f"${len(self.arguments) + place}" for place in range(1, len(arguments) + 1)]
        self.arguments += arguments
        self._parts.append(part.format(*places))


def asked(desk: Desk, question: Question) -> Condition:
    """Join what is asked with what may be seen: own letters in any state, others' once they have arrived."""
    condition, own = Condition(), sorted(desk.reads)
    if not desk.everything:
        condition.add(f"{SIDES[BOTH]} OR {OF_REGISTER}", own, [f"{register}/%" for register in sorted(desk.registers)])
    if question.body_id or (question.box and not desk.everything):
        condition.add(SIDES[question.box], [question.body_id] if question.body_id else own)
    if question.complaint_id:
        condition.add("complaint_id = {0}", question.complaint_id)
    if question.states:
        condition.add("state = ANY({0}::text[])", list(question.states))
    if question.kinds:
        condition.add("kind = ANY({0}::text[])", list(question.kinds))
    return condition
