"""Bodies and places as letters name them: this service's read copy of the directory."""

from dataclasses import dataclass

MEDIATOR, DELEGATION, MINISTRY = "MEDIATOR", "DELEGATION", "MINISTRY"


@dataclass(frozen=True, kw_only=True)
class Name:
    """A name in both languages."""

    ar: str = ""
    fr: str = ""

    def in_language(self, language: str) -> str:
        """Give the name in the language, or in the other where that is missing."""
        return (self.fr or self.ar) if language == "fr" else (self.ar or self.fr)


@dataclass(frozen=True, kw_only=True)
class Body:
    """One administration or authority."""

    body_id: str
    kind: str
    name: Name
    ministry_id: str = ""
    wilaya_id: str = ""
    label: str = "00"


def copies(recipient: Body) -> tuple[str, ...]:
    """Say who has a copy of what is sent to a body: its ministry, where that is another."""
    ministry = recipient.ministry_id
    return (ministry,) if ministry and ministry != recipient.body_id else ()
