"""The words of the letters that the house drafts itself, in Arabic and French; an officer reads them before signing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.correspondence.domain.body import Name
from services.correspondence.domain.letter import Kind

PETITION = "PETITION"


@dataclass(frozen=True, kw_only=True)
class Words:
    """Subject line and text of a letter."""

    subject: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What a referral says of a complaint: where and when it was entered and what it is about, never its text."""

    number: str
    kind: str
    received_on: date
    topic: Name | None
    commune: Name | None
    wilaya: Name | None
    because: Name
    working_days: int


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """The letter that a reminder recalls."""

    number: str
    signed_on: date
    complaint_number: str
    due_on: date


def written(day: date) -> str:
    """Write a day as people do; slashes keep their order in right-to-left text."""
    return day.strftime("%d/%m/%Y")


def working_days(count: int, language: str) -> str:
    """Count working days with the noun in its right number."""
    if language == "fr":
        return f"{count} jour{'s' if count > 1 else ''} ouvrable{'s' if count > 1 else ''}"
    if count == 1:
        return "يوم عمل واحد"
    if count == 2:
        return "يومي عمل"
    return f"{count} أيام عمل" if count <= 10 else f"{count} يوم عمل"


def referral(matter: Matter, language: str) -> Words:
    """Word the letter that sends a complaint to the authority that is to answer."""
    template = REFERRAL[language]
    noun = NOUNS[language][matter.kind == PETITION]
    topic = matter.topic.in_language(language) if matter.topic else ""
    facts = {
        "noun": noun,
        "number": matter.number,
        "day": written(matter.received_on),
        "about": template["about"].format(topic=topic) if topic else "",
        "where": _where(matter, language),
        "because": matter.because.in_language(language).strip().rstrip(".") or template["default"],
        "term": template["term"].format(days=working_days(matter.working_days, language))
        if matter.working_days
        else "",
    }
    subject = template["subject"].format_map(facts) + (f" ({topic})" if topic else "")
    return Words(subject=subject, body=_flowing(template["body"]).format_map(facts))


def reminder(kind: Kind, earlier: Earlier, language: str) -> Words:
    """Word a step of the ladder that recalls an unanswered letter."""
    template = LADDER[language][kind]
    facts = {
        "number": earlier.complaint_number,
        "letter": earlier.number,
        "day": written(earlier.signed_on),
        "due": written(earlier.due_on),
    }
    return Words(subject=template["subject"].format_map(facts), body=_flowing(template["body"]).format_map(facts))


def reply_subject(subject: str, language: str) -> str:
    """Word the subject line of a reply."""
    prefix = REPLY[language]
    return subject if subject.startswith(prefix) else f"{prefix} {subject}"


def _flowing(template: str) -> str:
    """Join the lines of each paragraph."""
    return "\n\n".join(" ".join(paragraph.split("\n")) for paragraph in template.split("\n\n"))


def _where(matter: Matter, language: str) -> str:
    template = REFERRAL[language]
    commune, wilaya = _of(matter.commune, language), _of(matter.wilaya, language)
    if commune and wilaya:
        return template["commune"].format(commune=commune, wilaya=wilaya)
    return template["wilaya"].format(wilaya=wilaya) if wilaya else ""


def _of(place: Name | None, language: str) -> str:
    """Name a place as the complement of its level: French puts « de » before it."""
    name = place.in_language(language) if place else ""
    if not name or language == "ar":
        return name
    return f"d’{name}" if name[0] in "AEIOUÀÂÉÈÊÎÏÔ" else f"de {name}"


NOUNS = {"ar": ("الشكوى", "العريضة"), "fr": ("la doléance", "la requête")}
REPLY = {"ar": "ردّ:", "fr": "Réponse :"}

REFERRAL: Mapping[str, Mapping[str, str]] = {
    "ar": {
        "subject": "إحالة {noun} رقم {number} إليكم للاختصاص",
        "about": "، والمتعلقة بموضوع «{topic}»",
        "commune": "، على مستوى بلدية {commune}، ولاية {wilaya}",
        "wilaya": "، على مستوى ولاية {wilaya}",
        "default": "دخول موضوعها في مجال اختصاصكم",
        "term": " في أجل أقصاه {days} ابتداء من تاريخ إرسال هذه المراسلة",
        "body": """تحية طيبة وبعد،

يشرّفني أن أحيل إليكم، للاختصاص، {noun} المقيّدة تحت رقم {number} بتاريخ {day}{about}{where}.

وقد تبيّن لنا أن مصالحكم هي الجهة المختصة بالنظر في هذا الموضوع، للسبب الآتي: {because}.

وعليه، يُرجى منكم التفضل بدراسة الملف وموافاتنا بردّ معلّل{term}. وإذا تبيّن لكم أن الموضوع خارج عن
اختصاصكم، فالرجاء إعلامنا بذلك في أقرب الآجال مع تعيين الجهة المختصة.

ونحيطكم علما بأن الملف يُطّلع عليه في منصة «ديوان»، وبأن هوية صاحبه لا تُفتح إلا في حدود موافقته، لغرض
محدّد، وبموجب إجراء مسجّل.

وتقبّلوا منّا فائق التقدير والاحترام.""",
    },
    "fr": {
        "subject": "Transmission pour compétence de {noun} n° {number}",
        "about": ", relative à « {topic} »",
        "commune": ", dans la commune {commune}, wilaya {wilaya}",
        "wilaya": ", dans la wilaya {wilaya}",
        "default": "la matière relève de vos attributions",
        "term": " dans un délai de {days} à compter de l’envoi de la présente",
        "body": """Madame, Monsieur,

J’ai l’honneur de vous transmettre, pour compétence, {noun} inscrite sous le numéro {number} en date du
{day}{about}{where}.

Il est apparu que vos services sont compétents pour en connaître, pour la raison suivante : {because}.

Je vous saurais gré de bien vouloir examiner ce dossier et me faire parvenir une réponse motivée{term}. Si
cette matière ne relevait pas de votre compétence, je vous prie de m’en informer dans les meilleurs délais
en désignant l’autorité compétente.

Le dossier se consulte dans la plateforme Diwan. L’identité de son auteur n’y est ouverte que dans la limite
de son accord, pour un motif précis et par un acte enregistré.

Veuillez agréer, Madame, Monsieur, l’expression de ma considération distinguée.""",
    },
}

