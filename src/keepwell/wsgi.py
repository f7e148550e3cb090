"""What a web server loads. Refuses to start without whole keys, with a sentence that says what to do."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepwell.settings")

from django.core.wsgi import get_wsgi_application  # settings must be named first

application = get_wsgi_application()

from keepwell.people import keyring  # noqa: E402  # models are ready now

keyring.master_keys()
