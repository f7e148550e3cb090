"""TIS-3: no message says anything sensitive in its subject, its sender or its first lines, in any language."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import allauth
import pytest
from django.conf import settings
from django.http import HttpRequest
from pytest_django import Settings

from keepwell.notify import catalogue, letters
from keepwell.notify.accounts import Accounts
from keepwell.notify.rules.reference import reference

# Beginnings of words, so that "therap" finds therapy, therapist and terapia has its own.
SENSITIVE = {
    "en": """health mental well-being wellbeing wellness self-care compassion fatigue burnout burn-out exhaust stress trauma
    traumatic therap counsel psych depress anxi suicid self-harm harm hurt pain grief grie sad cry tears mood feeling emotion cope
    coping overwhelm crisis emergenc hotline helpline support danger risk safe shelter refuge abuse abus victim survivor exploit
    traffick sex rape assault violen perpetrat offend pimp child youth minor young girl teen mentee mentor case client debrief
    supervis incident boundar reflect journal diagnos symptom score scale medic doctor hospital drug alcohol addict police court
    disclos advoca""".split(),
    "es": """salud mental bienestar autocuidado compasi fatiga agotamiento desgaste quemad estrés estres trauma terap consejer psic
    depresi ansiedad suicid autolesi daño dolor duelo trist llor ánimo sentimient emoci afront abrum crisis emergenc línea_de_ayuda
    apoyo peligro riesgo segur refugio albergue abus maltrat víctima victima supervivi sobrevivi explot trata tráfico sexu sexo
    violaci agresi violen agresor niñ niña joven jóven menor adolescen mentor mentora caso client reunión_de_descarga supervis
    incident límite reflexi diario diagnós diagnost síntoma puntuaci escala médic medic hospital droga alcohol adicci policía
    juzgado tribunal""".split(),
}
LANGUAGES = [code for code, _ in settings.LANGUAGES]
CASES = [
    pytest.param(entry, language, more, id=f"{entry.slug}-{language}{'-more' if more else ''}")
    for entry in catalogue.ENTRIES
    for language in LANGUAGES
    for more in (False, True)
    if entry.says_more or not more
]


def _bare(page: str) -> str:
    body = re.sub(r"(?s)<(style|title).*?</\1>", " ", page)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def _found(text: str, language: str) -> Iterator[str]:
    low = text.lower()
    for word in {*SENSITIVE["en"], *SENSITIVE["es"]} if language == "es" else SENSITIVE["en"]:
        if re.search(rf"(?<!\w){re.escape(word.replace('_', ' '))}", low):
            yield word


def test_the_lists_are_long_enough_and_bite() -> None:
    assert all(len(set(words)) >= 60 for words in SENSITIVE.values())
    assert "burnout" in list(_found("Your Burnout result", "en"))
    assert "agotamiento" in list(_found("Tu agotamiento esta semana", "es"))


@pytest.mark.parametrize(("entry", "language", "more"), CASES)
def test_a_locked_screen_shows_nothing(entry: catalogue.Entry, language: str, more: bool) -> None:
    letter = letters.write(entry, {**entry.example, "agency": "—"}, language=language, say_more=more, message=uuid4())
    assert letter.subject
    assert len(letter.subject) <= 60
    for shown in (letter.subject, letters.sender(), letter.text[:120], _bare(letter.html)[:120]):
        assert list(_found(shown, language)) == []


@pytest.mark.parametrize(("entry", "language", "more"), CASES)
def test_both_forms_say_the_same(entry: catalogue.Entry, language: str, more: bool) -> None:
    message = uuid4()
    letter = letters.write(entry, entry.example, language=language, say_more=more, message=message)
    for paragraph in entry.more_body if more else entry.body:
        first = str(paragraph).partition("%(")[0]
        assert language != "en" or (first in letter.text and first in _bare(letter.html))
    assert reference(message) in letter.text
    assert reference(message) in letter.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_discreet_reminder_does_not_tell_one_thing_from_another(language: str) -> None:
    reminders = [entry for entry in catalogue.ENTRIES if entry.lane == catalogue.REMINDER]
    words = {letters.write(entry, {"path": f"/{entry.slug}/"}, language=language) for entry in reminders}
    assert len(reminders) > 1
    assert len(words) == 1


def test_say_more_leads_to_the_thing_itself(settings: Settings) -> None:
    settings.KEEPWELL_BASE_URL = "https://kw.example"
    entry = catalogue.entry("check-in-reminder")
    assert (
        "https://kw.example/check-in/"
        in letters.write(entry, {"path": "/check-in/"}, language="en", say_more=True).text
    )
    discreet = letters.write(entry, {"path": "/check-in/"}, language="en").text
    assert "check-in" not in discreet
    assert "https://kw.example/\n" in discreet


def test_html_can_not_be_brought_in_by_a_name() -> None:
    entry = catalogue.entry("invitation")
    letter = letters.write(entry, {**entry.example, "agency": "<script>x</script> & Co", "note": "a\nb"}, language="en")
    assert "<script>x" not in letter.html
    assert "<script>x</script> & Co" in letter.text


# Messages of the sign-in library that it can't send with our settings, each with the setting that says so.
NOT_SENT = {
    "email-confirmation-signup": lambda: not Accounts().is_open_for_signup(HttpRequest()),
    "login-code": lambda: not getattr(settings, "ACCOUNT_LOGIN_BY_CODE_ENABLED", False),
    "unknown-account": lambda: not settings.ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS,
    "password-reset-key": lambda: settings.ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED,
}


def test_whatever_the_sign_in_library_can_send_is_in_the_catalogue() -> None:
    home = Path(allauth.__file__).parent / "templates"
    kinds = {
        path.name.removesuffix("_subject.txt").replace("_", "-")
        for app in ("account", "mfa", "usersessions")
        for path in (home / app / "email").glob("*_subject.txt")
    }
    assert len(kinds) > 10
    assert {kind for kind in kinds if not catalogue.knows(kind)} == set(NOT_SENT)
    assert all(holds() for holds in NOT_SENT.values())


def test_slugs_are_unique_and_fit_their_column() -> None:
    slugs = [entry.slug for entry in catalogue.ENTRIES]
    assert len(slugs) == len(set(slugs))
    assert max(map(len, slugs)) <= 40


def test_a_code_lasts_as_long_as_its_message_says() -> None:
    assert (
        settings.ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT
        == settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT
        == 15 * 60
    )
    assert catalogue.CODE_LASTS.total_seconds() == 15 * 60


def test_a_blank_left_empty_is_told_to_whoever_writes_the_message() -> None:
    for entry in catalogue.ENTRIES:
        entry.fits(entry.example)
    with pytest.raises(KeyError):
        catalogue.entry("invitation").fits({"agency": "x"})
