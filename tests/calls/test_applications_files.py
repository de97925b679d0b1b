"""Files from strangers: what is taken, and everything that is not."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from krzew.accounts.actors import Actor
from krzew.calls.acts import applications as acts
from krzew.calls.acts import applications_files as files
from krzew.calls.applications.files import MIME, clean_name, examine, recognise
from krzew.calls.definition import plain, templates
from krzew.calls.models import Application, Attachment, Call

Make = Callable[..., Any]
NOBODY = Actor.anonymous()
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"
TYPES = b"<Types><Override ContentType='application/x.main+xml'/></Types>"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 2, height: int = 2, end: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = b"".join(b"\0" + b"\xff\0\0" * 2 for _n in range(2))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"") + end


def jpg(width: int = 4, height: int = 4) -> bytes:
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x04JF" + frame + b"\xff\xda\x00\x03\x00data\xff\xd9"


def pack(members: dict[str, bytes], first: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        if first:
            made.writestr("mimetype", first, zipfile.ZIP_STORED)
        for name, body in members.items():
            made.writestr(name, body)
    return out.getvalue()


DOCX = pack({"[Content_Types].xml": TYPES, "word/document.xml": b"<w/>"})
XLSX = pack({"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<x/>"})
ODT = pack({"content.xml": b"<o/>"}, MIME["odt"])
ODS = pack({"content.xml": b"<o/>"}, MIME["ods"])


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("pdf", PDF),
        ("docx", DOCX),
        ("xlsx", XLSX),
        ("odt", ODT),
        ("ods", ODS),
        ("jpg", jpg()),
        ("png", png()),
    ],
)
def test_each_kind_is_known_by_its_content(kind: str, content: bytes) -> None:
    assert recognise(io.BytesIO(content)) == kind
    found = examine(SimpleUploadedFile("bez-koncowki", content))
    assert (found.kind, found.name) == (kind, f"bez-koncowki.{kind}")


BOMB = pack({"[Content_Types].xml": TYPES, "word/document.xml": b"\0" * 60_000_000})
MANY = pack({"[Content_Types].xml": TYPES, **{f"word/{n}.xml": b"" for n in range(5_001)}})
BAD = {
    "a program called pdf": (b"MZ\x90\0" + b"\0" * 200, "whatever its name says"),
    "a page called png": (b"<html><script>alert(1)</script></html>", "whatever its name says"),
    "a picture that scripts": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", "whatever its name says"),
    "a pdf after something else": (b"<html>" + PDF, "whatever its name says"),
    "a pdf cut off": (PDF[:30], "damaged"),
    "an old word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "old Office"),
    "a png cut off": (png()[:40], "damaged"),
    "a png with a tail": (png(end=PDF), "damaged"),
    "a png as large as a field": (png(60_000, 60_000), "too large"),
    "a jpg without a picture": (b"\xff\xd8\xff\xe0\x00\x04JF\xff\xd9", "damaged"),
    "a jpg as large as a field": (jpg(60_000, 60_000), "too large"),
    "any packed file": (pack({"a.txt": b"x"}), "packed file"),
    "an empty pack": (b"PK\x03\x04" + b"\0" * 40, "damaged"),
    "a bomb by its ratio": (BOMB, "swells"),
    "a bomb by its members": (MANY, "swells"),
    "a way out of the folder": (pack({"../../etc/passwd": b"x", "[Content_Types].xml": TYPES}), "outside"),
    "a way to a disk": (pack({"C:/x": b"x"}), "outside"),
    "a way from the root": (pack({"/x": b"x"}), "outside"),
    "macros": (pack({"[Content_Types].xml": TYPES, "word/document.xml": b"", "word/vbaProject.bin": b"x"}), "macros"),
    "macros by type": (
        pack({"[Content_Types].xml": b"x.document.macroEnabled.main+xml", "word/document.xml": b""}),
        "macros",
    ),
    "macros of open document": (pack({"content.xml": b"", "Basic/script-lc.xml": b""}, MIME["odt"]), "macros"),
    "a template from elsewhere": (
        pack({
            "[Content_Types].xml": TYPES,
            "word/document.xml": b"",
            "word/_rels/settings.xml.rels": b"<r Type='x/attachedTemplate' Target='http://x.example'/>",
        }),
        "template",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_taken_and_why(name: str) -> None:
    content, reason = BAD[name]
    with pytest.raises(ValidationError, match=reason):
        examine(SimpleUploadedFile("wniosek.pdf", content))


def test_a_pack_that_lies_about_its_content_is_refused() -> None:
    broken = bytearray(DOCX)
    broken[broken.index(b"word/document.xml") + 20] ^= 0xFF
    with pytest.raises(ValidationError, match="damaged"):
        examine(SimpleUploadedFile("a.docx", bytes(broken)))
    behind = pack({"[Content_Types].xml": TYPES, "word/document.xml": b""})
    with pytest.raises(ValidationError, match="damaged"):
        examine(SimpleUploadedFile("a.docx", b"PK\x03\x04<script>" + behind))


def test_a_locked_pack_is_refused() -> None:
    locked = bytearray(DOCX)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(sign) + place] |= 1
    with pytest.raises(ValidationError, match="password"):
        examine(SimpleUploadedFile("a.docx", bytes(locked)))


def test_nothing_and_too_much() -> None:
    with pytest.raises(ValidationError, match="0 bytes"):
        examine(SimpleUploadedFile("a.pdf", b""))
    with pytest.raises(ValidationError, match="11 MB"):
        examine(SimpleUploadedFile("a.pdf", PDF + b" " * (10 * 1024 * 1024)))


@pytest.mark.parametrize(
    ("typed", "kind", "kept"),
    [
        ("../../etc/passwd", "pdf", "passwd.pdf"),
        ("C:\\Users\\ja\\umowa.PDF", "pdf", "umowa.pdf"),
        ("zdjęcie.JPEG", "jpg", "zdjęcie.jpg"),
        ("faktura\u202efdp.exe", "pdf", "fakturafdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "pdf", "aSet-Cookie x.pdf"),
        ("", "png", "file.png"),
        (".pdf", "pdf", "pdf.pdf"),
        ("ż" * 400 + ".pdf", "pdf", "ż" * 150 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(typed: str, kind: str, kept: str) -> None:
    assert clean_name(typed, kind) == kept


@pytest.fixture
def call_with_files(make_call: Make) -> Call:
    """A call that asks for a budget and for up to three pictures."""
    call: Call = make_call("wlacznik")
    rules = plain(templates()["wlacznik"])
    label = {"pl": "Plik", "en": "File"}
    rules["stages"][0]["sections"][0]["fields"] += [
        {"code": "budget", "kind": "file", "label": label},
        {"code": "pictures", "kind": "file", "label": label, "most": 3, "required": False},
    ]
    Call.objects.filter(pk=call.pk).update(definition=rules)
    return Call.objects.get(pk=call.pk)


@pytest.fixture
def application(call_with_files: Call, make_draft: Make, settings: Any, tmp_path: Any) -> Application:
    settings.MEDIA_ROOT = tmp_path
    found: Application = make_draft(call_with_files)[0]
    return found


def put(application: Application, field: str, name: str, content: bytes) -> Attachment:
    return files.attach(NOBODY, application, field=field, upload=SimpleUploadedFile(name, content))


def test_a_file_is_kept_under_our_own_name(application: Application) -> None:
    row = put(application, "budget", "../../../kosztorys.pdf", PDF)
    assert row.file.name == f"applications/{application.pk}/{row.sha256[:32]}.pdf"
    assert row.name == "kosztorys.pdf"
    assert put(application, "budget", "jeszcze raz.pdf", PDF) == row  # the same file, pressed twice


def test_how_many_and_how_much(application: Application, settings: Any) -> None:
    put(application, "budget", "a.pdf", PDF)
    with pytest.raises(ValidationError, match="At most 1 file"):
        put(application, "budget", "b.pdf", PDF + b"\n")
    for n in range(3):
        put(application, "pictures", f"{n}.png", png(n + 1))
    with pytest.raises(ValidationError, match="At most 3 files"):
        put(application, "pictures", "4.png", png(9))
    Attachment.objects.filter(field="pictures").delete()
    settings.CALLS_APPLICATION_BYTES = len(PDF) + 10
    with pytest.raises(ValidationError, match="together"):
        put(application, "pictures", "5.png", png(7))
    with pytest.raises(ValidationError, match="No file is asked"):
        put(application, "title", "6.png", png(8))


def test_a_missing_file_stops_sending(application: Application) -> None:
    with pytest.raises(acts.NotReady, match="No file"):
        acts.submit(NOBODY, application, seen=application.revision)
    put(application, "budget", "a.pdf", PDF)
    acts.submit(NOBODY, application, seen=application.revision)
    [file] = application.versions.get().content["files"]
    assert (file["name"], file["kind"]) == ("a.pdf", "pdf")
    with pytest.raises(ValidationError):
        put(application, "pictures", "po czasie.png", png())


def test_a_removed_file_is_gone_unless_it_was_sent(
    application: Application, django_capture_on_commit_callbacks: Any
) -> None:
    first = put(application, "budget", "a.pdf", PDF)
    with django_capture_on_commit_callbacks(execute=True):
        files.remove_attachment(NOBODY, application, first)
    assert not first.file.storage.exists(first.file.name)
    second = put(application, "budget", "b.pdf", PDF + b"\n")
    acts.submit(NOBODY, application, seen=application.revision)
    Application.objects.filter(pk=application.pk).update(state="returned")
    application.refresh_from_db()
    files.remove_attachment(NOBODY, application, second)
    second.refresh_from_db()
    assert second.removed_at
    assert second.file.storage.exists(second.file.name)
