"""How many complaints may come at once."""

from typing import ClassVar

from services.chassis.refusals import Invalid

MOST = 200


class BatchSizeInvalid(Invalid):
    """The batch holds {size} complaints; send 1 to {most} at once."""

    ar: ClassVar[str] = "في الدفعة {size} شكوى؛ أرسل من 1 إلى {most} في المرة."
    fr: ClassVar[str] = "Le lot contient {size} doléances ; envoyez-en de 1 à {most} à la fois."
    field: ClassVar[str] = "requests"


def check_size(size: int) -> None:
    """Refuse an empty or too large batch."""
    if not 1 <= size <= MOST:
        raise BatchSizeInvalid(size=size, most=MOST)
