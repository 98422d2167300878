"""What a file is by its first bytes, whatever its name says.

A table of our own. `filetype` was last released in 2022; `puremagic`, whose releases of the last year ask
for Python 3.12, takes a DASH MP4 or a HEIC of the brand `mif1` for nothing and Matroska for sound. Three
kinds are all that matters here.
"""

import codecs
import re

from monitor.core.model import FileKind

#: As many of a file's first bytes as are looked at.
HEAD = 4096

_PHOTO = re.compile(
    rb"\xff\xd8\xff"  # JPEG
    rb"|\x89PNG\r\n\x1a\n"
    rb"|GIF8[79]a"
    rb"|RIFF....WEBP"
    rb"|BM.{4}\x00{4}.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\x00"  # BMP
    rb"|II\*\x00|MM\x00\*"  # TIFF
    rb"|\x00\x00\x00\x0cJXL |\xff\x0a",  # JPEG XL
    re.DOTALL,
)
_VIDEO = re.compile(
    rb"RIFF....AVI "
    rb"|\x1a\x45\xdf\xa3"  # Matroska, WebM
    rb"|\x00\x00\x01[\xba\xb3]"  # MPEG
    rb"|FLV\x01"
    rb"|\x30\x26\xb2\x75\x8e\x66\xcf\x11"  # Windows Media
    rb"|....(?:moov|mdat|wide)"  # QuickTime before it named its brand
    rb"|\x47.{187}\x47.{187}\x47",  # an MPEG transport stream
    re.DOTALL,
)
_DOCUMENT = re.compile(
    rb"%PDF-"
    rb"|\{\\rtf"
    rb"|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Word and Excel before 2007
    rb"|PK\x03\x04.{26}(?:\[Content_Types\]|_rels/|word/|xl/|mimetypeapplication/vnd\.oasis)",
    re.DOTALL,
)
#: ISO 14496-12: the box that names the brand of a file; what is no picture or sound is a film.
_BRAND = re.compile(rb"....ftyp(.{4})", re.DOTALL)
_PICTURES = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
)
_SOUNDS = frozenset({b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B "})


def kind_of(head: bytes) -> FileKind:
    """The kind of a file that begins with `head` (`HEAD` bytes of it, or all)."""
    if brand := _BRAND.match(head):
        return _of_brand(brand[1])
    for kind, signature in (
        (FileKind.PHOTO, _PHOTO),
        (FileKind.VIDEO, _VIDEO),
        (FileKind.DOCUMENT, _DOCUMENT),
    ):
        if signature.match(head):
            return kind
    return FileKind.DOCUMENT if _is_text(head) else FileKind.OTHER


def _of_brand(brand: bytes) -> FileKind:
    if brand in _PICTURES:
        return FileKind.PHOTO
    return FileKind.OTHER if brand in _SOUNDS else FileKind.VIDEO


def _is_text(head: bytes) -> bool:
    """Whether it reads as text in UTF-8 or, with its mark, UTF-16: a chat that was exported, a mail."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not re.search("[\x00-\x08\x0e-\x1a\x1c-\x1f]", text)
