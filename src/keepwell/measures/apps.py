from django.apps import AppConfig


class Measures(AppConfig):
    name = "keepwell.measures"
    label = "measures"
