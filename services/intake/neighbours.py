"""What intake asks of other services; never inside a transaction."""

from diwan.correspondence.v1 import correspondence_service_pb2, correspondence_service_pb2_grpc

from services.chassis import client
from services.chassis.settings import Settings


class Correspondence:
    """The service that owns letters."""

    def __init__(self, settings: Settings) -> None:
        self._letters = correspondence_service_pb2_grpc.CorrespondenceServiceStub(
            client.connect(settings, "correspondence")
        )

    async def words_of(self, letter_id: str) -> str:
        """Return the text of a letter."""
        answer = await self._letters.GetLetter(correspondence_service_pb2.GetLetterRequest(letter_id=letter_id))
        return answer.letter.body
