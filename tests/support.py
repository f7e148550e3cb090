"""What tests of several rooms share: the moment, the cast, the post office, a closed door to the network."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

if TYPE_CHECKING:
    from keepwell.people.models import Agency, Person, Programme, Team

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)  # a Wednesday
PASSWORD = "a long enough password"  # noqa: S105  # of people who exist only while a test runs


# ---- the network is off ----


class NetworkIsOff(AssertionError):
    """A test tried to reach something that is not this machine."""


def _is_here(host: object) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def close_the_network() -> None:
    """From now on only loopback and Unix sockets open; anything else fails the test that tried."""

    def guarded(method: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: socket.socket, *arguments: Any) -> Any:
            address = arguments[-1]
            if self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple) and not _is_here(address[0]):
                raise NetworkIsOff(f"a test tried to reach {address[0]}:{address[1]}")
            return method(self, *arguments)

        return call

    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, guarded(getattr(socket.socket, name)))

    look_up = socket.getaddrinfo

    def only_here(host: Any, *arguments: Any, **named: Any) -> Any:
        if not _is_here(host):
            raise NetworkIsOff(f"a test tried to look up {host}")
        return look_up(host, *arguments, **named)

    socket.getaddrinfo = only_here


# ---- people ----


@dataclass(frozen=True)
class Cast:
    """Everybody, by name, and where they are.

    Harbour Street: ada (staff, team Outreach, supervised by ben), rosa (staff, the same team), ben (supervises Outreach),
    kai (supervises Shelter), mia (volunteer mentor, team Evening mentors), pia (programme staff of Mentoring), cleo (manager),
    adam (administrator), tess (technical administrator). Quay Light: dov (staff), noor (supervises dov), uma (administrator).
    lena has left Harbour Street and keeps her own space.
    """

    harbour: Agency
    quay: Agency
    advocacy: Programme
    mentoring: Programme
    outreach: Team
    shelter: Team
    evening: Team
    quay_team: Team
    ada: Person
    rosa: Person
    ben: Person
    kai: Person
    mia: Person
    pia: Person
    cleo: Person
    adam: Person
    tess: Person
    dov: Person
    noor: Person
    uma: Person
    lena: Person

    @property
    def people(self) -> dict[str, Person]:
        from keepwell.people.models import Person  # models need Django set up; this module is read before

        return {name: value for name, value in vars(self).items() if isinstance(value, Person)}


# ---- a real post office ----


@dataclass
class Post:
    """A real SMTP server on loopback that does as it is told.

    `mode`: "accept" · "refuse" (550 to the recipient) · "later" (451) · "stall" (says nothing for `stalls` seconds) ·
    "drop" (takes the mail, then cuts the line before saying so).
    """

    mode: str = "accept"
    stalls: float = 30.0
    mails: list[Message] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    host: str = "127.0.0.1"
    port: int = 0

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if self.mode == "refuse":
            return "550 5.1.1 no such mailbox"
        if self.mode == "later":
            return "451 4.3.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.mode == "stall":
            await asyncio.sleep(self.stalls)
        content = envelope.content or b""
        self.mails.append(message_from_bytes(content if isinstance(content, bytes) else content.encode()))
        self.recipients.extend(envelope.rcpt_tos)
        if self.mode == "drop" and server.transport is not None:
            server.transport.abort()
        return "250 OK"

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def open_post() -> tuple[Post, Controller]:
    post = Post(port=free_port())
    controller = Controller(post, hostname=post.host, port=post.port)
    controller.start()
    return post, controller
