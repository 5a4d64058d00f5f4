"""Forms that carry files, such as the one that installs rules: read byte for byte, and only when they are ours."""

import pytest
from starlette.requests import Request

from services.portal import forms
from services.portal.forms import FORM_TOKEN
from services.portal.sessions import Seal
from services.portal.visits import Visit

pytestmark = pytest.mark.anyio
EOL = b"\r\n"


def a_form_with_files(boundary: bytes, *parts: tuple[str, bytes]) -> bytes:
    pieces = [b"--" + boundary + EOL + head.encode() + EOL + EOL + body + EOL for head, body in parts]
    return b"".join([*pieces, b"--" + boundary + b"--" + EOL])


def a_request(body: bytes, content_type: str, visit: Visit) -> Request:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", content_type.encode())]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": headers, "visit": visit}, receive)


@pytest.fixture
def visit() -> Visit:
    visit = Visit(language="ar", path="/rules", query="", seal=Seal(b"k" * 32), kept=None, secure=False)
    assert visit.form_token
    return visit


async def test_a_form_with_files_is_read_byte_for_byte(visit: Visit) -> None:
    wheel = bytes(range(256)) * 3 + b"\r\n--x\r\n"
    body = a_form_with_files(
        b"----7f",
        (f'Content-Disposition: form-data; name="{FORM_TOKEN}"', visit.form_token.encode()),
        ('Content-Disposition: form-data; name="because"', "طلبت الوزارة\r\nذلك".encode()),
        ('Content-Disposition: form-data; name="wheel"; filename="a.whl"\r\nContent-Type: application/zip', wheel),
        ('Content-Disposition: form-data; name="signature"; filename=""', b""),
    )
    form = await forms.read(a_request(body, "multipart/form-data; boundary=----7f", visit))
    assert form.files == {"wheel": wheel, "signature": b""}
    assert form.values == {"because": "طلبت الوزارة\nذلك"}


async def test_a_form_with_files_of_another_site_is_not_obeyed(visit: Visit) -> None:
    body = a_form_with_files(b"b", ('Content-Disposition: form-data; name="because"', b"x"))
    with pytest.raises(forms.FormNotOurs):
        await forms.read(a_request(body, "multipart/form-data; boundary=b", visit))
