"""The sentences of explanations, Arabic and French; what stands in braces is filled in by explanation.py."""

from services.routing.domain.resolver import Tier

GROUNDS = {
    Tier.TOPICAL: ("بحسب الموضوع", "au titre du sujet"),
    Tier.ADDRESSED: ("لأن الشكوى موجّهة إلى قطاعها", "parce que la doléance s'adresse à son secteur"),
    Tier.STATUTORY: ("بحكم القانون", "en vertu de la loi"),
}
SENTENCES = {
    "assigned": (
        "الهيئة المختصة هي {ministry}؛ عيّنتها قواعد الوزارات دون تدخل موظف.",
        "L'organisme compétent est : {ministry}. Les règles des ministères l'ont désigné, sans intervention d'un agent.",
    ),
    "assigned_by_learning": (
        "الهيئة المختصة هي {ministry}؛ سمّاها المصنّف الآلي لأن قواعد الوزارات لم تصرّح بالاختصاص، دون تدخل موظف.",
        "L'organisme compétent est : {ministry}. Le classificateur l'a nommé, faute de règles qui revendiquent, sans intervention d'un agent.",
    ),
    "learned": (
        "تشبه الشكوى ما تأكّد فيه اختصاص {ministry}: ثقة المصنّف الآلي {percent} % والعتبة {gate} % (النموذج {model}).",
        "La doléance ressemble à celles confirmées pour {ministry} : confiance du classificateur {percent} %, seuil {gate} % (modèle {model}).",
    ),
    "learned_below_gate": (
        "سمّى المصنّف الآلي {ministry} أولا بثقة {percent} % دون العتبة {gate} %، فهو اقتراح فقط (النموذج {model}).",
        "Le classificateur nomme d'abord {ministry}, confiance {percent} % sous le seuil de {gate} % : simple suggestion (modèle {model}).",
    ),
    "learned_behind_rules": (
        "سمّى المصنّف الآلي {ministry} أولا بثقة {percent} %، ولا يُحسب ذلك ما دامت قواعد الوزارات صرّحت بالاختصاص (النموذج {model}).",
        "Le classificateur nomme d'abord {ministry}, confiance {percent} % ; cela ne compte pas dès que des règles revendiquent (modèle {model}).",
    ),
    "by_hand": (
        "الهيئة المختصة هي {ministry}؛ قرّر ذلك الموظف {who}: «{because}»",
        "L'organisme compétent est : {ministry}. L'agent {who} l'a décidé : « {because} »",
    ),
    "claim": (
        "صرّحت {ministry} باختصاصها {ground}{law}، بدرجة {weighing}{rule}: «{because}»",
        "{ministry} s'est déclaré compétent {ground}{law}, avec un score de {weighing}{rule} : « {because} »",
    ),
    "ground_not_admitted": (
        "استندت {ministry} إلى أساس أقوى لم يُقبل: لا بدّ أن تسمّيها الشكوى، أو أن يدرجها الوسيط مع ذكر نص قانوني.",
        "{ministry} invoquait un fondement plus fort, non admis : la doléance doit le nommer, ou le Médiateur l'inscrire et un texte être cité.",
    ),
    "alone": (
        "لم تصرّح باختصاصها أي وزارة أخرى بدرجة كافية.",
        "Aucun autre ministère ne s'est déclaré compétent avec un score suffisant.",
    ),
    "margin": (
        "تتقدم {ministry} على {second} بفارق {points}، والفارق المطلوب {needed} على الأقل.",
        "{ministry} devance {second} de {points} points ; il en faut au moins {needed}.",
    ),
    "stronger_ground": (
        "أساس {ministry} أقوى من أساس {second}، فيتقدم عليه مهما كانت الدرجات.",
        "Le fondement de {ministry} est plus fort que celui de {second} : il l'emporte quels que soient les scores.",
    ),
    "too_weak": (
        "لم يُحسب تصريح {ministry}: درجته {score} دون الحد الأدنى {minimum}.",
        "La déclaration de {ministry} n'a pas compté : son score de {score} est sous le minimum de {minimum}.",
    ),
    "declined_before": (
        "لم يؤخذ بجواب {ministry} لأنها سبق أن دفعت بعدم اختصاصها في هذه الشكوى.",
        "La réponse de {ministry} n'est pas prise en compte : il a déjà décliné cette doléance.",
    ),
    "did_not_exist": (
        "لم يؤخذ بجواب {ministry} لأنها لم تكن قائمة يوم استلام الشكوى.",
        "La réponse de {ministry} n'est pas prise en compte : il n'existait pas le jour de la réception.",
    ),
    "declined": (
        "دفعت {ministry} بعدم اختصاصها: «{because}»",
        "{ministry} a décliné sa compétence : « {because} »",
    ),
    "declined_for": (
        "دفعت {ministry} بعدم اختصاصها وأشارت إلى {other}، وإشارتها لا تُلزم: «{because}»",
        "{ministry} a décliné sa compétence et indiqué {other}, sans que cela engage : « {because} »",
    ),
    "failed_and_could": (
        "تعذّر استطلاع قواعد {ministry}؛ وكان يمكن أن تبلغ {best} فتغيّر النتيجة، ولذلك عُلِّق القرار.",
        "Les règles de {ministry} n'ont pas répondu ; elles auraient pu atteindre {best} et changer le résultat : la décision est donc suspendue.",
    ),
    "failed_and_could_not": (
        "تعذّر استطلاع قواعد {ministry}؛ لكن أقصى ما كان يمكن أن تبلغه ({best}) لا يغيّر النتيجة.",
        "Les règles de {ministry} n'ont pas répondu ; mais leur meilleure réponse possible ({best}) n'aurait rien changé.",
    ),
    "abstained": (
        "لم يكن لقواعد {count} من الوزارات ما تقوله: {listed}.",
        "Les règles de {count} ministères n'avaient rien à dire : {listed}.",
    ),
    "kept": (
        "تجيب {unit} بنفسها لأن الشكوى مقيدة في سجلها.",
        "{unit} répond elle-même, car la doléance est inscrite à son registre.",
    ),
    "unit_of_rules": (
        "تجيب {unit}: عيّنتها قواعد {ministry}: «{because}»",
        "{unit} répond ; les règles de {ministry} l'ont désignée : « {because} »",
    ),
    "unit_not_of_rules": (
        "تجيب {unit} بحسب الدليل، لأن ما عيّنته قواعد {ministry} لم يصلح.",
        "{unit} répond d'après l'annuaire, car ce que désignaient les règles de {ministry} ne convenait pas.",
    ),
    "unit_of_directory": (
        "تجيب {unit} بحسب الدليل.",
        "{unit} répond, d'après l'annuaire.",
    ),
    "deadline": (
        "أجل الرد {days} من أيام العمل.",
        "Le délai de réponse est de {days} jours ouvrables.",
    ),
    "deadline_of_policy": (
        "أجل الرد {days} من أيام العمل، بحسب سياسة الآجال {policy}.",
        "Le délai de réponse est de {days} jours ouvrables, selon la politique {policy}.",
    ),
    "deadline_of_rules": (
        "أجل الرد {days} من أيام العمل: قلّصته قواعد {ministry} عمّا تتيحه سياسة الآجال {policy}: «{because}»",
        "Le délai de réponse est de {days} jours ouvrables : les règles de {ministry} l'ont réduit par rapport à la politique {policy} : « {because} »",
    ),
    "deadline_not_of_rules": (
        "أجل الرد {days} من أيام العمل بحسب سياسة الآجال {policy}؛ طلبت قواعد {ministry} {wished} ولا يجوز إلا التقليص.",
        "Le délai est de {days} jours ouvrables (politique {policy}) ; les règles de {ministry} en demandaient {wished}, or elles ne peuvent que réduire.",
    ),
}
