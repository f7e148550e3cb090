from django.apps import AppConfig


class People(AppConfig):
    name = "keepwell.people"
    label = "people"

    def ready(self) -> None:
        from keepwell.people import checks  # noqa: F401  # system checks register on import; models must be there first
