from django.apps import AppConfig


class Today(AppConfig):
    name = "keepwell.today"
    label = "today"
