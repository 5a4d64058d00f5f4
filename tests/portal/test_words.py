"""Every sentence of the portal is said in both languages, and no catalogue says more than is asked."""

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from services.portal import words

PORTAL = Path(words.__file__).parent
TEMPLATES = {"extensions": "jinja2.ext.i18n", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
KEYWORDS = {"_": None, "ngettext": (1, 2), "N_": None, "say": None, "said": None}
OF_NO_ONE = {"BODY_KIND", "ROLE"}


def asked_for() -> set[str]:
    methods = [("templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
    found = extract_from_dir(str(PORTAL), methods, {"templates/**.html": TEMPLATES}, keywords=KEYWORDS)
    sentences = {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}
    values = {name for each in words.LABELLED.values() for name in each.keys() if not name.endswith("_UNSPECIFIED")}
    return sentences | values | {f"quarter.{number}" for number in range(1, 5)}


def said_in(language: str) -> dict[str, object]:
    with (words.FOLDER / f"{language}.po").open("rb") as written:
        catalogue = read_po(written, locale=language, abort_invalid=True)
    return {each.id if isinstance(each.id, str) else each.id[0]: each for each in catalogue if each.id}


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_sentence_is_said_and_none_is_left_over(language):
    assert set(said_in(language)) == asked_for()


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_no_sentence_is_empty_and_each_keeps_its_facts(language):
    for message in said_in(language).values():
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(forms), message.id
        assert not list(message.check()), message.id


def test_a_value_that_this_version_does_not_know_is_shown_as_nothing():
    assert words.label("ar", 99, "state") == "–"
    assert words.label("fr", 1, "state") == "Inscrite"
