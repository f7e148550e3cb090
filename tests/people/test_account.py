"""Signing in and out, the second key, passwords and shared devices: the library's doors in our dress."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.template.loader import get_template
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from keepwell import settings as keepwell_settings
from keepwell.notify.models import Message
from keepwell.people.forms.arrive import NewPassword
from keepwell.people.models import Person
from tests import support


@pytest.fixture(autouse=True)
def no_old_limits(db: None) -> None:
    cache.clear()


def sign_in(client: Client, person: Person, **more: str) -> Any:
    return client.post(reverse("account_login"), {"login": person.email, "password": support.PASSWORD, **more})


def reauthenticated(client: Client) -> Client:
    """As after typing the password once more."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        *session.get(AUTHENTICATION_METHODS_SESSION_KEY, []),
        {"method": "password", "at": time.time(), "reauthenticated": True},
    ]
    session["account_authentication_methods_user"] = str(session["_auth_user_id"])
    session.save()
    return client


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def last_code() -> str:
    message = Message.objects.order_by("-id").first()
    assert message is not None
    return str(message.envelope["params"]["code"])


# ---- what exists ----


def test_no_way_in_but_by_invitation(db: None) -> None:
    for path in (
        "signup/",
        "signup/passkey/",
        "login/code/",
        "3rdparty/",
        "social/login/",
        "confirm-email/x/",
        "phone/verify/",
    ):
        assert Client().get(f"/account/{path}").status_code == 404
        assert Client().post(f"/account/{path}", {"email": "x@y.example"}).status_code == 404
    for name in ("account_signup", "account_request_login_code", "account_signup_by_passkey", "socialaccount_signup"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_every_page_of_the_library_wears_our_dress() -> None:
    checked = 0
    for name in (key for key in get_resolver().reverse_dict if isinstance(key, str)):
        if not name.startswith(("account_", "mfa_", "usersessions_")):
            continue
        view = (
            get_resolver()
            .resolve(reverse(name, kwargs={"pk": 1} if name in ("mfa_remove_webauthn", "mfa_edit_webauthn") else None))
            .func
        )
        template = getattr(getattr(view, "view_class", None), "template_name", None)
        if not template:
            continue
        checked += 1
        assert "/keepwell/people/templates/" in str(get_template(template).origin.name), (
            f"{name} shows the library's own {template}"
        )
    assert checked >= 15


# ---- in and out ----


def test_in_and_out(cast: support.Cast, now: datetime) -> None:
    client = Client()
    assert sign_in(client, cast.ada).url == reverse("today")
    assert client.get(reverse("me")).status_code == 200
    assert "Sign out of this device?" in client.get(reverse("account_logout")).content.decode()
    assert client.get(reverse("me")).status_code == 200
    assert client.post(reverse("account_logout")).url == "/"
    assert client.get(reverse("me")).url.startswith(reverse("account_login"))


def test_next_leads_on_and_never_elsewhere(cast: support.Cast, now: datetime) -> None:
    assert sign_in(Client(), cast.ada, next="/me/theme/").url == "/me/theme/"
    for bad in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        assert sign_in(Client(), cast.ada, next=bad).url == reverse("today")


def test_the_answer_is_the_same_for_known_and_unknown_addresses(cast: support.Cast, now: datetime) -> None:
    """AUTH-4."""
    def said(path: str, told: dict[str, str]) -> str:
        page = Client().post(reverse(path), told, follow=True).content.decode()
        return re.sub(
            r"(csrfmiddlewaretoken|nonce)[^>]*>", "", page.replace(told.get("login", told.get("email", "")), "ADDRESS")
        )

    known, unknown = cast.ada.email, "who@demo.example"
    assert said("account_login", {"login": known, "password": "wrong wrong"}) == said(
        "account_login", {"login": unknown, "password": "wrong wrong"}
    )
    assert said("account_reset_password", {"email": known}) == said("account_reset_password", {"email": unknown})
    assert [m.envelope["to"] for m in Message.objects.all()] == [known]
    assert mail.outbox == []


def test_a_locked_account_is_told_so(cast: support.Cast, now: datetime) -> None:
    Person.objects.filter(pk=cast.ada.pk).update(is_active=False)
    answer = sign_in(Client(), cast.ada)
    assert answer.url == reverse("account_inactive")
    page = Client().get(answer.url)
    assert page.status_code == 403
    assert "This account is locked" in page.content.decode()


def test_too_many_tries_are_slowed_in_words_of_ours(cast: support.Cast, now: datetime) -> None:
    client = Client()
    pages = [
        client.post(reverse("account_login"), {"login": cast.ada.email, "password": f"wrong {n}"}) for n in range(8)
    ]
    assert "That was often in a short time" in pages[-1].content.decode()
    assert sign_in(client, cast.ada).status_code != 302
    many = [
        client.post(reverse("account_login"), {"login": f"x{n}@y.example", "password": "wrong"}) for n in range(40)
    ][-1]
    assert many.status_code == 429
    assert "A little slower, please" in many.content.decode()


def test_auth_3_tries_are_counted_for_all_workers_together(cast: support.Cast, now: datetime, settings: Any) -> None:
    """Each worker has its own memory; the count lies in the store that they share."""
    assert keepwell_settings.CACHES["default"]["BACKEND"].endswith("db.DatabaseCache") or keepwell_settings.read("KEEPWELL_CACHE_URL")
    table = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "keepwell_cache"}
    settings.CACHES = {"default": table}
    call_command("createcachetable", verbosity=0)

    def another_worker() -> Client:
        settings.CACHES = {"default": dict(table)}  # Django makes its caches anew, as a worker that has just started
        return Client()

    pages = [
        another_worker().post(reverse("account_login"), {"login": cast.ada.email, "password": f"wrong {n}"}) for n in range(8)
    ]
    assert "That was often in a short time" not in pages[0].content.decode()
    assert "That was often in a short time" in pages[-1].content.decode()
    assert sign_in(another_worker(), cast.ada).status_code != 302


