"""The portal's manners: guarded pages, forms that keep what was typed, calm words when a neighbour is away."""

import re
from urllib.parse import quote

import pytest
from diwan.common.v1 import access_pb2
from diwan.directory.v1 import directory_service_pb2 as messages
from diwan.directory.v1 import directory_service_pb2_grpc, officer_pb2

from services.directory.__main__ import build
from services.directory.actions import facts
from services.directory.store.memory import Store
from services.portal.page import STATIC
from tests.directory.builders import CALL, a_reference

pytestmark = pytest.mark.anyio
FIRST_PAGE_BYTES = 120 * 1024


@pytest.fixture
async def directory(running, database_for, settings_of):
    database = await database_for("directory")
    async with database.transaction() as connection:
        await facts.load_reference(CALL, Store(connection), reference=a_reference())
    return await running("directory", build(settings_of("directory"), database))


@pytest.fixture
async def portal(portal_beside, directory):
    return await portal_beside(directory=directory.address)


def token_in(page: str) -> str:
    return re.search(r'name="form" value="([^"]+)"', page)[1]


def a_filing(page: str, **changes: str) -> dict[str, str]:
    typed = {
        "form": token_in(page),
        "request_id": re.search(r'name="request_id" value="([^"]+)"', page)[1],
        "wilaya": "wilaya-alger",
        "commune": re.search(r'<option value="(commune-[^"]+)"', page)[1],
        "addressed": "unknown",
        "text": "الماء مقطوع 👋",
        "identity": "anonymous",
        "language": "ar",
    }
    return typed | changes


async def test_the_first_page_is_light_and_guarded(portal_beside):
    portal = await portal_beside()
    page = await portal.get("/")
    whole = len(page.body) + sum(path.stat().st_size for path in STATIC.glob("*.woff2"))
    whole += sum((STATIC / name).stat().st_size for name in ("diwan.css", "mark.svg"))
    assert whole <= FIRST_PAGE_BYTES
    assert '<html lang="ar" dir="rtl">' in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers
    french = await portal.get("/fr")
    assert '<html lang="fr" dir="ltr">' in french.text
    assert 'href="/fr/file"' in french.text


async def test_fonts_and_style_may_be_kept(portal_beside):
    portal = await portal_beside()
    assert (await portal.get("/static/diwan-arabic-400.woff2")).headers["cache-control"].startswith("public")
    assert (await portal.get("/healthz")).text == "serving\n"


async def test_what_is_not_there_is_said_calmly(portal_beside):
    portal = await portal_beside()
    for path in ("/nowhere", "/static/../visits.py", "/fr/nowhere", "/sign-out"):
        page = await portal.get(path)
        assert page.status in (404, 405), path
        assert "<h1>" in page.text
        assert "Traceback" not in page.text


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(portal):
    page = await portal.get("/sign-in")
    assert "HttpOnly" in page.headers["set-cookie"]
    assert "SameSite=Strict" in page.headers["set-cookie"]


async def test_a_form_of_another_site_is_not_obeyed_and_what_was_typed_is_kept(portal):
    portal.cookies.clear()
    page = await portal.post("/track", number="16/0412/2026/000123", secret="1", form="forged")
    assert page.status == 403
    assert 'name="number" value="16/0412/2026/000123"' in page.text
    assert token_in(page.text)


async def test_all_missing_answers_are_named_at_once(portal):
    page = await portal.get("/fr/file?wilaya=wilaya-alger")
    answered = await portal.post("/fr/file/check", form=token_in(page.text), wilaya="wilaya-alger", language="fr")
    assert answered.status == 422
    assert len(re.findall(r'<li><a href="#(\w+)">', answered.text)) == 4
    for name in ("commune", "addressed", "text", "identity"):
        assert f'id="{name}"' in answered.text
        assert f'href="#{name}"' in answered.text


async def test_an_unknown_wilaya_is_asked_for_again(portal):
    page = await portal.get("/file?wilaya=wilaya-atlantis")
    assert page.status == 422
    assert 'href="#wilaya"' in page.text


@pytest.mark.parametrize(
    "text", ["", "   \n", "ا" * 20_001, "ب" * 1_048_576, "x\0y"], ids=["empty", "blank", "long", "1 MB", "NUL"]
)
async def test_a_text_that_cannot_be_entered_is_refused_with_what_was_typed_kept(portal, text):
    page = await portal.get("/file?wilaya=wilaya-alger")
    answered = await portal.post("/file/check", **a_filing(page.text, text=text))
    assert answered.status == 422
    assert re.findall(r'<li><a href="#(\w+)">', answered.text) == ["text"]
    assert answered.text.count("ا" * 20_001 if len(text) == 20_001 else text.strip()[:1000]) >= 1
    assert 'name="identity" value="anonymous" checked' in answered.text


