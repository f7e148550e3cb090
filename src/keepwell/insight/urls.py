from __future__ import annotations

from django.urls import path

from keepwell.insight import public, trends, views

app_name = "insight"

urlpatterns = [
    path("trends/", trends.trends, name="trends"),
    path("me/data/", views.data, name="data"),
    path("me/data/export/", views.ask_export, name="ask_export"),
    path("me/data/export/<uuid:export_id>/", views.download, name="download"),
    path("me/data/export/<uuid:export_id>/drop/", views.drop_export, name="drop_export"),
    path("me/data/things/", views.things, name="things"),
    path("me/data/things/<slug:room>/<slug:table>/<uuid:row_id>/erase/", views.erase_thing, name="erase_thing"),
    path("me/data/erase/", views.erase_everything, name="erase"),
    path("erased/", public.gone, name="gone"),
]
