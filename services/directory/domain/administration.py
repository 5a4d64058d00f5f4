"""Administrations of an operator's list: what a row needs to become a body, and why it may be refused."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from services.chassis.refusals import Invalid, Refusal
from services.directory.domain.body import Body, BodyKind
from services.directory.domain.territory import Territory


class AdministrationUnnamed(Invalid):
    """The row {key} has no usable name; give one of 2 to 300 letters in Arabic or French."""

    ar = "السطر {key} بلا اسم صالح؛ أعطه اسما من 2 إلى 300 حرف بالعربية أو الفرنسية."
    fr = "La ligne {key} n'a pas de nom utilisable ; donnez-en un de 2 à 300 lettres, en arabe ou en français."
    field = "name_ar"


class AdministrationKeyInvalid(Invalid):
    """Each row needs a key of 1 to 120 printable characters, and the list a name."""

    ar = "يلزم كل سطر مفتاح من 1 إلى 120 رمزا، ويلزم القائمة اسم."
    fr = "Chaque ligne demande une clé de 1 à 120 caractères, et la liste un nom."
    field = "key"


class WilayaUnknown(Invalid):
    """There is no wilaya {wilaya}; use its two digits, 01 to 69."""

    ar = "لا توجد ولاية رقمها {wilaya}؛ استعمل رقمين من 01 إلى 69."
    fr = "Il n'y a pas de wilaya {wilaya} ; utilisez ses deux chiffres, de 01 à 69."
    field = "wilaya_label"


class CommuneCodeUnknown(Invalid):
    """There is no commune {commune}; use its four-digit ONS code, or leave it empty."""

    ar = "لا توجد بلدية رمزها {commune}؛ استعمل رمزها ذا الأرقام الأربعة أو اتركه فارغا."
    fr = "Il n'y a pas de commune {commune} ; utilisez son code ONS à quatre chiffres ou laissez vide."
    field = "commune_code"


class CommuneElsewhere(Invalid):
    """The commune {commune} has never lain in wilaya {wilaya}; mend one of the two."""

    ar = "لم تكن البلدية {commune} قط في الولاية {wilaya}؛ صحّح أحدهما."
    fr = "La commune {commune} n'a jamais fait partie de la wilaya {wilaya} ; corrigez l'une des deux."
    field = "commune_code"


class MinistryUnknown(Invalid):
    """There is no ministry {ministry}; use its id, for example msan."""

    ar = "لا توجد وزارة معرّفها {ministry}؛ استعمل معرّفا مثل msan."
    fr = "Il n'y a pas de ministère {ministry} ; utilisez son identifiant, par exemple msan."
    field = "ministry_id"


class AdministrationKnown(Invalid):
    """The row {key} is {body_id}, which the directory has from the reference data; leave it out."""

    ar = "السطر {key} هو {body_id} الموجود في الدليل من المعطيات المرجعية؛ احذفه من القائمة."
    fr = "La ligne {key} est {body_id}, que l'annuaire tient déjà des données de référence ; retirez-la."
    field = "service_code"


class ServiceCodeInvalid(Invalid):
    """The kind {service} is not usable; it has at most 60 letters, digits or spaces."""

    ar = "النوع {service} غير صالح؛ لا يتجاوز 60 حرفا أو رقما أو فراغا."
    fr = "Le type {service} est inutilisable ; il compte au plus 60 lettres, chiffres ou espaces."
    field = "service_code"


class ListTooLong(Invalid):
    """A request holds at most {most} rows; send the list in parts."""

    ar = "لا يحمل الطلب أكثر من {most} سطرا؛ أرسل القائمة على أجزاء."
    fr = "Une demande porte au plus {most} lignes ; envoyez la liste par parties."
    field = "rows"


@dataclass(frozen=True, kw_only=True, slots=True)
class Administration:
    """One row of an operator's list."""

    key: str
    name_ar: str = ""
    name_fr: str = ""
    wilaya_label: str = ""
    commune_code: str = ""
    ministry_id: str = ""
    service_code: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """What rows are held against: the map of today by label, earlier wilayas, ministries, directorates that are known."""

    wilayas: Mapping[str, Territory]
    communes: Mapping[str, Territory]
    wilaya_ids_ever: Mapping[str, frozenset[str]]
    ministry_ids: frozenset[str]
    directorate_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """A row that was not taken, and why."""

    key: str
    refusal: Refusal


def body_id_of(source: str, key: str) -> str:
    """Return the permanent id of a row of a list: the same row always has the same."""
    if re.fullmatch(r"[a-z0-9_]{1,40}", source) and re.fullmatch(r"[a-z0-9_.-]{1,60}", key):
        return f"unit-{source}-{key}"
    digest = hashlib.sha256(f"{source}\0{key}".encode()).hexdigest()
    plain = re.sub(r"[^a-z0-9]+", "-", f"{source}-{key}".lower())[:60].strip("-")
    return "-".join(part for part in ("unit", plain, digest[:12]) if part)


def entered(row: Administration, *, source: str, places: Places) -> Body:
    """Make a body of a row, or refuse it."""
    name_ar, name_fr = _cleaned(row.name_ar), _cleaned(row.name_fr)
    _refuse_unreadable(row, source, (name_ar, name_fr))
    wilaya, territory = _located(row, places)
    if row.ministry_id not in places.ministry_ids:
        raise MinistryUnknown(ministry=row.ministry_id)
    if (known := f"{row.service_code.strip().lower()}-{wilaya.slug}") in places.directorate_ids:
        raise AdministrationKnown(key=row.key, body_id=known)
    return Body(
        body_id=body_id_of(source, row.key),
        kind=BodyKind.ESTABLISHMENT,
        ministry_id=row.ministry_id,
        parent_id=row.ministry_id,
        territory_id=territory.territory_id,
        wilaya_id=wilaya.territory_id,
        wilaya_label=wilaya.label,
        service_code=row.service_code.strip().upper(),
        name_ar=name_ar or name_fr,
        name_fr=name_fr or name_ar,
    )


def _cleaned(name: str) -> str:
    """Drop direction marks, which office programs leave in names and which turn them around on other pages."""
    return "".join(sign for sign in name if unicodedata.category(sign) != "Cf").strip()


def _refuse_unreadable(row: Administration, source: str, names: tuple[str, str]) -> None:
    if not (1 <= len(row.key) <= 120 and row.key.isprintable() and 1 <= len(source) <= 60 and source.isprintable()):
        raise AdministrationKeyInvalid
    if not any(names) or not all(name == "" or (2 <= len(name) <= 300 and name.isprintable()) for name in names):
        raise AdministrationUnnamed(key=row.key)
    if len(row.service_code) > 60 or not row.service_code.isprintable():
        raise ServiceCodeInvalid(service=row.service_code[:20])


def _located(row: Administration, places: Places) -> tuple[Territory, Territory]:
    stated = places.wilayas.get(row.wilaya_label)
    if stated is None and (row.wilaya_label or not row.commune_code):
        raise WilayaUnknown(wilaya=row.wilaya_label[:10])
    if not row.commune_code:
        assert stated is not None
        return stated, stated
    if (commune := places.communes.get(row.commune_code)) is None:
        raise CommuneCodeUnknown(commune=row.commune_code[:10])
    if stated and stated.territory_id not in places.wilaya_ids_ever[commune.territory_id]:
        raise CommuneElsewhere(commune=row.commune_code, wilaya=row.wilaya_label)
    by_id = {each.territory_id: each for each in places.wilayas.values()}
    return by_id[commune.wilaya_id], commune