# ---- a device that others use too ----


def test_on_a_shared_device_the_session_ends_with_the_browser(cast: support.Cast, now: datetime) -> None:
    own, shared = Client(), Client()
    sign_in(own, cast.ada)
    assert own.cookies["kw"]["max-age"]
    sign_in(shared, cast.ada, shared="on")
    assert not shared.cookies["kw"]["max-age"]
    assert shared.get(reverse("me")).status_code == 200
    assert not shared.cookies["kw_last"]["max-age"]


def test_on_a_shared_device_half_an_hour_without_a_step_signs_out(cast: support.Cast, now: datetime) -> None:
    shared, own = Client(), Client()
    sign_in(shared, cast.ada, shared="on")
    sign_in(own, cast.ada)
    for minutes in (20, 40):  # each step begins the half hour anew
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            assert shared.get(reverse("me")).status_code == 200
    with time_machine.travel(now + timedelta(minutes=71), tick=False):
        assert shared.get(reverse("me")).url.startswith(reverse("account_login"))
        assert own.get(reverse("me")).status_code == 200


def test_on_a_shared_device_no_passkey_is_offered(cast: support.Cast, now: datetime) -> None:
    shared, own = Client(), Client()
    sign_in(shared, cast.ada, shared="on")
    sign_in(own, cast.ada)
    assert reverse("mfa_add_webauthn") in own.get(reverse("me_security")).content.decode()
    assert reverse("mfa_add_webauthn") not in shared.get(reverse("me_security")).content.decode()
    boss = Client()
    sign_in(boss, cast.ben, shared="on")
    assert reverse("mfa_add_webauthn") not in boss.get(reverse("second_factor")).content.decode()


# ---- the second key ----


def test_half_way_in_nothing_opens(cast: support.Cast, now: datetime) -> None:
    client = Client()
    sign_in(client, cast.ben)
    for name in ("today", "me", "me_security", "me_who_sees", "kept_form_let_go"):
        answer = client.post(reverse(name)) if name == "kept_form_let_go" else client.get(reverse(name))
        assert answer.url == reverse("second_factor"), name
    assert client.get(reverse("help")).status_code == 200


def test_adding_a_code_opens_the_session_it_was_added_in_and_no_other(cast: support.Cast, now: datetime) -> None:
    here, elsewhere = Client(), Client()
    sign_in(here, cast.ben)
    sign_in(elsewhere, cast.ben)
    assert here.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))
    here.post(reverse("account_reauthenticate"), {"password": support.PASSWORD})
    page = here.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'class="secret">([A-Z2-7]+)<', page)
    assert secret
    wrong = here.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "code" in wrong.context["form"].errors
    added = here.post(reverse("mfa_activate_totp"), {"code": code_of(secret[1])})
    assert added.url == reverse("mfa_view_recovery_codes")
    codes = re.findall(r"<code>(\w+)</code>", here.get(added.url).content.decode())
    assert len(codes) == 10
    assert here.get(reverse("me")).status_code == 200
    assert elsewhere.get(reverse("me")).url == reverse("second_factor")
    assert elsewhere.get(reverse("second_factor")).url.startswith(reverse("mfa_reauthenticate"))
    elsewhere.post(reverse("mfa_reauthenticate"), {"code": codes[0]})
    assert elsewhere.get(reverse("me")).status_code == 200
    assert elsewhere.post(reverse("mfa_reauthenticate"), {"code": codes[0]}).status_code == 200, (
        "a recovery code opened twice"
    )


