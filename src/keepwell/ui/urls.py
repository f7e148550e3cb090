"""The room's addresses. `help` belongs to the room that keeps the crisis lines; it wears `ui/help_now.html`."""

from django.urls import path

from keepwell.ui import views

urlpatterns = [
    path("leave/", views.leave, name="leave"),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("robots.txt", views.robots, name="robots"),
    path("style/", views.style, name="style"),
]
