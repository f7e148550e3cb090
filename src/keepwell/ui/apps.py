"""The room's entry in Django's list of apps."""

from django.apps import AppConfig

from keepwell.ui import forms


class UiConfig(AppConfig):
    name = "keepwell.ui"
    label = "ui"

    def ready(self) -> None:
        forms.speak_kindly()
