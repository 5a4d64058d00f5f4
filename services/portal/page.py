"""Making a page: the templates of each language, with the visit's facts in every one."""

import hashlib
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from services.portal import shown, words
from services.portal.forms import FORM_TOKEN, N_, Form
from services.portal.neighbours import new_request_id
from services.portal.visits import visit_of

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
DONE = {
    "accepted": N_("The referral was accepted."),
    "acknowledged": N_("Receipt was confirmed."),
    "asked": N_("The question was put; the clock is paused until it is answered."),
    "assessed": N_("The reply was judged."),
    "carried-out": N_("It was done, and takes effect with the next decision."),
    "backtest-cancelled": N_("The trial was ended; what it found stays."),
    "backtest-started": N_("The trial has begun; complaints that wait to be decided go first."),
    "closed": N_("The complaint was closed."),
    "decided": N_("Your decision was stored; the letter is being drafted."),
    "declined": N_("The referral was declined; the delegation sees whom you named."),
    "discarded": N_("The draft was discarded."),
    "dispatched": N_("The letter was dispatched."),
    "examined": N_("The complaint is now under examination."),
    "inadmissible": N_("The complaint was declared inadmissible."),
    "installed": N_("The rules were installed. They run once you try them in the shadow."),
    "precedence": N_("The new weights apply from the next decision on."),
    "reopened": N_("The complaint was opened again."),
    "replied": N_("The answer was recorded; the complainant can read it."),
    "revised": N_("The draft was saved."),
    "signed": N_("The letter was signed and numbered."),
}


@cache
def environment(language: str) -> Environment:
    """Prepare the templates for a language."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    made.install_gettext_translations(words.catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    for each in (shown.day, shown.moment, shown.isolated, shown.count, shown.secret, shown.words):
        made.filters[each.__name__] = each
    made.filters["label"] = partial(words.label, language)
    made.filters["role"] = partial(words.role, language)
    made.globals.update(FORM_TOKEN=FORM_TOKEN, new_request_id=new_request_id, share=shown.share, version=version())
    return made


@cache
def version() -> str:
    """Condense the style sheet, so that browsers fetch a new one when it changed."""
    return hashlib.sha256((STATIC / "diwan.css").read_bytes()).hexdigest()[:8]


def render(request: Request, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """Fill a template in the visitor's language."""
    visit = visit_of(request)
    form = facts.pop("form", None) or Form(visit)
    if isinstance(form, Form) and form.problems:
        status = max(status, 422)
    page = (
        environment(visit.language)
        .get_template(template)
        .render(visit=visit, link=visit.link, form=form, done=_done(request), **facts)
    )
    return HTMLResponse(page.encode("utf-8", "replace"), status_code=status)


def _done(request: Request) -> str:
    said = DONE.get(request.query_params.get("done", ""))
    return visit_of(request).say(said) if said else ""


def turn_to(request: Request, path: str, **query: object) -> RedirectResponse:
    """Send the browser on after an act."""
    return RedirectResponse(visit_of(request).link(path, **query), status_code=303)
