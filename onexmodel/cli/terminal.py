"""What a terminal, a pipe or a file in another encoding (GBK, cp1252, ASCII) cannot show is replaced; no command fails for it."""

from __future__ import annotations

import codecs
import sys
import unicodedata

NEAREST = "onexmodel.nearest"  # the name of the error handler
SIGNS = dict(zip("−–—•×…", "---·x.", strict=True))


def show_what_can_be_shown() -> None:
    """For both streams, from here on: a character that is not in their encoding becomes the nearest that is (− to -, ² to 2), else ?."""
    codecs.register_error(NEAREST, _nearest)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a notebook's or a test's need not be one of a terminal
            stream.reconfigure(errors=NEAREST)


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """As codecs.register_error asks: what stands in for the characters, and where to go on. A minus never becomes a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    written = (_written(one, error.encoding) for one in error.object[error.start : error.end])
    return "".join(written), error.end


def _written(character: str, encoding: str) -> str:
    if character == "\u202f":  # between thousands
        return ""
    plain = unicodedata.normalize("NFKD", SIGNS.get(character, character))
    text = "".join(part for part in plain if not unicodedata.combining(part))
    return text if text and _fits(text, encoding) else "?"


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
