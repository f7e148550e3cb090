"""Output that appears whole or not at all."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from keepwell.faults import Refused


@contextmanager
def written(path: str | None) -> Iterator[TextIO]:
    """A place to write that becomes the real one only when all went well: a fault leaves nothing behind."""
    if path is None:
        with tempfile.SpooledTemporaryFile(max_size=1 << 20, mode="w+", encoding="utf-8", newline="") as spool:
            yield spool  # type: ignore[misc]  # has all of TextIO that is used
            spool.seek(0)
            shutil.copyfileobj(spool, sys.stdout)
            sys.stdout.flush()
        return
    target = Path(path)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".keepwell-", suffix=".part")
    except OSError as error:
        raise Refused(f"{path} can't be written: {error.strerror}.") from error
    try:
        with open(handle, "w", encoding="utf-8", newline="") as out:
            yield out
        Path(name).replace(target)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise Refused(f"{path} can't be written: {error.strerror}. Nothing was written.") from error
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
