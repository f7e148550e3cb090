"""The room's entry in Django's list of apps."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "keepwell.ui"
    label = "ui"
