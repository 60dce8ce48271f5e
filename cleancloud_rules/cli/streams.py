"""The encoding of what the command writes."""

import codecs
import sys
from io import TextIOWrapper

from cleancloud_rules.diagnostics.characters import escaped

_ESCAPES = "cleancloud_rules.escapes"


def prepare_streams() -> None:
    """Make the standard output and the standard error able to write every text.

    A file and a pipe get UTF-8, regardless of the system's settings. A terminal keeps its encoding; a character that it
    lacks is written as an escape.
    """
    codecs.register_error(_ESCAPES, _escape)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors=_ESCAPES)


def _escape(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return escaped(error.object[error.start : error.end]), error.end
