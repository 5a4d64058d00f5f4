"""What a citizen does: files in three steps, keeps the receipt, follows the matter."""

from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.visitor import Visitor

ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
HOSPITAL = (
    "السلام عليكم، والدتي تنتظر موعد عملية جراحية في المستشفى منذ 12/09/2026، والطبيب غائب. "
    "رقم الملف 4521-7789 والهاتف 0550 12 34 56. نطلب من مديرية الصحة التدخل.\n\nشكرا 👋"
)
UNCLEAR = "Bonjour, je voudrais simplement que l'on me réponde, voilà tout. Merci d'avance."
MEETING = "L'état civil de la commune ferme avant l'heure ; mon acte de naissance n'a pas été délivré."


@dataclass(frozen=True)
class Receipt:
    """What the citizen took home."""

    number: str
    secret: str


def files(citizen: Visitor, text: str, *, to: str = "unknown", topic: str = "", named: bool = True) -> Receipt:
    """File a complaint and look at every page on the way."""
    page = citizen.page
    citizen.open("/file")
    citizen.press()
    citizen.see("where, nothing chosen")
    page.select_option("#wilaya", "wilaya-alger")
    citizen.press()
    citizen.see("form")
    citizen.press()
    citizen.see("form, nothing filled in")
    assert page.locator(".summary a").count() == 4
    _fill_in(page, text, to, topic)
    page.check(f"input[name=identity][value={'named' if named else 'anonymous'}]")
    if named:
        citizen.press()
        citizen.see("form, name missing")
        assert page.input_value("#text") == text
        page.fill("#name", "أمينة بن علي")
        page.fill("#phone", "0550 12 34 56")
        page.check("#consent")
    citizen.press()
    citizen.see("check")
    citizen.press("button[formaction]")
    assert page.input_value("#text") == text
    citizen.press()
    return _sends_twice(citizen)


def _fill_in(page: Page, text: str, to: str, topic: str) -> None:
    page.select_option("#commune", "commune-1601")
    page.check(f"input[name=addressed][value={to}]")
    page.select_option("#topic", topic)
    page.fill("#text", text)


def _sends_twice(citizen: Visitor) -> Receipt:
    page = citizen.page
    typed = page.locator("main form input[type=hidden]").evaluate_all("all => all.map(each => [each.name, each.value])")
    citizen.press("#send")
    citizen.see("receipt")
    number, secret = page.locator(".big").all_inner_texts()
    again = page.request.post(citizen.link("/file"), form=dict(typed)).text()
    assert number in again
    assert secret in again
    return Receipt(number, secret)


def follows(citizen: Visitor, receipt: Receipt) -> None:
    """See where the matter stands, with the number as people type it."""
    page = citizen.page
    citizen.open("/track")
    page.fill("#number", receipt.number.replace("/", " - "))
    page.fill("#secret", "9" * 18)
    citizen.press()
    citizen.see("track, wrong secret")
    assert page.locator(".summary").count() == 1
    page.fill("#secret", receipt.secret.translate(ARABIC_INDIC))
    citizen.press()
    assert page.locator(".summary").count() == 0, page.inner_text("main")
    citizen.see("tracked")
