"""The line to the mail server: opened when needed, kept for a batch, cut when one sending takes too long."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import threading
from types import TracebackType

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from keepwell.notify import catalogue, letters
from keepwell.notify.models import Message
from keepwell.notify.rules import retry


class Refusal(Exception):
    """The mail server did not take a message. ``lasting``: it never will."""

    def __init__(self, sentence: str, *, lasting: bool) -> None:
        super().__init__(sentence)
        self.sentence, self.lasting = sentence[:500], lasting


class Line:
    """``is_down`` once the server can't be spoken to: the rest of the batch then waits without being tried."""

    def __init__(self, within: float = retry.SEND_WITHIN.total_seconds()) -> None:
        self.within = within
        self.is_down, self.sentence = False, ""
        self._backend: BaseEmailBackend | None = None

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def open(self) -> None:
        """Connect and sign in, if that is yet to be done. A server that won't is no message's fault."""
        if self._backend is not None or self.is_down:
            return
        backend = get_connection()
        try:
            with _cut_after(backend, self.within):
                backend.open()
        except (OSError, smtplib.SMTPException) as fault:
            self.is_down, self.sentence = True, _sentence(fault)
            with contextlib.suppress(Exception):
                backend.close()
            return
        self._backend = backend

    def send(self, message: Message) -> str:
        """Send one; returns only when the server has taken it."""
        backend = self._backend
        if backend is None:
            raise Refusal(self.sentence, lasting=False)
        envelope = message.envelope
        entry = catalogue.entry(message.kind)
        params = envelope["params"]
        letter = letters.write(
            entry, params, language=envelope["language"], say_more=bool(params.get("more")), message=message.id
        )
        mail = letters.as_mail(
            letter, to=envelope["to"], message=message.id, channel=message.channel, connection=backend
        )
        try:
            with _cut_after(backend, self.within):
                backend.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as fault:
            code, said = next(iter(fault.recipients.values()), (450, b""))
            raise Refusal(f"{code} {_text(said)}", lasting=500 <= code < 600) from fault
        except smtplib.SMTPSenderRefused as fault:
            self._hang_up(fault)  # our own address is refused: a fault of the set-up, which somebody can mend
            raise Refusal(_sentence(fault), lasting=False) from fault
        except smtplib.SMTPDataError as fault:
            raise Refusal(_sentence(fault), lasting=500 <= fault.smtp_code < 600) from fault
        except (OSError, smtplib.SMTPException) as fault:
            # Cut off, perhaps after it was taken: nobody can know. It is sent again with the same Message-ID.
            self._close()
            raise Refusal(_sentence(fault), lasting=False) from fault
        return "250"

    def _hang_up(self, fault: Exception) -> None:
        self.is_down, self.sentence = True, _sentence(fault)
        self._close()

    def _close(self) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            with contextlib.suppress(Exception):  # it may be gone already, and what it took stays taken
                backend.close()


class _cut_after:  # noqa: N801  # reads as a verb where it is used
    """Cuts the line when the whole takes too long: a time-out for each answer alone lets a server that drips go on for ever."""

    def __init__(self, backend: BaseEmailBackend, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._cut, (backend,))
        self._timer.daemon = True

    def _cut(self, backend: BaseEmailBackend) -> None:
        sock = getattr(getattr(backend, "connection", None), "sock", None)
        if isinstance(sock, socket.socket):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _sentence(fault: Exception) -> str:
    if isinstance(fault, smtplib.SMTPResponseException):
        return f"{fault.smtp_code} {_text(fault.smtp_error)}"
    return str(fault) or type(fault).__name__
