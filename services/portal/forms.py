"""Reading forms: what was typed is kept, each problem belongs to a field, and a form that is not ours is not obeyed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from grpc.aio import AioRpcError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from services.chassis.client import refused
from services.portal.visits import Visit, visit_of

BYTES = 8 * 1024 * 1024
HEARD_OUT = 8 * BYTES
FIELDS = 100
NOT_OF_THE_FORM = ("UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED", "INTERNAL", "UNKNOWN")
SESSION_ENDED = ("TOKEN_MISSING", "TOKEN_INVALID", "TOKEN_EXPIRED")
LETTERS = 20_000
FORM_TOKEN = "form"  # noqa: S105 (the name of a field)
BOUNDARY = re.compile(r'multipart/form-data;\s*boundary="?([^";\r\n]{1,200})"?', re.IGNORECASE)
PART = re.compile(rb'content-disposition: form-data;[^\r\n]*?\bname="([^"\r\n]{1,100})"', re.IGNORECASE)
SURROGATE = re.compile(r"[\ud800-\udfff]")


def N_(message: str) -> str:
    """Mark a sentence for the catalogues; it is said later."""
    return message


TOO_LONG = N_("The text has %(length)s characters; at most %(most)s are taken. Shorten it.")
UNSTORABLE = N_("This contains signs that cannot be stored. Type it again without them.")


class FormNotOurs(Exception):
    """The form does not carry the token of this visit: another site sent it, or the visit ended."""

    def __init__(self, form: "Form") -> None:
        self.form = form


@dataclass
class Form:
    """What was typed, and what is wrong with it."""

    visit: Visit
    values: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def text(self, name: str) -> str:
        """Return a short value without the blanks around it."""
        return self[name].strip()

    def whole(self, name: str) -> int:
        """Return a whole number, 0 when it is none; Arabic-Indic digits are read."""
        typed = self.text(name)
        return int(typed) if typed.isdecimal() and len(typed) < 10 else 0

    def one_of(self, name: str, allowed: Iterable[str], message: str) -> str:
        """Return a choice, or note that one must be made."""
        if (chosen := self[name]) in set(allowed):
            return chosen
        self.wrong(name, message)
        return ""

    def needs(self, name: str, message: str) -> str:
        """Return a value that must not be empty, or note that it is missing."""
        if not (typed := self.text(name)):
            self.wrong(name, message)
        return typed

    def wrong(self, name: str, message: str, **facts: object) -> None:
        """Note what is wrong with a field, in the visitor's language."""
        self.problems.setdefault(name, self.visit.say(message, **facts))

    def refuse(self, error: AioRpcError, fields: Sequence[str], *, elsewhere: str) -> None:
        """Note a service's refusal at the field it names, or at another when the form has no such field."""
        said = refused(error)
        if said.kind in NOT_OF_THE_FORM or said.reason in SESSION_ENDED or not said.message:
            raise error
        named = said.field.rsplit(".", 1)[-1]
        self.problems[named if named in fields else elsewhere] = said.message

    def check_words(self, name: str, missing: str) -> None:
        """Note when a text is empty, too long, or holds what no register can keep."""
        typed = self[name]
        if not typed.strip():
            self.wrong(name, missing)
        elif len(typed) > LETTERS:
            self.wrong(name, TOO_LONG, length=len(typed), most=LETTERS)
        self.check_storable(name)

    def check_storable(self, name: str) -> None:
        """Note when a value holds characters that cannot be kept."""
        if "\0" in self[name] or SURROGATE.search(self[name]):
            self.wrong(name, UNSTORABLE)


async def read(request: Request) -> Form:
    """Read a form of ours."""
    visit, body = visit_of(request), await _body(request)
    files: dict[str, bytes] = {}
    if boundary := BOUNDARY.match(request.headers.get("content-type", "")):
        pairs, files = _parts(body, boundary[1].encode("latin-1"))
    else:
        pairs = _pairs(body)
    form = Form(visit, {name: value.replace("\r\n", "\n") for name, value in pairs}, files=files)
    request.scope["form"] = form
    for name in form.values:
        form.check_storable(name)
    if visit.kept is None or not visit.seal.is_ours(visit.kept.visit, form.values.pop(FORM_TOKEN, "")):
        raise FormNotOurs(form)
    return form


def _pairs(body: bytes) -> list[tuple[str, str]]:
    typed = body.decode("utf-8", "surrogateescape")
    try:
        return parse_qsl(typed, keep_blank_values=True, errors="surrogateescape", max_num_fields=FIELDS)
    except ValueError:
        raise HTTPException(400) from None


def _parts(body: bytes, boundary: bytes) -> tuple[list[tuple[str, str]], dict[str, bytes]]:
    """Read the parts of a form that carries files; of a file its bytes only, never its name."""
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1]
    if len(pieces) > FIELDS:
        raise HTTPException(400)
    pairs, files = list[tuple[str, str]](), dict[str, bytes]()
    for piece in pieces:
        head, _, content = piece.partition(b"\r\n\r\n")
        if not (named := PART.search(head)):
            raise HTTPException(400)
        if b"filename=" in head:
            files[named[1].decode("utf-8", "replace")] = content
        else:
            pairs.append((named[1].decode("utf-8", "replace"), content.decode("utf-8", "surrogateescape")))
    return pairs, files


async def _body(request: Request) -> bytes:
    """Read what was sent; of what is too large the rest is heard out, so that the browser gets to see our answer."""
    kept, size = bytearray(), 0
    async for piece in request.stream():
        size += len(piece)
        if size <= BYTES:
            kept += piece
        elif size > HEARD_OUT:
            break
    if size > BYTES:
        raise HTTPException(413)
    return bytes(kept)


def empty(request: Request, **values: str) -> Form:
    """Return a form in which only these values stand."""
    return Form(visit_of(request), values)
