"""What a person typed: kept verbatim, refused only where it cannot be kept or is too much."""

import unicodedata
from typing import ClassVar

from services.chassis.refusals import Invalid

TEXT_LIMIT = 20_000


class TextEmpty(Invalid):
    """The field {field} is empty; write what you want to say."""

    ar: ClassVar[str] = "الخانة {field} فارغة؛ اكتب ما تريد قوله."
    fr: ClassVar[str] = "Le champ {field} est vide ; écrivez ce que vous voulez dire."


class TextTooLong(Invalid):
    """The field {field} has {length} characters, more than the {limit} allowed; shorten it or attach the rest."""

    ar: ClassVar[str] = "في الخانة {field} عدد {length} حرفا والحد الأقصى {limit}؛ اختصر النص."
    fr: ClassVar[str] = "Le champ {field} compte {length} caractères, le maximum est {limit} ; raccourcissez le texte."


class TextHasNul(Invalid):
    """The field {field} holds a null character at position {position}; remove it and send again."""

    ar: ClassVar[str] = "في الخانة {field} حرف معدوم في الموضع {position}؛ احذفه ثم أعد الإرسال."
    fr: ClassVar[str] = (
        "Le champ {field} contient un caractère nul à la position {position} ; supprimez-le puis renvoyez."
    )


class TextNotUnicode(Invalid):
    """The field {field} holds half of a character at position {position}; type that character again."""

    ar: ClassVar[str] = "في الخانة {field} نصف حرف في الموضع {position}؛ اكتب ذلك الحرف من جديد."
    fr: ClassVar[str] = (
        "Le champ {field} contient une moitié de caractère à la position {position} ; retapez ce caractère."
    )


def admit(field: str, text: str, *, limit: int = TEXT_LIMIT, required: bool = True) -> bytes:
    """Return the text as UTF-8, exactly as typed, or refuse it."""
    if len(text) > limit:
        raise TextTooLong(field=field, length=len(text), limit=limit)
    if required and (not text or not text.strip() or all(map(_invisible, text))):
        raise TextEmpty(field=field)
    if (position := text.find("\0")) >= 0:
        raise TextHasNul(field=field, position=position + 1)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise TextNotUnicode(field=field, position=error.start + 1) from None


def _invisible(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in {"Cf", "Cc"}


def ascii_digits(text: str) -> str:
    """Write every decimal digit of any script in ASCII and drop marks that have no width."""
    return "".join(_plain(char) for char in text)


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    return "" if category in {"Cf", "Mn"} else char
