"""What a ministry's rules may add to a letter: a paragraph from its own template, and who signs; valid, or left out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.routing.domain.decision import Reason
from services.routing.domain.review import Finding, Severity

VARIABLE = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")
TITLES = {
    "minister": Reason(ar="الوزير", fr="Le ministre"),
    "secretary_general": Reason(ar="الأمين العام", fr="Le secrétaire général"),
    "inspector_general": Reason(ar="المفتش العام", fr="L'inspecteur général"),
    "director": Reason(ar="المدير", fr="Le directeur"),
    "unit_officer": Reason(ar="المكلّف بالعرائض", fr="Le chargé des requêtes"),
}
NOTHING = Reason(ar="", fr="")


@dataclass(frozen=True, kw_only=True)
class Template:
    """A letter that a ministry declared."""

    code: str
    kind: str
    body: Reason
    required: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the competent ministry's rules want of a letter, unchecked; empty where they have nothing to say."""

    ministry_id: str
    kind: str
    template: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    signatory: str = ""
    failures: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LetterAdvice:
    """What of it holds, and what the officer should know of the rest."""

    template: str = ""
    text: Reason = NOTHING
    signatory: str = ""
    title: Reason = NOTHING
    findings: tuple[Finding, ...] = ()


def checked(wanted: Wanted, declared: Iterable[Template]) -> LetterAdvice:
    """Keep what is valid; the core's own letter and signatory stand for the rest."""
    found, chosen = list(wanted.failures), None
    if wanted.template:
        chosen = next((each for each in declared if each.code == wanted.template and each.kind == wanted.kind), None)
        missing = [] if chosen is None else unfilled(chosen, wanted.variables)
        if chosen is None:
            found.append(_refused(wanted, "letter_context", NO_TEMPLATE, wanted.template))
        elif missing:
            found.append(_refused(wanted, "letter_context", NO_VARIABLE, ", ".join(missing)))
            chosen = None
    if wanted.signatory and wanted.signatory not in TITLES:
        found.append(_refused(wanted, "signatory", NO_ROLE, wanted.signatory))
    title = TITLES.get(wanted.signatory)
    return LetterAdvice(
        template=chosen.code if chosen else "",
        text=filled(chosen.body, wanted.variables) if chosen else NOTHING,
        signatory=wanted.signatory if title else "",
        title=title or NOTHING,
        findings=tuple(found),
    )


def unfilled(template: Template, variables: Mapping[str, str]) -> list[str]:
    """Return the variables that a template needs and nobody gave."""
    written = VARIABLE.findall(template.body.ar) + VARIABLE.findall(template.body.fr)
    return sorted(name for name in {*template.required, *written} if not variables.get(name, "").strip())


def filled(body: Reason, variables: Mapping[str, str]) -> Reason:
    """Write the variables into a text; what they hold is never read as a template itself."""
    return Reason(ar=_filled(body.ar, variables), fr=_filled(body.fr, variables))


def _filled(body: str, variables: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda found: variables[found[1]], body)


NO_TEMPLATE = Reason(
    ar="لم تصرّح {code} بنموذج «{what}» لهذا النوع من المراسلات؛ بقيت صيغة المراسلة العامة.",
    fr="{code} n'a pas déclaré de modèle « {what} » pour ce type de lettre : la lettre générale reste.",
)
NO_VARIABLE = Reason(
    ar="تنقص نموذجَ {code} القيم: {what}؛ بقيت صيغة المراسلة العامة.",
    fr="Il manque au modèle de {code} les valeurs : {what} ; la lettre générale reste.",
)
NO_ROLE = Reason(
    ar="الصفة «{what}» التي عيّنتها {code} للتوقيع غير معروفة؛ بقي الموقّع المعتاد.",
    fr="La qualité « {what} » désignée par {code} pour signer est inconnue : le signataire habituel reste.",
)


def _refused(wanted: Wanted, hook: str, said: Reason, what: str) -> Finding:
    facts = {"code": wanted.ministry_id.upper(), "what": what}
    because = Reason(ar=said.ar.format_map(facts), fr=said.fr.format_map(facts))
    return Finding(
        ministry_id=wanted.ministry_id, code="answer_refused", field=hook, severity=Severity.WARNING, because=because
    )
