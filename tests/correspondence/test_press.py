"""The printed letter: an accessible archive PDF, the same bytes every time, its numbers never reversed."""

import io
import json
from collections.abc import Mapping
from datetime import date

import pytest
import typst
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from services.chassis import glyphs
from services.chassis import press as chassis_press
from services.correspondence import press
from services.correspondence.domain import letter as rules
from services.correspondence.domain import sheet as sheets
from services.correspondence.domain.letter import Letter
from tests.correspondence.builders import ALGIERS, DELEGATION, HEALTH, MINISTRY, NOON, a_letter

NUMBER = "16/0002/2026/L/000045"
AWKWARD = "هاتف 021 23 45 67 أو 0550-12-34-56، القانون 18-07، يوم 2026-11-25، المبلغ 1 250 000,00 دج."


def a_signed_letter(**what_matters: object) -> Letter:
    letter = a_letter(due_on=date(2026, 12, 14), **what_matters)
    return rules.sign(letter, number=NUMBER, signed_by="officer:1", signatory_name="أمينة بن يوسف", at=NOON)


def a_sheet(**what_matters: object) -> sheets.Sheet:
    parties = sheets.Parties(
        sender=DELEGATION, recipient=HEALTH, copies=[MINISTRY], recipient_ministry=MINISTRY, place=ALGIERS
    )
    return sheets.sheet(a_signed_letter(**what_matters), parties, recalled=None)


async def pages_of(sheet: sheets.Sheet) -> list[str]:
    document = (await press.printed(sheet, signed_at=NOON)).document
    return [page.extract_text() for page in PdfReader(io.BytesIO(document)).pages]


def picture(sheet: sheets.Sheet) -> Image.Image:
    digest = sheets.digest(sheet)
    facts: Mapping[str, object] = {**sheet, "digest": digest, "qr": chassis_press.qr(f"{NUMBER} {digest}")}
    png = typst.compile(
        press.TEMPLATE,
        format="png",
        ppi=150.0,
        font_paths=[glyphs.FONTS],
        ignore_system_fonts=True,
        sys_inputs={"facts": json.dumps(facts)},
    )
    assert isinstance(png, bytes)
    return Image.open(io.BytesIO(png))


async def test_a_print_with_the_same_words_and_another_salt_has_another_hash() -> None:
    first, second = [await press.printed({**a_sheet(letter_id="x"), "salt": salt}, signed_at=NOON) for salt in "ab"]
    assert first.sha256 != second.sha256


async def test_the_same_sheet_gives_the_same_bytes() -> None:
    first, second = [await press.printed(a_sheet(letter_id="x"), signed_at=NOON) for _ in range(2)]
    assert first.document == second.document
    assert first.sha256 == second.sha256


@pytest.mark.parametrize("language", ["ar", "fr"])
async def test_it_declares_itself_an_archive_file_and_accessible(language: str) -> None:
    made = await press.printed(a_sheet(language=language), signed_at=NOON)
    reader = PdfReader(io.BytesIO(made.document))
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    for marker in ("<pdfaid:part>2<", "<pdfaid:conformance>B<", "<pdfuaid:part>1<"):
        assert marker in metadata
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == f"{language}-DZ"
    assert reader.metadata is not None
    assert NUMBER in str(reader.metadata.title)
    assert all("/FontFile" in str(font) for font in _descriptors(reader))


def _descriptors(reader: PdfReader) -> list[object]:
    fonts = reader.pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    return [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]


async def test_numbers_read_from_left_to_right_inside_arabic() -> None:
    (page,) = await pages_of(a_sheet(body=AWKWARD))
    said = page.replace(" ", " ")
    for number in (
        NUMBER,
        "16/0412/2026/000123",
        "14/12/2026",
        "021 23 45 67",
        "0550-12-34-56",
        "18-07",
        "2026-11-25",
        "1 250 000,00",
    ):
        assert number in said


async def test_the_code_holds_the_number_and_the_digest_of_the_sheet() -> None:
    sheet = a_sheet()
    (found,) = zxingcpp.read_barcodes(picture(sheet))
    assert found.text == f"{NUMBER} {sheets.digest(sheet)}"


async def test_a_long_letter_takes_pages_that_count_themselves() -> None:
    pages = await pages_of(a_sheet(body="\n\n".join([AWKWARD * 4] * 20)))
    assert len(pages) >= 2
    assert f"2/{len(pages)}" in pages[1]


async def test_words_are_never_markup() -> None:
    body = '#import "x": y *bold* _a_ $x$ [b] \\ <label> @ref // c `raw`'
    (page,) = await pages_of(a_sheet(body=body, language="fr"))
    assert '#import "x"' in page.replace("\xa0", " ").replace("“", '"').replace("”", '"')
    assert "@ref" in page


async def test_signs_without_a_shape_do_not_stop_the_press() -> None:
    (page,) = await pages_of(a_sheet(body="أ 🙏 中 ❤️ \u202eabc\u202c ⵜⴰⵎⴰⵣⵉⵖⵜ", language="fr"))
    assert "ⵜⴰⵎⴰⵣⵉⵖⵜ" in page
    assert "🙏" not in page
    assert glyphs.unprintable("شكرا 🙏 ⵜ é") == "🙏"


@pytest.mark.parametrize(
    "body", ["قانون 18-07 " * 1600, "ش" * 20_000, "x" * 20_000, "\u0651" * 20_000, "1-" * 10_000, "س\n" * 9_999]
)
async def test_no_text_stops_the_press(body: str) -> None:
    assert (await press.printed(a_sheet(body=body), signed_at=NOON)).document.startswith(b"%PDF-")
