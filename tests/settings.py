"""Settings of the tests: Keepwell's own, in a folder of their own, with keys made for this run and nothing left to the machine."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_data = Path(tempfile.mkdtemp(prefix="keepwell-test-"))
atexit.register(shutil.rmtree, _data, ignore_errors=True)
(_data / "static").mkdir()  # where whitenoise looks; it warns when there is no such folder

# What a developer has set for their own store must not reach the tests. The database alone may be chosen from outside.
for _name in [name for name in os.environ if name.startswith("KEEPWELL_")]:
    if not _name.startswith(("KEEPWELL_TEST_", "KEEPWELL_SUITE_")) and _name != "KEEPWELL_DATABASE_URL":
        del os.environ[_name]
os.environ["KEEPWELL_DATA"] = str(_data)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the thread of the test, beside the ORM

from keepwell.people.rules.sealing import master_key_line, new_key  # noqa: E402

os.environ["KEEPWELL_SECRET_KEY"] = new_key().hex()
os.environ["KEEPWELL_MASTER_KEY"] = master_key_line(1, new_key())

from keepwell.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # made to be fast, for tests only
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    # Hashed names would answer 404 on a live server, and pages would silently lose their scripts.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

for _alias, _database in DATABASES.items():  # noqa: F405
    _database["CONN_MAX_AGE"] = 0  # each test leaves nothing open
    if "sqlite3" in _database["ENGINE"]:
        # Files, so that the threads of a live server have a connection each; safe from power cuts they need not be.
        _database["TEST"] = {"NAME": str(_data / f"test-{_alias}.sqlite3")}
        _database["OPTIONS"]["init_command"] = _database["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    elif _alias == "keys":
        _database.get("OPTIONS", {}).pop("options", None)  # a database of its own here; the schema is the installer's deed
