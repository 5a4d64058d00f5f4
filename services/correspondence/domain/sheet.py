"""The sheet of a signed letter: every line that is printed, fixed at the moment of signing."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.correspondence.domain.body import DELEGATION, MEDIATOR, Body, Name
from services.correspondence.domain.letter import Kind, Letter
from services.correspondence.domain.wording import written

DIGEST_SHOWN = 16
PARAGRAPH_MOST = 2_000
WORD_MOST = 100
MARKS_MOST = 8
Sheet = Mapping[str, str | list[str]]


@dataclass(frozen=True, kw_only=True)
class Parties:
    """Who is named on a letter."""

    sender: Body
    recipient: Body
    copies: Sequence[Body] = ()
    sender_ministry: Body | None = None
    recipient_ministry: Body | None = None
    place: Name | None = None


def sheet(letter: Letter, parties: Parties, *, recalled: Letter | None) -> Sheet:
    """Lay out a signed letter; `recalled` is the letter that it answers or recalls."""
    language, label = letter.language, LABELS[letter.language]
    signed_on = written(letter.signed_on) if letter.signed_on else ""
    return {
        "language": language,
        "title": f"{letter.subject} ({letter.number})",
        "republic": label["republic"],
        "office": _office(parties, language),
        "number": letter.number,
        "number_label": label["number"],
        "place": _place(parties, language),
        "date": signed_on,
        "date_label": label["on"],
        "recipient_label": label["to"],
        "recipient": _addressed(parties.recipient, parties.recipient_ministry, language),
        "copies_label": label["copies"],
        "copies": [body.name.in_language(language) for body in parties.copies],
        "subject_label": label["subject"],
        "subject": letter.subject,
        "reference_label": label["reference"],
        "references": _references(letter, recalled, language),
        "due_label": label["due"],
        "due": written(letter.due_on) if letter.due_on else "",
        "paragraphs": paragraphs(letter.body),
        "signed_for": _signed_for(parties.sender, language),
        "signatory": letter.signatory_name,
        "signature": label["signature"],
        "qr_alt": label["qr"].format(number=letter.number),
        "digest_label": label["digest"],
        "page": label["page"],
        "sample": label["sample"] if letter.sample else "",
    }


def paragraphs(body: str) -> list[str]:
    """Part a text into paragraphs that a page can hold: no endless word, no tower of marks, none too long to be set."""
    found: list[str] = []
    for each in body.replace("\r", "").split("\n\n"):
        rest = re.sub(rf"\S{{{WORD_MOST}}}", "\\g<0>\u200b", _without_towers(each.strip()))
        while len(rest) > PARAGRAPH_MOST:
            cut = max(rest.rfind(" ", 1, PARAGRAPH_MOST), rest.rfind("\n", 1, PARAGRAPH_MOST))
            cut = cut if cut > 0 else PARAGRAPH_MOST
            found.append(rest[:cut].strip())
            rest = rest[cut:].strip()
        found.append(rest)
    return [each for each in found if each]


def _without_towers(text: str) -> str:
    """Leave out marks beyond those that a letter can carry; each costs the press as much as all before it."""
    kept, marks = [], 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= MARKS_MOST:
            kept.append(sign)
    return "".join(kept)


def digest(lines: Sheet) -> str:
    """Condense a sheet; printed on the letter, so that paper can be held against the file."""
    return hashlib.sha256(json.dumps(lines, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:DIGEST_SHOWN]


def _office(parties: Parties, language: str) -> list[str]:
    own = parties.sender.name.in_language(language)
    if parties.sender.kind in {MEDIATOR, DELEGATION}:
        head = LABELS[language]["mediator"]
    else:
        head = parties.sender_ministry.name.in_language(language) if parties.sender_ministry else ""
    return [head, own] if head and head != own else [own]


def _addressed(recipient: Body, ministry: Body | None, language: str) -> list[str]:
    lines = [recipient.name.in_language(language)]
    return (
        [*lines, ministry.name.in_language(language)] if ministry and ministry.body_id != recipient.body_id else lines
    )


def _place(parties: Parties, language: str) -> str:
    return parties.place.in_language(language) if parties.place else LABELS[language]["capital"]


def _references(letter: Letter, recalled: Letter | None, language: str) -> list[str]:
    label, lines = LABELS[language], []
    if recalled and recalled.signed_on:
        template = (
            label["their_letter"] if letter.kind in {Kind.FINAL_REPLY, Kind.INTERIM_REPLY} else label["our_letter"]
        )
        lines.append(template.format(number=recalled.number, day=written(recalled.signed_on)))
    if letter.complaint_number:
        lines.append(label["file"].format(number=letter.complaint_number))
    return lines


def _signed_for(sender: Body, language: str) -> str:
    label = LABELS[language]
    if sender.kind == DELEGATION:
        return label["delegate"]
    return label["for"].format(body=sender.name.in_language(language))


LABELS: Mapping[str, Mapping[str, str]] = {
    "ar": {
        "republic": "الجمهورية الجزائرية الديمقراطية الشعبية",
        "mediator": "وسيط الجمهورية",
        "number": "الرقم",
        "on": "في",
        "capital": "الجزائر",
        "to": "إلى",
        "copies": "نسخة إلى",
        "subject": "الموضوع",
        "reference": "المرجع",
        "due": "آخر أجل للردّ",
        "their_letter": "مراسلتكم رقم {number} المؤرخة في {day}",
        "our_letter": "مراسلتنا رقم {number} المؤرخة في {day}",
        "file": "الملف رقم {number}",
        "delegate": "المندوب المحلي لوسيط الجمهورية",
        "for": "عن {body}",
        "signature": "وُقّعت هذه المراسلة ورُقّمت في منصة ديوان",
        "qr": "رمز الاستجابة السريعة: رقم المراسلة {number} وبصمتها",
        "digest": "البصمة",
        "page": "صفحة",
        "sample": "عيّنة للعرض، لا أثر لها",
    },
    "fr": {
        "republic": "République algérienne démocratique et populaire",
        "mediator": "Médiateur de la République",
        "number": "N°",
        "on": "le",
        "capital": "Alger",
        "to": "À",
        "copies": "Copie à",
        "subject": "Objet",
        "reference": "Référence",
        "due": "Échéance",
        "their_letter": "votre lettre n° {number} du {day}",
        "our_letter": "notre lettre n° {number} du {day}",
        "file": "dossier n° {number}",
        "delegate": "Le délégué local du Médiateur de la République",
        "for": "Pour : {body}",
        "signature": "Lettre signée et numérotée dans la plateforme Diwan",
        "qr": "Code QR : numéro {number} de la lettre et son empreinte",
        "digest": "Empreinte",
        "page": "Page",
        "sample": "Spécimen de démonstration, sans effet",
    },
}
