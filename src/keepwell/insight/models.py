"""An export somebody asked for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from keepwell.people.fields import SealedBytes
from keepwell.people.kinds import PrivateToPerson


class Export(PrivateToPerson):
    """Everything a person has here, as one archive: made by the clock, sealed with their key, kept a day."""

    WAITING, READY, FAILED = "waiting", "ready", "failed"

    state = models.CharField(
        max_length=8, choices=[(WAITING, _("Being made")), (READY, _("Ready")), (FAILED, _("Not made"))], default=WAITING
    )
    done = models.PositiveSmallIntegerField(default=0)  # rooms written
    of = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    archive = SealedBytes(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(state="waiting"), name="one_export_at_a_time"),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(state="waiting"), name="exports_waiting")]
