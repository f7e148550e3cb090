from django.apps import AppConfig


class Insight(AppConfig):
    name = "keepwell.insight"
    label = "insight"