async def test_lone_surrogates_are_refused(portal):
    page = await portal.get("/file?wilaya=wilaya-alger")
    fields = "&".join(f"{name}={quote(value)}" for name, value in a_filing(page.text).items() if name != "text")
    answered = await portal.post("/file/check", f"{fields}&text=%ED%A0%80abc".encode())
    assert answered.status == 422
    assert 'href="#text"' in answered.text


async def test_emoji_and_bidi_controls_are_kept(portal):
    page = await portal.get("/file?wilaya=wilaya-alger")
    answered = await portal.post("/file/check", **a_filing(page.text, text="\u202eمعكوس\u202c 👋"))
    assert answered.status == 200
    assert '<div class="words" dir="auto">\u202eمعكوس\u202c 👋</div>' in answered.text


async def test_too_large_a_form_is_refused(portal):
    page = await portal.post("/track", b"number=" + b"1" * (9 * 1024 * 1024))
    assert page.status == 413
    assert "<h1>" in page.text


async def test_a_neighbour_that_is_away_costs_nothing_that_was_typed(portal):
    page = await portal.get("/file?wilaya=wilaya-alger")
    typed = a_filing(page.text)
    answered = await portal.post("/file", **typed)
    assert answered.status == 503
    assert f'name="text" value="{typed["text"]}"' in answered.text
    assert f'value="{typed["request_id"]}"' in answered.text
    assert "UNAVAILABLE" not in answered.text


async def test_no_link_leads_off_the_site(portal_beside):
    portal = await portal_beside()
    for path in ("//elsewhere.example", "//elsewhere.example/", "/%5celsewhere.example"):
        page = await portal.get(path)
        assert page.status == 404
        assert not re.search(r'(href|action)="(//|/\\)', page.text)


async def test_a_password_is_never_sent_back(portal_beside):
    portal = await portal_beside()
    form = await portal.get("/sign-in")
    for token in (token_in(form.text), "of-another-site"):
        answered = await portal.post("/sign-in", form=token, username="delegate.alger", password="secret-words")
        assert answered.status in (403, 503)
        assert "delegate.alger" in answered.text
        assert "secret-words" not in answered.text


async def test_a_cookie_of_somebody_else_on_this_host_does_no_harm(portal_beside):
    portal = await portal_beside()
    portal.cookies |= {"a@b": "1", "x[y]": '"', "diwan": "not-ours"}
    assert (await portal.get("/")).status == 200


async def test_officers_pages_ask_who_it_is(portal):
    page = await portal.get("/fr/complaints?words=eau")
    assert page.status == 303
    assert page.headers["location"] == "/fr/sign-in?next=%2Fcomplaints%3Fwords%3Deau"
    form = await portal.get("/sign-in")
    posted = await portal.post("/letters/1/sign", form=token_in(form.text), etag="7")
    assert posted.status == 401
    assert 'name="etag" value="7"' in posted.text


async def test_signing_in_leads_on_but_never_off_the_site(portal, directory):
    stub = directory_service_pb2_grpc.DirectoryServiceStub(directory.channel("operator"))
    appointment = officer_pb2.Appointment(role=access_pb2.ROLE_OPERATOR, scope="national")
    account = await stub.SetAccount(messages.SetAccountRequest(appointments=[appointment]), timeout=30)
    form = await portal.get("/sign-in")
    typed = {"form": token_in(form.text), "username": account.officer.username, "next": "//elsewhere.example"}
    wrong = await portal.post("/sign-in", **typed, password="guess")
    assert wrong.status == 422
    assert "guess" not in wrong.text
    right = await portal.post("/sign-in", **typed, password=account.password)
    assert right.status == 303
    assert right.headers["location"] == "/desk"
    assert account.password not in portal.cookies["diwan"]
    desk = await portal.get("/desk")
    assert desk.status == 200
    assert 'href="/rules"' in desk.text
    for path in ("/figures/file.exe", "/figures/file.csv?wilaya=%0d%0aset-cookie:x%22"):
        assert (await portal.get(path)).status == 404
    asked = await portal.post("/track", form=token_in(desk.text), number="16/0001/2026/000001", secret="1")
    assert asked.status == 503  # intake is away; it is asked in the citizen's name, not refused in the officer's
    out = await portal.post("/sign-out", form=token_in(desk.text))
    assert out.status == 303
    assert (await portal.get("/desk")).status == 303
