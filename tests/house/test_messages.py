"""Translations: nothing is left in English, and what we file is what Django looks up."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from django.template import Context, Engine
from django.utils import translation
from pytest_django import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("kw_messages", ROOT / "tools" / "messages.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["kw_messages"] = module
    spec.loader.exec_module(module)
    return module


def test_every_string_is_translated(messages: ModuleType) -> None:
    assert messages.rooms(), "no rooms found: the test would pass over nothing"
    assert [line for language in messages.LANGUAGES for line in messages.faults(language)] == []


PAGE = """{% load i18n %}<p title="{% translate "Close the page" %}">{% translate 'Save' context "a button" %} {{ _("Plain") }}</p>
{% blocktranslate %}Two
   lines{% endblocktranslate %}
    {% blocktranslate trimmed with who=person %}
        Written by {{ who }},
        100% by hand.
    {% endblocktranslate %}
  {% blocktranslate trimmed count days=n context "leave" %}
        One day off
    {% plural %}
        {{ days }} days off
    {% endblocktranslate %}
{% if x %}{% translate "50% done" %}{% endif %}{{ missing|default:_("Nothing yet") }}
"it's" unbalanced ( [ { \\ '''
"""
SPANISH = {
    (None, "Close the page"): "Cerrar la página",
    ("a button", "Save"): "Guardar",
    (None, "Plain"): "Sencillo",
    (None, "Two\n   lines"): "Dos\n   líneas",
    (None, "Written by %(who)s, 100%% by hand."): "Escrito por %(who)s, 100%% a mano.",
    ("leave", "One day off"): ("Un día libre", "%(days)s días libres"),
    (None, "50%% done"): "50%% hecho",
    (None, "Nothing yet"): "Nada todavía",
}


@pytest.fixture
def a_room(messages: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "garden" / "templates" / "garden").mkdir(parents=True)
    (tmp_path / "garden" / "templates" / "garden" / "page.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "garden" / "views.py").write_text(
        "from django.utils.translation import gettext_lazy as _, ngettext, pgettext_lazy\n"
        'TITLE = _("A garden, "\n          "in two halves")\nPLACE = pgettext_lazy("bench", "Seat")\n'
        'def many(n): return ngettext("one leaf", "%(n)d leaves", n)\nOPEN = _(TITLE)\n',
        encoding="utf-8",
    )
    for module in (messages, messages.catalogs):
        monkeypatch.setattr(module, "SOURCE", tmp_path)
    return tmp_path


def _translate(messages: ModuleType, room: Path) -> None:
    """Fills the .po of the garden as a translator would."""
    path = messages.po_path("garden", "es")
    catalog = messages.merged("garden", "es")
    for message in catalog:
        key = (message.context, messages._first(message))
        if key in SPANISH:
            message.string = SPANISH[key]
    path.write_bytes(messages.written(catalog, "garden", "es"))


def test_a_page_renders_in_spanish_with_the_words_the_tool_filed(
    messages: ModuleType, a_room: Path, settings: Settings
) -> None:
    assert messages.main(["update", "garden"]) == 0
    assert {key for key, one in messages.extract("garden").items() if one.files == ["garden/templates/garden/page.html"]} == set(
        SPANISH
    ), "the strings filed from the template are exactly those written in it"
    _translate(messages, a_room)
    assert messages.catalogs.compile_all(a_room), "nothing was compiled"

    settings.LOCALE_PATHS = [str(a_room / "garden" / "locale")]
    template = Engine(libraries={"i18n": "django.templatetags.i18n"}).from_string(PAGE)
    with translation.override("es"):
        one = template.render(Context({"person": "Mia", "n": 1, "x": True}))
        many = template.render(Context({"person": "Mia", "n": 3, "x": True}))
    plain = [reply % {"who": "Mia"} for reply in SPANISH.values() if isinstance(reply, str)]
    assert [words for words in plain if words not in one] == []
    assert "Un día libre" in one
    assert "3 días libres" in many


def test_check_names_each_gap_and_update_keeps_what_is_translated(
    messages: ModuleType, a_room: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert messages.main(["check"]) == 1
    assert "not in the .po" in capsys.readouterr().out
    messages.main(["update", "garden"])
    _translate(messages, a_room)
    before = messages.po_path("garden", "es").read_bytes()
    assert b"Guardar" in before
    messages.main(["update", "garden"])
    assert messages.po_path("garden", "es").read_bytes() == before, "a second run changes nothing"

    capsys.readouterr()
    assert messages.main(["check"]) == 1
    gaps = capsys.readouterr().out
    assert "'A garden, in two halves' is not translated" in gaps
    assert "'Seat' [bench] is not translated" in gaps
    assert "Guardar" not in gaps

    (a_room / "garden" / "templates" / "garden" / "page.html").write_text("{% load i18n %}{% translate 'Plain' %}", encoding="utf-8")
    messages.main(["update", "garden"])
    after = messages.po_path("garden", "es").read_text(encoding="utf-8")
    assert "Sencillo" in after
    assert "Guardar" not in after, "what the code no longer says is dropped"


def test_a_lost_placeholder_is_a_fault(messages: ModuleType, a_room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    messages.main(["update", "garden"])
    _translate(messages, a_room)
    path = messages.po_path("garden", "es")
    path.write_text(path.read_text(encoding="utf-8").replace("Escrito por %(who)s", "Escrito por %(quien)s"), encoding="utf-8")
    capsys.readouterr()
    messages.main(["check"])
    assert "Written by %(who)s" in capsys.readouterr().out