LADDER: Mapping[str, Mapping[Kind, Mapping[str, str]]] = {
    "ar": {
        Kind.REMINDER_1: {
            "subject": "تذكير بشأن الملف رقم {number}",
            "body": """تحية طيبة وبعد،

تبعا لمراسلتنا رقم {letter} المؤرخة في {day}، والمتعلقة بالملف رقم {number}، نذكّركم بأن الأجل المحدّد للردّ
انقضى بتاريخ {due} دون أن يصلنا ردّكم.

لذا، يُرجى منكم التفضل بموافاتنا بردّ معلّل في أقرب الآجال.

وتقبّلوا منّا فائق التقدير والاحترام.""",
        },
        Kind.REMINDER_2: {
            "subject": "تذكير ثان بشأن الملف رقم {number}",
            "body": """تحية طيبة وبعد،

تبعا لمراسلتنا رقم {letter} المؤرخة في {day}، وللتذكير الذي تلاها، والمتعلقين بالملف رقم {number}، نلاحظ أن
الأجل المحدّد للردّ انقضى بتاريخ {due} وأن ردّكم لم يصلنا بعد.

لذا، نلحّ عليكم في موافاتنا بردّ معلّل دون تأخير، أو ببيان الأسباب التي حالت دون ذلك.

وتقبّلوا منّا فائق التقدير والاحترام.""",
        },
        Kind.FORMAL_NOTICE: {
            "subject": "إعذار بالردّ على الملف رقم {number}",
            "body": """تحية طيبة وبعد،

رغم مراسلتنا رقم {letter} المؤرخة في {day}، والتذكيرين اللذين أعقباها، لم يصلنا ردّكم بشأن الملف رقم
{number}، وقد انقضى الأجل المحدّد له بتاريخ {due}.

وعليه، نعذركم بوجوب الردّ المعلّل فور استلام هذا الإعذار. وفي حالة استمرار عدم الردّ، يُرفع الأمر إلى السلطة
الوصية عليكم وإلى وسيط الجمهورية.

وتقبّلوا منّا فائق التقدير والاحترام.""",
        },
    },
    "fr": {
        Kind.REMINDER_1: {
            "subject": "Rappel concernant le dossier n° {number}",
            "body": """Madame, Monsieur,

Par ma lettre n° {letter} du {day}, relative au dossier n° {number}, une réponse vous était demandée. Le
délai a expiré le {due} sans qu’elle me soit parvenue.

Je vous saurais gré de bien vouloir me faire parvenir votre réponse motivée dans les meilleurs délais.

Veuillez agréer, Madame, Monsieur, l’expression de ma considération distinguée.""",
        },
        Kind.REMINDER_2: {
            "subject": "Deuxième rappel concernant le dossier n° {number}",
            "body": """Madame, Monsieur,

Par ma lettre n° {letter} du {day}, puis par un premier rappel, une réponse vous était demandée au sujet du
dossier n° {number}. Le délai a expiré le {due} et votre réponse ne m’est pas encore parvenue.

Je vous demande instamment de me la faire parvenir sans retard, motivée, ou de m’indiquer ce qui y fait
obstacle.

Veuillez agréer, Madame, Monsieur, l’expression de ma considération distinguée.""",
        },
        Kind.FORMAL_NOTICE: {
            "subject": "Mise en demeure de répondre au sujet du dossier n° {number}",
            "body": """Madame, Monsieur,

Malgré ma lettre n° {letter} du {day} et deux rappels, votre réponse au sujet du dossier n° {number} ne
m’est pas parvenue, alors que le délai a expiré le {due}.

Je vous mets en demeure de me faire parvenir une réponse motivée dès réception de la présente. À défaut,
l’autorité de tutelle et le Médiateur de la République seront saisis.

Veuillez agréer, Madame, Monsieur, l’expression de ma considération distinguée.""",
        },
    },
}
