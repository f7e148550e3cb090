from django.apps import AppConfig


class Ballots(AppConfig):
    name = "keepwell.ballots"
    label = "ballots"
