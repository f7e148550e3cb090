"""Addresses of this room; the sign-in library's own stand in `urls_account`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from keepwell.people.views import account, arrive, kept, me, public

urlpatterns: list[URLPattern | URLResolver] = [
    path("help/", public.help_now, name="help"),
    path("privacy/", public.privacy, name="privacy"),
    path("join/<str:token>/", arrive.invitation, name="arrive"),
    path("join/<str:token>/go-on/", arrive.go_on, name="arrive_go_on"),
    path("join/<str:token>/take/", arrive.take, name="arrive_take"),
    path("join/<str:token>/key/", arrive.key, name="arrive_key"),
    path("arrive/", arrive.you, name="arrive_you"),
    path("second-factor/", account.second_factor, name="second_factor"),
    path("kept/", kept.kept_form, name="kept_form"),
    path("kept/send/", kept.send, name="kept_form_send"),
    path("kept/let-go/", kept.let_go, name="kept_form_let_go"),
    path("me/", me.settings_list, name="me"),
    path("me/called/", me.called, name="me_called"),
    path("me/language/", me.in_time, name="me_in_time"),
    path("me/theme/", me.theme, name="me_theme"),
    path("me/who-sees/", me.who_sees, name="me_who_sees"),
    path("me/security/", me.security, name="me_security"),
    path("me/agency/", me.other_agency, name="me_other_agency"),
    path("me/leave/", me.leave_agency, name="me_leave"),
    path("account/", include("keepwell.people.urls_account")),
]
