"""A folder with a store in it, and the real commands that work on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CANARY = "heron-under-the-third-arch"
WRITE = f"""
from django.utils import timezone
from keepwell.people.models import Person
from keepwell.people import actions as people
from keepwell.people.actions import Hello
from keepwell.plans import actions as plans
from keepwell.notify import actions as notify
now = timezone.now()
for name in ("ada", "rosa"):
    person = people.new_person(email=name + "@example.org", hello=Hello(called=name, password=None), now=now)
    for number in range(100):
        plans.add_entry(by=person, part="keep", words="{CANARY} " + name + str(number), domain="body", now=now)
    letter = dict(to=person.email, language="en", lane="account", kind="password-changed", occasion="1", params={{}})
    notify.put_message(person=person, due_at=now, now=now, **letter)
"""
READ = """
import json
from keepwell.people.models import Person, WrappedKey
from keepwell.plans.models import Entry
from keepwell.notify.models import Message
from django.contrib.sessions.models import Session
print(json.dumps({
    "people": sorted(Person.objects.values_list("called", flat=True)),
    "words": sorted(one.words for one in Entry.objects.all()),
    "keys": WrappedKey.objects.filter(owner_kind="person").count(),
    "waiting": Message.objects.filter(state="pending").count(),
    "sessions": Session.objects.count(),
}))
"""


class House:
    def __init__(self, data: Path, database_url: str = "") -> None:
        self.data = data
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(("KEEPWELL_", "DJANGO_"))}
        self.environment |= {"KEEPWELL_DATA": str(data), "PYTHONPATH": str(ROOT / "src")}
        if database_url:
            self.environment["KEEPWELL_DATABASE_URL"] = database_url

    def prepare(self) -> None:
        self.python("", prepare=True)

    def python(self, code: str, *, prepare: bool = False) -> str:
        begin = "from pathlib import Path; from keepwell import store; "
        begin += f"store.prepare(Path({str(self.data)!r}))" if prepare else f"store.ready(store.settle(Path({str(self.data)!r})))"
        done = subprocess.run([sys.executable, "-c", f"{begin}\n{code}"], env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def keepwell(self, *words: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "keepwell.cli", *map(str, words)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def read(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.python(READ))
        return found

    def raw_bytes(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.data.rglob("*") if path.is_file())

    def with_the_keys_of(self, other: House) -> House:
        """A new machine: nothing on it but the master key and the secret key, brought by hand."""
        (self.data / "keys").mkdir(parents=True)
        for name in ("master.key", "secret.key"):
            (self.data / "keys" / name).write_text((other.data / "keys" / name).read_text())
        return self
