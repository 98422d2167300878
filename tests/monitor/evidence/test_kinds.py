"""What a file is by its first bytes."""

import struct
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import FileKind
from monitor.evidence.kinds import HEAD, kind_of

REST = b"\0" * 400


def branded(brand: bytes, *others: bytes) -> bytes:
    """A file of the family of MP4, with its brand and those it can be read as."""
    body = brand + b"\0\0\0\0" + b"".join(others)
    return struct.pack(">I", 8 + len(body)) + b"ftyp" + body + struct.pack(">I", 8) + b"free" + REST


def zipped(name: str, body: str = "<xml/>") -> bytes:
    """A ZIP archive whose first entry is called so."""
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr(name, body)
        archive.writestr("another", "x" * 100)
    return file.getvalue()


MATROSKA = b"\x1a\x45\xdf\xa3\1\0\0\0\0\0\0\x23\x42\x86\x81\1\x42\xf7\x81\1\x42\x82\x88matroska" + REST
BITMAP = b"BM" + struct.pack("<IHHIIii", 1234, 0, 0, 54, 40, 20, 20) + REST

KINDS = {
    "photo": {
        "JPEG": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + REST,
        "JPEG of a camera": b"\xff\xd8\xff\xe1\0\x10Exif\0\0" + REST,
        "JPEG without either": b"\xff\xd8\xff\xdb\0\x43" + REST,
        "PNG": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + REST,
        "GIF": b"GIF89a" + REST,
        "WebP": b"RIFF\x24\0\0\0WEBPVP8 " + REST,
        "HEIC of an iPhone": branded(b"heic", b"mif1", b"heic"),
        "HEIC of others": branded(b"mif1", b"mif1", b"heic"),
        "a series of HEIC": branded(b"hevc", b"msf1", b"hevc"),
        "AVIF": branded(b"avif", b"mif1"),
        "TIFF": b"II*\0\x08\0\0\0" + REST,
        "TIFF of a Mac": b"MM\0*\0\0\0\x08" + REST,
        "BMP": BITMAP,
        "JPEG XL": b"\xff\x0a" + REST,
    },
    "video": {
        "MP4": branded(b"isom", b"isom", b"iso2", b"avc1", b"mp41"),
        "MP4 of Android": branded(b"mp42", b"isom", b"mp42"),
        "MP4 of a browser": branded(b"iso5", b"iso5", b"dash"),
        "MOV of an iPhone": branded(b"qt  ", b"qt  "),
        "MOV that names no brand": struct.pack(">I", 8) + b"wide" + struct.pack(">I", 999) + b"mdat" + REST,
        "MOV with its table first": struct.pack(">I", 1000) + b"moov" + REST,
        "3GP": branded(b"3gp4", b"isom", b"3gp4"),
        "M4V": branded(b"M4V ", b"mp42"),
        "Matroska": MATROSKA,
        "WebM": MATROSKA.replace(b"\x88matroska", b"\x84webm"),
        "AVI": b"RIFF\x24\0\0\0AVI LIST" + REST,
        "MPEG": b"\0\0\1\xba\x44" + REST,
        "a transport stream": (b"\x47" + b"\1" * 187) * 4,
        "Windows Media": b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9" + REST,
        "FLV": b"FLV\1\5" + REST,
    },
    "document": {
        "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj" + REST,
        "Word": zipped("[Content_Types].xml"),
        "LibreOffice": zipped("mimetype", "application/vnd.oasis.opendocument.text"),
        "old Word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + REST,
        "RTF": b"{\\rtf1\\ansi hello}",
        "text": "¿Dónde está mi paquete?\n".encode(),
        "text, cut within a letter": ("ñ" * HEAD).encode()[: HEAD - 1],
        "text of Windows": "hello".encode("utf-16"),
        "text that begins like a picture": b"BM is the seller's name\n",
        "text in colours": b"\x1b[31mred\x1b[0m",
        "HTML": b"<!DOCTYPE html><html><body>chat</body></html>",
        "mail": b"From: a@b.example\nTo: c@d.example\nSubject: my order\n\nHello",
    },
    "other": {
        "nothing": b"",
        "blanks": b" \n\n\t",
        "zeros": REST,
        "music": branded(b"M4A ", b"mp42"),
        "sound": b"RIFF\x24\0\0\0WAVEfmt " + REST,
        "MP3": b"ID3\3\0\0\0\0\0\x21" + REST,
        "a program": b"MZ\x90\0" + REST,
        "another": b"\x7fELF\2\1\1" + REST,
        "an archive": zipped("photos/1.jpg"),
        "a part of a text": "é".encode("latin-1") + b" is no UTF-8",
    },
}


@pytest.mark.parametrize(
    ("kind", "head"),
    [(kind, head) for kind, files in KINDS.items() for head in files.values()],
    ids=[name for files in KINDS.values() for name in files],
)
def test_what_a_file_is(kind: str, head: bytes) -> None:
    assert kind_of(head[:HEAD]) == FileKind(kind)


@given(st.binary(max_size=HEAD))
def test_any_bytes_are_something(head: bytes) -> None:
    assert kind_of(head) in FileKind
