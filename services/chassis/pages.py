"""Pages of a list: how many, and after which; a token works only for the list that gave it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2s
from typing import Any

from google.protobuf.message import Message

from services.chassis.refusals import PageInvalid

LARGEST = 200
USUAL = 50
LONGEST_TOKEN = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What was asked for: `size` things after the keys of the last one seen, none on the first page."""

    size: int
    after: tuple[str, ...]
    _list: str

    def token(self, *keys: str) -> str:
        """Return the token of the page that follows the thing with these keys."""
        return urlsafe_b64encode(json.dumps([self._list, *keys], ensure_ascii=False).encode()).decode()


def read(request: Message, *, keys: int, usual: int = USUAL, most: int = LARGEST) -> Page:
    """Read page_size and page_token of a request whose list is sorted by so many keys."""
    asked: Any = request
    if not 0 <= asked.page_size <= most:
        raise PageInvalid(field="page_size", most=most)
    same = _list_of(request)
    after = _keys(asked.page_token, same) if asked.page_token else ()
    if after and len(after) != keys:
        raise PageInvalid(most=most)
    return Page(size=asked.page_size or usual, after=tuple(after), _list=same)


def _list_of(request: Message) -> str:
    """Condense which list is meant, leaving the page aside."""
    question = type(request)()
    question.CopyFrom(request)
    question.ClearField("page_size")
    question.ClearField("page_token")
    return blake2s(question.SerializeToString(deterministic=True), digest_size=8).hexdigest()


def _keys(token: str, same: str) -> Sequence[str]:
    if len(token) > LONGEST_TOKEN:
        raise PageInvalid(most=LARGEST)
    try:
        said, *keys = json.loads(urlsafe_b64decode(token))
    except (ValueError, TypeError):
        raise PageInvalid(most=LARGEST) from None
    if said != same or not all(isinstance(key, str) and "\0" not in key for key in keys):
        raise PageInvalid(most=LARGEST)
    return list(keys)