def test_signing_in_asks_for_the_second_key(cast: support.Cast, now: datetime) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast.ben, secret)
    RecoveryCodes.activate(cast.ben)
    client = Client()
    answer = sign_in(client, cast.ben, next="/me/theme/")
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert client.get(reverse("me")).url.startswith(reverse("account_login"))
    assert "The password fits. One more step." in client.get(reverse("mfa_authenticate")).content.decode()
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).url == "/me/theme/"
    assert client.get(reverse("me_theme")).status_code == 200


def test_the_secret_of_the_second_key_lies_sealed(cast: support.Cast, now: datetime) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast.ben, secret)
    assert secret not in str(Authenticator.objects.get(user=cast.ben).data)


def test_a_waiting_private_address_does_not_stop_a_second_key(cast: support.Cast, now: datetime) -> None:
    EmailAddress.objects.create(user=cast.ben, email="ben@home.example", verified=False)
    client = Client()
    sign_in(client, cast.ben)
    assert reauthenticated(client).get(reverse("mfa_activate_totp")).status_code == 200


def test_who_answers_for_nobody_is_not_told_they_do(cast: support.Cast, now: datetime) -> None:
    client = Client()
    sign_in(client, cast.ada)
    assert client.get(reverse("second_factor")).url == reverse("today")


# ---- passwords ----


def test_a_new_password_by_a_code_from_a_letter(cast: support.Cast, now: datetime) -> None:
    client = Client()
    asked = client.post(reverse("account_reset_password"), {"email": cast.ada.email})
    assert asked.url == reverse("account_confirm_password_reset_code")
    assert client.post(asked.url, {"code": "WRONG"}).status_code == 200
    fits = client.post(asked.url, {"code": last_code()})
    assert fits.url == reverse("account_complete_password_reset")
    assert "at least 10 characters" in client.post(fits.url, {"password1": "short"}).content.decode()
    done = client.post(fits.url, {"password1": "a wholly new one"})
    assert done.url == reverse("account_password_reset_completed")
    cast.ada.refresh_from_db()
    assert cast.ada.check_password("a wholly new one")
    assert client.get(reverse("me")).status_code == 302


def test_no_code_for_a_new_password_to_an_address_nobody_proved(cast: support.Cast, now: datetime) -> None:
    """A slip while typing a private address must not open the account to whoever has that mailbox."""
    EmailAddress.objects.create(user=cast.ada, email="slip@elsewhere.example", verified=False)
    Client().post(reverse("account_reset_password"), {"email": "slip@elsewhere.example"})
    assert not Message.objects.exists()
    EmailAddress.objects.filter(email="slip@elsewhere.example").update(verified=True)
    form = NewPassword({"email": "Slip@elsewhere.example"})
    assert form.is_valid()
    assert form.users == [cast.ada]


def test_changing_a_password(cast: support.Cast, now: datetime, client_of: Callable[..., Client]) -> None:
    client, address = client_of(cast.ada), reverse("account_change_password")
    assert (
        "not your password now"
        in client.post(address, {"oldpassword": "nope", "password1": "a wholly new one"}).content.decode()
    )
    assert client.post(address, {"oldpassword": support.PASSWORD, "password1": "a wholly new one"}).status_code == 302
    cast.ada.refresh_from_db()
    assert cast.ada.check_password("a wholly new one")


def test_no_form_offers_a_placeholder_for_a_label(
    cast: support.Cast, now: datetime, client_of: Callable[..., Client]
) -> None:
    ada = client_of(cast.ada)
    pages = [Client().get(reverse(name)) for name in ("account_login", "account_reset_password")]
    pages += [ada.get(reverse(name)) for name in ("account_email", "account_change_password", "account_reauthenticate")]
    for page in pages:
        assert page.status_code == 200
        assert "placeholder=" not in page.content.decode()


# ---- sessions ----


def test_sign_out_everywhere_else(cast: support.Cast, now: datetime) -> None:
    here, there = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux) Gecko/1 Firefox/131"}), Client()
    sign_in(here, cast.ada)
    sign_in(there, cast.ada)
    page = here.get(reverse("usersessions_list")).content.decode()
    assert "Firefox, Linux" in page
    here.post(reverse("usersessions_list"))
    assert here.get(reverse("me")).status_code == 200
    assert there.get(reverse("me")).status_code == 302
