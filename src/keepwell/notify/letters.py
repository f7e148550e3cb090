"""From an entry of the catalogue to the very words that are sent: subject, plain text and HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from keepwell.notify.catalogue import Entry
from keepwell.notify.rules import reference


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str


def write(
    entry: Entry, params: Mapping[str, str], *, language: str, say_more: bool = False, message: UUID | None = None
) -> Letter:
    """The letter, in ``language``. ``params`` fill its blanks; "path" among them is where its link leads."""
    with translation.override(language):
        more = say_more and entry.says_more
        filled = (str(paragraph) % params for paragraph in (entry.more_body if more else entry.body))
        subject = str(entry.more_subject if more else entry.subject)
        # The address of a page says what it is about too: the discreet letter leads to the front page.
        path = params.get("path", entry.path) if more or not entry.says_more else entry.path
        context = {
            "subject": subject,
            "paragraphs": [paragraph for paragraph in filled if paragraph.strip()],
            "go": entry.go,
            "url": f"{settings.KEEPWELL_BASE_URL}{path}" if path else "",
            "settings_url": f"{settings.KEEPWELL_BASE_URL}{reverse('notify:hours')}" if entry.optional else "",
            "reference": reference.reference(message) if message else "",
        }
        return Letter(
            subject=" ".join(subject.split()),
            text=render_to_string("notify/letter.txt", context).strip() + "\n",
            html=render_to_string("notify/letter.html", context).strip() + "\n",
        )


def sender() -> str:
    """Who it is from: the name given with the address, else the product's. Never the agency's, which may say too much."""
    name, address = parseaddr(settings.KEEPWELL_EMAIL_FROM)
    return formataddr((name or settings.KEEPWELL_NAME, address))


def domain() -> str:
    """What stands behind the @ of a Message-ID."""
    address = parseaddr(settings.KEEPWELL_EMAIL_FROM)[1]
    return address.rpartition("@")[2] or urlsplit(settings.KEEPWELL_BASE_URL).hostname or "localhost"


def as_mail(
    letter: Letter, *, to: str, message: UUID, channel: str, connection: BaseEmailBackend
) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        letter.subject,
        letter.text,
        sender(),
        [to],
        headers={
            "Message-ID": reference.message_id(message, channel, domain()),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
        connection=connection,
    )
    mail.attach_alternative(letter.html, "text/html")
    return mail
