"""What a rule says when it says no: every refusal is a class beside its rule, under one of a few kinds."""

import re
from collections.abc import Mapping
from typing import ClassVar

LANGUAGES = ("ar", "fr", "en")
LONGEST_FACT = 200


class Refusal(Exception):
    """The request was refused."""

    reason: ClassVar[str] = "UNSPECIFIED"
    status: ClassVar[str] = "UNKNOWN"
    ar: ClassVar[str] = "رُفض الطلب."
    fr: ClassVar[str] = "La demande a été refusée."
    field: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        cls.reason = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).upper()

    def __init__(self, **facts: object) -> None:
        self.facts: Mapping[str, str] = {name: str(fact)[:LONGEST_FACT] for name, fact in facts.items()}
        super().__init__(self.message("en"))

    @property
    def where(self) -> str:
        """Name the request's field at fault, if one is."""
        return self.facts.get("field", self.field)

    def message(self, language: str) -> str:
        """Say it in Arabic, French or English."""
        template = {"ar": self.ar, "fr": self.fr}.get(language, type(self).__doc__ or self.reason)
        return template.format_map(_Facts(self.facts))


class _Facts(dict[str, str]):
    """Facts by name; one that was not given shows its name."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


class NotFound(Refusal):
    """It does not exist, or not for the one who asks."""

    status = "NOT_FOUND"


class Invalid(Refusal):
    """The request is wrong in itself."""

    status = "INVALID_ARGUMENT"


class Conflict(Refusal):
    """The request is right, but not in the present state."""

    status = "FAILED_PRECONDITION"


class Stale(Conflict):
    """The request builds on a state that is not the present one; read again and repeat."""

    status = "ABORTED"


class Forbidden(Refusal):
    """It is known who asks, and that one may not."""

    status = "PERMISSION_DENIED"


class Unauthenticated(Refusal):
    """It is not known who asks."""

    status = "UNAUTHENTICATED"


class Exhausted(Refusal):
    """Too much was asked in too short a time."""

    status = "RESOURCE_EXHAUSTED"


class Unavailable(Refusal):
    """It cannot be done now; the same request may succeed in a moment."""

    status = "UNAVAILABLE"


class EtagStale(Stale):
    """It was changed since you read it; read it again and repeat."""

    ar = "تغيّر منذ قراءته؛ اقرأه من جديد ثم أعد الطلب."
    fr = "L'élément a changé depuis votre lecture ; relisez-le puis recommencez."
    field = "etag"


class TooEarly(Stale):
    """The event builds on one that has not arrived yet; deliver it again later."""

    ar = "وصل الحدث قبل الذي يسبقه؛ يُعاد تسليمه لاحقا."
    fr = "L'événement précède celui dont il dépend ; il sera livré à nouveau."


class TryAgain(Unavailable):
    """The service cannot answer at this moment; try again."""

    ar = "الخدمة غير متاحة في هذه اللحظة؛ أعد المحاولة بعد قليل."
    fr = "Le service ne peut répondre à cet instant ; réessayez dans un moment."


class FieldInvalid(Invalid):
    """The field {field} is missing or cannot be accepted: {remedy}."""

    ar = "الحقل {field} ناقص أو غير مقبول: {remedy}."
    fr = "Le champ {field} manque ou ne peut être accepté : {remedy}."
    remedies: ClassVar[Mapping[str, tuple[str, str, str]]] = {
        "correct": ("صحّحه", "corrigez-le", "correct it"),
        "empty": ("املأه", "remplissez-le", "fill it in"),
        "long": (
            "اختصره إلى {limit} حرف على الأكثر",
            "réduisez-le à {limit} caractères",
            "shorten it to {limit} characters",
        ),
        "control": (
            "احذف منه الرموز غير المرئية",
            "retirez-en les caractères de contrôle",
            "remove its control characters",
        ),
        "uuid": ("اكتب معرّفا من نوع UUID", "donnez un UUID", "give a UUID"),
        "date": ("اكتب تاريخا صحيحا", "donnez une date valable", "give a valid date"),
        "unreadable": (
            "أعد ترميز الطلب حسب العقد",
            "encodez la demande selon le contrat",
            "encode the request as the contract says",
        ),
    }

    def __init__(self, *, field: str, problem: str = "correct", **facts: object) -> None:
        super().__init__(field=field, problem=problem, **facts)

    def message(self, language: str) -> str:
        """Say which field, and what to do about it."""
        ar, fr, en = self.remedies[self.facts["problem"]]
        remedy = {"ar": ar, "fr": fr}.get(language, en).format_map(self.facts)
        template = {"ar": self.ar, "fr": self.fr}.get(language, type(self).__doc__ or "")
        return template.format(field=self.facts["field"], remedy=remedy)


class EnumUnknown(Invalid):
    """The field {field} holds the value {value}, which is not known here; choose one of the contract."""

    ar = "الحقل {field} يحمل القيمة {value} وهي غير معروفة هنا؛ اختر قيمة من العقد."
    fr = "Le champ {field} contient la valeur {value}, inconnue ici ; choisissez-en une du contrat."


class PageInvalid(Invalid):
    """The page asked for is too large or its token is not ours: ask for at most {most} and pass the token on unchanged."""

    ar = "الصفحة المطلوبة كبيرة أو رمزها ليس منا: اطلب {most} على الأكثر وأعد الرمز كما هو."
    fr = "La page demandée est trop grande ou son jeton n'est pas le nôtre : demandez au plus {most} et rendez le jeton tel quel."
    field = "page_token"
