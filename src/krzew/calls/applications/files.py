"""Files from strangers: recognised by their content, never by their name, and never opened by Krzew.

A file is taken only as one of seven kinds whose structure holds from the first byte. What can run (macros,
templates fetched from elsewhere) and what swells when unpacked is refused with the reason in words.
"""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MIME = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "jpg": "image/jpeg",
    "png": "image/png",
}
ALIASES = {"jpg": ("jpg", "jpeg", "jpe")}
MEGABYTE = 1024 * 1024
MOST_MEMBERS = 5_000
MOST_UNPACKED = 100 * MEGABYTE
MOST_RATIO = 100
SMALL = 5 * MEGABYTE
"""Below this a high ratio is only a file with many repetitions."""
MOST_PIXELS = 100_000_000
CHUNK = 256 * 1024
_BODY = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}


def most_in_file() -> int:
    """The most bytes of one file; a setting of the installation."""
    return int(getattr(settings, "CALLS_FILE_BYTES", 10 * MEGABYTE))


def most_in_application() -> int:
    return int(getattr(settings, "CALLS_APPLICATION_BYTES", 50 * MEGABYTE))


@dataclass(frozen=True)
class Examined:
    """What a file really is."""

    kind: str
    name: str
    size: int
    sha256: str


def examine(file: Any) -> Examined:
    """Look a file over. Raises `ValidationError` with the reason why it is not taken."""
    if not file.size:
        raise ValidationError(_("The file is empty (0 bytes). Look whether it was saved well."))
    if file.size > most_in_file():
        words = {"most": most_in_file() // MEGABYTE, "size": -(-file.size // MEGABYTE)}
        raise ValidationError(_("The file has %(size)s MB; at most %(most)s MB are taken.") % words)
    kind = recognise(file)
    return Examined(kind, clean_name(file.name or "", kind), file.size, _digest(file))


def _digest(file: IO[bytes]) -> str:
    found = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(CHUNK):
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def recognise(file: IO[bytes]) -> str:
    """The kind of a file by its content."""
    file.seek(0)
    head = file.read(8)
    for begins, check in BEGINNINGS:
        if head.startswith(begins):
            file.seek(0)
            return check(file)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise ValidationError(_("This is an old Office file. Save it as DOCX, XLSX or PDF and attach that."))
    raise ValidationError(_("This is not a PDF, DOCX, ODT, XLSX, ODS, JPG or PNG, whatever its name says."))


def _broken(kind: str) -> ValidationError:
    return ValidationError(_("The file begins like %(kind)s but is damaged. Save it anew.") % {"kind": kind})


def _pdf(file: IO[bytes]) -> str:
    file.seek(0, 2)
    file.seek(max(file.tell() - 2048, 0))
    tail = file.read()
    if b"%%EOF" not in tail or b"startxref" not in tail:
        raise _broken("PDF")
    return "pdf"


def _png(file: IO[bytes]) -> str:
    """Walk over the chunks: a header first, the end last, and nothing hidden behind it."""
    file.seek(8)
    first = True
    while head := file.read(8):
        if len(head) < 8:
            raise _broken("PNG")
        size, name = struct.unpack(">I4s", head)
        body = file.read(size + 4)
        if len(body) < size + 4 or (first and (name != b"IHDR" or size != 13)):
            raise _broken("PNG")
        if first:
            _must_be_small(*struct.unpack(">II", body[:8]))
        if name == b"IEND":
            if file.read(1):
                raise _broken("PNG")
            return "png"
        first = False
    raise _broken("PNG")


def _jpg(file: IO[bytes]) -> str:
    """Walk over the segments to the picture itself; its size stands on the way."""
    file.seek(2)
    measured = False
    while True:
        mark = file.read(4)
        if len(mark) < 4 or mark[0] != 0xFF or mark[1] < 0xC0:
            raise _broken("JPG")
        size = struct.unpack(">H", mark[2:])[0] - 2
        body = file.read(max(size, 0))
        if size < 0 or len(body) < size:
            raise _broken("JPG")
        if mark[1] in range(0xC0, 0xD0) and mark[1] not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", body[1:5].ljust(4, b"\0"))
            _must_be_small(width, height)
            measured = True
        if mark[1] == 0xDA:
            break
    if not measured or b"\xff\xd9" not in file.read():
        raise _broken("JPG")
    return "jpg"


def _must_be_small(width: int, height: int) -> None:
    if not width or not height or width * height > MOST_PIXELS:
        raise ValidationError(_("The picture is too large to be opened safely. Make it smaller."))


def _office(file: IO[bytes]) -> str:
    """A packed document: its names, its size when unpacked, its kind, and that nothing in it runs."""
    try:
        with zipfile.ZipFile(file) as pack:
            members = pack.infolist()
            _must_be_tame(members, file)
            kind = _kind_of(pack, members)
            _must_not_run(pack, members)
            _unpack(pack, members)
            return kind
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        struct.error,
        KeyError,
    ):
        raise _broken("DOCX, ODT, XLSX, ODS") from None


