"""One matter from the citizen to the closed file, by every role, in both languages, without a script, on small and wide screens."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Open
from tests.browser.filing import HOSPITAL, MEETING, UNCLEAR, Receipt, files, follows
from tests.browser.looking import Look
from tests.browser.visitor import Visitor

Officer = Callable[..., Visitor]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
ALGIERS = "wilaya:wilaya-alger"
FIRST_REGISTER = "tbody th a"


def test_every_role_does_its_part_and_every_page_is_sound(house: Open, browser: Browser, look: Look) -> None:
    def come(language: str = "ar") -> Visitor:
        return Visitor.come(browser, house.address, look, language)

    def officer(account: str, language: str = "ar") -> Visitor:
        came = come(language)
        came.sign_in(house.accounts[account])
        return came

    citizen, francophone = come(), come("fr")
    citizen.open("/")
    citizen.open("/about")
    citizen.open("/nowhere")
    citizen.open("/sign-in")
    citizen.press()
    citizen.see("sign-in, nothing filled in")
    for_hospital = files(citizen, HOSPITAL, topic="health")
    unclear = files(francophone, UNCLEAR, to="petition", named=False)
    for_commune = files(francophone, MEETING, to="commune", topic="civil_status")
    follows(citizen, for_hospital)
    follows(francophone, unclear)

    delegate = officer(f"delegate {ALGIERS}")
    _decides(delegate, unclear.number)
    path = _sends_letter(delegate, for_hospital.number)
    _sees_who_complains(delegate, path)

    unit = officer("unit_officer body:dsp-alger")
    _replies(unit, for_hospital.number)
    _judges_and_closes(delegate, path)
    _answers(citizen, for_hospital)
    assert citizen.page.locator(".words").count() == 1

    _keeps_the_register(officer("keeper body:commune-1601"), for_commune.number)
    _withdraws(francophone, unclear.number, unclear.secret)
    _looks_around(officer)

    assert not look.wrong, "\n".join(look.wrong)
    assert len(look.seen) > 80, look.seen


def _decides(delegate: Visitor, number: str) -> None:
    """Find the unclear petition in the queue and decide by hand."""
    page = delegate.page
    item = f"tbody th a:has-text('{number}')"
    delegate.wait_for("/triage", lambda page: page.locator(item).count() == 1)
    delegate.open("/desk")
    delegate.open("/triage")
    delegate.follow(item)
    delegate.press()
    delegate.see("decide, nothing said")
    page.select_option("#ministry", "msan")
    page.select_option("#unit", "dsp-alger")
    page.fill("#because", "الأمر يتعلق بالصحة العمومية.")
    delegate.press()
    assert page.locator(".notice").count() == 1, page.inner_text("main")
    delegate.see("complaint, decided")


def _sends_letter(delegate: Visitor, number: str) -> str:
    """Sign and dispatch the drafted letter about a complaint; return the path of its file."""
    page = delegate.page
    delegate.wait_for("/letters?box=to_sign", lambda page: page.locator(f"tbody tr:has-text('{number}')").count() == 1)
    delegate.open("/letters?box=to_sign")
    delegate.follow(f"tbody tr:has-text('{number}') th a")
    page.fill("#subject", "")
    delegate.press("form[action$='/revise'] button")
    delegate.see("letter, no subject")
    page.fill("#subject", "إحالة شكوى تتعلق بموعد جراحي")
    delegate.press("form[action$='/revise'] button")
    delegate.see("letter, revised")
    delegate.press("form[action$='/sign'] button")
    delegate.see("letter, signed")
    pdf = page.request.get(delegate.address + str(page.locator("a[href$='.pdf']").get_attribute("href")))
    assert pdf.ok
    assert pdf.body().startswith(b"%PDF-")
    delegate.press("form[action$='/dispatch'] button")
    delegate.see("letter, dispatched")
    for box in ("to_dispatch", "sent", "received"):
        delegate.open(f"/letters?box={box}")
    page.goto(delegate.link("/complaints"))
    delegate.open(f"/complaints?words={'الجراحة'}")
    page.goto(delegate.link("/complaints"))
    return delegate.follow(f"tbody th a:has-text('{number}')")


def _sees_who_complains(delegate: Visitor, path: str) -> None:
    """Look at the identity for a purpose."""
    page = delegate.page
    form = delegate.unfold("disclose")
    delegate.press(f"{form} button")
    delegate.see("complaint, no purpose")
    page.fill("#purpose", "الاتصال بصاحبة الشكوى لتحديد الموعد")
    delegate.press(f"{form} button")
    assert page.locator("#complainant-title").count() == 1, page.inner_text("main")
    delegate.see("complaint, identity shown")
    page.goto(delegate.link(path))


def _replies(unit: Visitor, number: str) -> None:
    """Acknowledge, look at declining, accept, and reply."""
    page = unit.page
    item = f"tbody th a:has-text('{number}')"
    unit.wait_for("/referrals", lambda page: page.locator(item).count() == 1)
    unit.open("/desk")
    unit.open("/referrals")
    path = unit.follow(item)
    unit.press("form[action$='/acknowledge'] button")
    unit.see("referral, acknowledged")
    unit.follow("a[href$='/decline']")
    unit.open(f"{path}/decline?words=الصحة")
    unit.press("form[action$='/decline'][method=post] button")
    unit.see("decline, nothing said")
    page.goto(unit.link(path))
    unit.press("form[action$='/accept'] button")
    unit.see("referral, accepted")
    unit.press("form[action$='/reply'] button")
    unit.see("reply, nothing said")
    page.fill("#body", "حُدّد موعد العملية يوم 05/12/2026 على الساعة 08:30. الهاتف 021-23-45-67.")
    unit.press("form[action$='/reply'] button")
    assert page.locator(".notice").count() == 1, page.inner_text("main")
    unit.see("letter, replied")
    unit.open("/letters")


def _judges_and_closes(delegate: Visitor, path: str) -> None:
    """Judge the reply, close the file, and open it again."""
    page = delegate.page
    reply = "tbody tr:has(.state) th a"
    delegate.wait_for("/letters?box=received", lambda page: page.locator(reply).count() >= 1)
    delegate.open("/desk")
    page.goto(delegate.link("/letters?box=received"))
    delegate.follow(reply)
    delegate.press("form[action$='/assess'] button")
    delegate.see("assess, nothing chosen")
    page.check("input[name=grade][value='1']")
    delegate.press("form[action$='/assess'] button")
    delegate.see("letter, assessed")
    delegate.wait_for(path, lambda page: page.locator(".words").count() >= 2)
    delegate.open(path)
    form = delegate.unfold("close")
    delegate.press(f"{form} button")
    delegate.see("close, no reason")
    page.select_option("#reason", "1")
    page.fill("#note", "حُدّد الموعد.")
    delegate.press(f"{form} button")
    assert page.locator(".notice").count() == 1, page.inner_text("main")
    delegate.see("complaint, closed")
    _opens_again_and_asks(delegate)


def _opens_again_and_asks(delegate: Visitor) -> None:
    """Open the closed file again and put a question to the complainant."""
    page = delegate.page
    form = delegate.unfold("reopen")
    delegate.press(f"{form} button")
    delegate.see("reopen, no reason")
    page.fill("#why", "قالت صاحبة الشكوى إن الموعد أُلغي.")
    delegate.press(f"{form} button")
    delegate.see("complaint, reopened")
    form = delegate.unfold("ask")
    delegate.press(f"{form} button")
    delegate.see("ask, no question")
    page.fill("#question", "متى أُلغي الموعد؟ اتصلوا بالرقم 021 23 45 67.")
    delegate.press(f"{form} button")
    assert page.locator(".notice").count() == 1, page.inner_text("main")
    delegate.see("complaint, asked")


def _answers(citizen: Visitor, receipt: Receipt) -> None:
    """Answer the question that was put."""
    page = citizen.page
    follows(citizen, receipt)
    citizen.press("form[action$='/answer'] button")
    citizen.see("answer, empty")
    page.fill("#text", "أُلغي يوم 30/11/2026.")
    citizen.press("form[action$='/answer'] button")
    assert page.locator(".notice").count() == 1, page.inner_text("main")
    citizen.see("answered")


def _keeps_the_register(keeper: Visitor, number: str) -> None:
    """Answer an entry, then enter one from paper."""
    page = keeper.page
    keeper.open("/desk")
    keeper.open("/registers")
    book = keeper.follow(FIRST_REGISTER)
    keeper.follow(f"tbody th a:has-text('{number[-6:]}')")
    form = keeper.unfold("reply")
    keeper.press(f"{form} button")
    keeper.see("entry, no answer")
    page.fill(f"{form} #text", "L'acte est prêt au guichet 3.")
    page.check(f"{form} input[name=grade][value='1']")
    keeper.press(f"{form} button")
    assert page.locator(".notice").count() == 1, page.inner_text("main")
    keeper.see("entry, answered")
    keeper.open(f"{book}/enter")
    keeper.press()
    keeper.see("enter, nothing filled in")
    page.fill("#page", "١٢")
    page.fill("#line", "3")
    page.fill("#written_on", "5/11/2026")
    page.fill("#text", "الإنارة العمومية معطلة في شارع ديدوش مراد منذ أسبوع.")
    page.check("input[name=identity][value=anonymous]")
    keeper.press()
    assert page.locator(".big").count() == 2, page.inner_text("main")
    keeper.see("receipt of paper")


def _withdraws(citizen: Visitor, number: str, secret: str) -> None:
    """Take a complaint back."""
    page = citizen.page
    page.goto(citizen.link("/track"))
    page.fill("#number", number)
    page.fill("#secret", secret)
    citizen.press()
    form = citizen.unfold("withdraw")
    page.fill("#reason", "C'est réglé.")
    citizen.press(f"{form} button")
    assert page.locator(".notice").count() == 1, page.inner_text("main")
    citizen.see("withdrawn")


def _looks_around(officer: Officer) -> None:
    """Visit what the other roles see."""
    for account in (
        "supervisor body:commune-1601",
        f"wilaya_cell {ALGIERS}",
        "unit_officer body:msan",
        "mediator national",
    ):
        officer(account, "fr").open("/desk")
    cell = officer(f"wilaya_cell {ALGIERS}")
    cell.open("/figures")
    cell.open("/figures?wilaya=wilaya-oran&year=2026&quarter=3&samples=yes")
    for ending, start in (("json", b"{"), ("csv", b"\xef\xbb\xbf"), ("pdf", b"%PDF-")):
        found = cell.page.request.get(cell.link(f"/figures/file.{ending}?wilaya=wilaya-alger&year=2026&quarter=4"))
        assert found.body().startswith(start), ending
    mediator = officer("mediator national", "fr")
    mediator.open("/figures/national")
    operator = officer("operator national")
    operator.open("/rules")
    operator.open("/traces")
    operator.open("/traces?number=16/0001/2026/000001")
