from django.apps import AppConfig


class Plans(AppConfig):
    name = "keepwell.plans"
    label = "plans"
