"""What ministries' rules advise, made ready to be shown."""

import json

import grpc
from diwan.correspondence.v1.letter_pb2 import LetterKind
from diwan.routing.v1.advice_pb2 import Review
from diwan.routing.v1.advice_service_pb2 import ConsultLetterRequest, ConsultLetterResponse, GetReviewRequest

from services.portal.neighbours import House


async def review_of(house: House, complaint_id: str) -> Review | None:
    """Fetch the latest review of a complaint; none until the rules were asked."""
    found = await house.advice.GetReview(GetReviewRequest(complaint_id=complaint_id))
    return found.review if found.HasField("review") else None


async def wishes_for_reply(house: House, decision_id: str) -> ConsultLetterResponse | None:
    """Ask what a unit's rules want of its reply; a page does not fail where they cannot be asked."""
    asked = ConsultLetterRequest(decision_id=decision_id, kind=LetterKind.LETTER_KIND_FINAL_REPLY)
    try:
        wishes = await house.advice.ConsultLetter(asked)
    except grpc.aio.AioRpcError:
        return None
    return wishes if wishes.template or wishes.signatory_role else None


def read_facts(review: Review | None) -> list[tuple[str, str]]:
    """Return the facts that rules read out of the text, as people read them."""
    return [(fact.name, _shown(json.loads(fact.value_json))) for fact in review.facts] if review else []


def speakers(review: Review | None) -> list[str]:
    """Return the ministries that a review mentions."""
    if review is None:
        return []
    found = {each.ministry_id for each in review.findings}
    found |= {each.ministry_id for each in review.documents} | {each.ministry_id for each in review.categories}
    return sorted({review.ministry_id, *found} - {""})


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "✓" if value else "✗"
    return " · ".join(map(str, value)) if isinstance(value, list) else str(value)
