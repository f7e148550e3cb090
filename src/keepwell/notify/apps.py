from django.apps import AppConfig


class Notify(AppConfig):
    name = "keepwell.notify"
    label = "notify"
