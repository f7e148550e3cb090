"""One address for each deed: reading notes, choosing hours, going away, switching a message, testing the post."""

from __future__ import annotations

from django.urls import path

from keepwell.notify import views

app_name = "notify"

urlpatterns = [
    path("me/notes/", views.notes, name="notes"),
    path("me/notes/read/", views.read_all, name="read_all"),
    path("me/notes/<uuid:note_id>/open/", views.open_note, name="open_note"),
    path("me/messages/", views.messages, name="catalogue"),
    path("me/messages/<slug:kind>/on/", views.switch_on, name="switch_on"),
    path("me/messages/<slug:kind>/off/", views.switch_off, name="switch_off"),
    path("me/hours/", views.hours, name="hours"),
    path("me/hours/away/", views.go_away, name="go_away"),
    path("me/hours/away/<uuid:hold_id>/end/", views.come_back, name="come_back"),
    path("agency/post/", views.post, name="email_test"),
    path("agency/post/test/", views.test_post, name="test_post"),
]
