"""Every address of Keepwell, by room. Names that stay stable: see docs/."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from keepwell import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("keepwell.today.urls")),
    path("", include("keepwell.ui.urls")),
    path("", include("keepwell.people.urls")),
    path("", include("keepwell.people.urls_agency")),
    path("", include("keepwell.notify.urls")),
    path("check-in/", include("keepwell.measures.urls")),
    path("plan/", include("keepwell.plans.urls")),
    path("", include("keepwell.insight.urls")),
]

if settings.DEMO:  # the door by which one enters a demonstration as one of its cast; routed in no other store
    urlpatterns.append(path("", include("keepwell.demo.door")))

handler400 = "keepwell.ui.views.bad_request"
handler403 = "keepwell.ui.views.forbidden"
handler404 = "keepwell.ui.views.not_found"
handler500 = "keepwell.ui.views.broken"
