"""`python -m keepwell.cli`, for where the command itself is not on the path."""

import sys

from keepwell.cli import main

sys.exit(main())
