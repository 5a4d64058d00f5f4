"""The closed lists of the contract and of the domain, word by word; how moments are written."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from diwan.correspondence.v1 import letter_pb2
from diwan.intake.v1 import complaint_pb2, register_pb2
from diwan.routing.v1 import referral_pb2
from google.protobuf.timestamp_pb2 import Timestamp

from services.chassis.checks import require_enum
from services.chassis.refusals import EnumUnknown
from services.intake.domain.complaint import ClosureReason, ReplyGrade, State
from services.intake.domain.filing import (
    Channel,
    ComplaintKind,
    Identity,
)
from services.intake.domain.referral import ReferralState
from services.intake.domain.register import RegisterKind, RegisterState

Word = TypeVar("Word", bound=StrEnum)


class Vocabulary(Generic[Word]):
    """The same list of words in the contract and in the domain."""

    def __init__(self, enum: Any, words: type[Word]) -> None:
        self._enum = enum
        prefix = enum.DESCRIPTOR.values[0].name.removesuffix("UNSPECIFIED")
        names = {prefix + word.name: word for word in words}
        self._words = {number: names[name] for name, number in enum.items() if name in names}
        self._numbers: dict[Word, Any] = {word: number for number, word in self._words.items()}

    def read(self, field: str, number: int) -> Word:
        """Return the domain's word, or refuse an absent or unknown one."""
        if (word := self._words.get(number)) is None:
            require_enum(field, self._enum, number)
            raise EnumUnknown(field=field, value=number)
        return word

    def write(self, word: Word | None) -> Any:
        """Return the contract's number; that of none is unspecified."""
        return self._numbers[word] if word else 0

    def read_all(self, field: str, numbers: Iterable[int]) -> list[Word]:
        """Return the domain's words."""
        return [self.read(field, number) for number in numbers]


CHANNELS = Vocabulary(complaint_pb2.Channel, Channel)
KINDS = Vocabulary(complaint_pb2.ComplaintKind, ComplaintKind)
IDENTITIES = Vocabulary(complaint_pb2.Identity, Identity)
STATES = Vocabulary(complaint_pb2.ComplaintState, State)
CLOSURES = Vocabulary(complaint_pb2.ClosureReason, ClosureReason)
GRADES = Vocabulary(complaint_pb2.ReplyGrade, ReplyGrade)
REFERRALS = Vocabulary(referral_pb2.ReferralState, ReferralState)
LETTER_GRADES = Vocabulary(letter_pb2.ReplyGrade, ReplyGrade)
REGISTER_STATES = Vocabulary(register_pb2.RegisterState, RegisterState)
REGISTER_KINDS = Vocabulary(register_pb2.RegisterKind, RegisterKind)


def timestamp(at: datetime) -> Timestamp:
    """Write a moment."""
    seconds = int(at.timestamp())
    return Timestamp(seconds=seconds, nanos=at.microsecond * 1000)
