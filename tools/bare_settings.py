"""For `make bench` alone: the plainest page somebody signed in can be shown, on the same store and the same server.

Django's own middleware and defaults, a session and a person from the database, one template. What Keepwell's pages are held against.
With KEEPWELL_BENCH_KEPT=1 it keeps its connections as Keepwell does; as Django comes, it opens one a request.
"""

from __future__ import annotations

import os
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from keepwell.settings import *  # noqa: F403

ROOT_URLCONF = "bare_settings"
for _database in DATABASES.values():  # noqa: F405
    if not os.environ.get("KEEPWELL_BENCH_KEPT"):
        _database["CONN_MAX_AGE"] = 0
MIDDLEWARE: list[Any] = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # the sign-in library does not start without it
]
PAGE = "<!doctype html><html><head><title>Bare</title></head><body><h1>Hello {{ request.user.called }}</h1></body></html>"


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PAGE).render({}, request))


def well(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("bare/", bare), path("healthz", well)]