def _must_be_tame(members: list[zipfile.ZipInfo], file: IO[bytes]) -> None:
    file.seek(0, 2)
    packed, unpacked = file.tell(), sum(m.file_size for m in members)
    if not members or min(m.header_offset for m in members) != 0:
        raise zipfile.BadZipFile
    bomb = unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked > MOST_RATIO * packed)
    if bomb or len(members) > MOST_MEMBERS:
        raise ValidationError(
            _("The file swells too much when it is unpacked. Save it as PDF and attach that.")
        )
    for member in members:
        if _leads_out(member.filename):
            raise ValidationError(_("The file wants to write outside its own folder. It is not taken."))
        if member.flag_bits & 1:
            raise ValidationError(_("The file is locked with a password. Save it without one."))
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile


def _leads_out(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name.startswith("/") or ".." in parts or "\\" in name or ":" in name or "\0" in name


def _kind_of(pack: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> str:
    names = {member.filename for member in members}
    if members[0].filename == "mimetype" and members[0].file_size < 200:
        mime = pack.read(members[0]).decode("ascii", "replace")
        found = next((kind for kind in ("odt", "ods") if MIME[kind] == mime), "")
        if found and "content.xml" in names:
            return found
    if "[Content_Types].xml" in names:
        for body, kind in _BODY.items():
            if body in names:
                return kind
    raise ValidationError(
        _("This is a packed file, but not a DOCX, ODT, XLSX or ODS. Attach each document by itself.")
    )


def _must_not_run(pack: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """No macros, no controls, no template fetched from elsewhere."""
    runs = re.compile(r"vbaproject|vbadata|/activex/|^basic/|^scripts/|macrosheets/", re.I)
    if any(runs.search(member.filename) for member in members):
        raise ValidationError(_("The file has macros (small programs). Save it without them, or as PDF."))
    for member in members:
        if member.filename == "[Content_Types].xml" and b"macroenabled" in _beginning(pack, member):
            raise ValidationError(_("The file has macros (small programs). Save it without them, or as PDF."))
        if member.filename.endswith("settings.xml.rels") and b"attachedtemplate" in _beginning(pack, member):
            raise ValidationError(
                _("The file fetches a template from elsewhere. Save it as PDF and attach that.")
            )


def _beginning(pack: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with pack.open(member) as part:
        return part.read(MEGABYTE).lower()


def _unpack(pack: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Read every member to its end: a member that lies about its size or its sum is found out."""
    left = MOST_UNPACKED
    for member in members:
        with pack.open(member) as part:
            while chunk := part.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise zipfile.BadZipFile


BEGINNINGS: tuple[tuple[bytes, Callable[[IO[bytes]], str]], ...] = (
    (b"%PDF-", _pdf),
    (b"PK\x03\x04", _office),
    (b"\xff\xd8\xff", _jpg),
    (b"\x89PNG\r\n\x1a\n", _png),
)


def clean_name(name: str, kind: str) -> str:
    """The name shown and given back: no folders, no signs that cannot be seen, the ending of the true kind."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*').strip(" .")
    stem, dot, ending = seen.rpartition(".")
    if not dot or ending.lower() not in ALIASES.get(kind, (kind,)):
        stem = seen
    return f"{stem[:150].strip(' .') or 'file'}.{kind}"
