"""Pages of the last gate, the package, the way into the library, and what the public may read of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, Role
from krzew.library.models import Solution
from krzew.trials.acts import innovations, packages
from krzew.trials.models import Diary, Innovation
from krzew.trials.states import InnovationState
from tests.trials.test_dissemination import PDF, WHY, decided, filled, with_test

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[Innovation, str]]
As = Callable[[Actor], Client]


@pytest.fixture
def editor(manager: Actor) -> Actor:
    assert manager.user is not None
    Membership.objects.create(user=manager.user, organisation=manager.organisation, role=Role.EDITOR)
    return Actor.of(manager.user, manager.organisation)


def test_the_innovator_writes_the_package_by_the_link(client: Client, make_innovation: Make) -> None:
    row, token = make_innovation()
    url = reverse("trials:package", args=[token])
    assert row.title in client.get(url).content.decode()
    data = {"revision": 0, "pl_what": "Ławka z lampą.", "needs": ["loneliness"]}
    assert client.post(url, data).status_code == 302
    assert row.package.answers["pl"]["what"] == "Ławka z lampą."
    assert client.post(url, data | {"pl_what": "Inna."}).status_code == 409
    bad = client.post(url, {"revision": 1, "pl_what": "x" * 5000, "pl_group": "Starsi."})
    assert bad.status_code == 422
    assert "x" * 5000 in bad.content.decode()
    row.package.refresh_from_db()
    assert row.package.answers["pl"]["group"] == "Starsi."


def test_files_come_and_go_by_the_link(client: Client, make_innovation: Make) -> None:
    row, token = make_innovation()
    add = reverse("trials:package_add", args=[token])
    said = {"licence": "CC-BY-4.0", "accessible": "yes"}
    wrong = client.post(add, said | {"file": SimpleUploadedFile("a.pdf", b"MZ\x90")})
    assert wrong.status_code == 422
    client.post(add, said | {"file": SimpleUploadedFile("opis.pdf", PDF)})
    file = row.package.files.get()
    got = client.get(reverse("trials:package_file", args=[token, file.pk]))
    assert got["Content-Disposition"].startswith("attachment")
    check = reverse("trials:package_check", args=[token, file.pk])
    assert check not in client.get(reverse("trials:package", args=[token])).content.decode()
    row.package.files.update(accessible="unchecked")
    assert check in client.get(reverse("trials:package", args=[token])).content.decode()
    client.post(check, {"accessible": "partly"})
    assert row.package.files.get().accessible == "partly"
    move = reverse("trials:package_move", args=[token, file.pk])
    for gone in (False, True):
        client.post(move)
        file.refresh_from_db()
        assert (file.removed_at is None) is gone
    assert client.get(reverse("trials:package_file", args=["inny", file.pk])).status_code == 404


def test_the_body_recommends_discusses_and_decides(
    client_of: As, make_innovation: Make, manager: Actor
) -> None:
    row = with_test(make_innovation()[0])
    client = client_of(manager)
    page = reverse("trials:team_dissemination", args=[row.pk])
    assert client.get(page).status_code == 200
    first = {"revision": 0, "outcome": "chosen", "why": WHY, "c_effectiveness": "Tak."}
    assert client.post(reverse("trials:recommend", args=[row.pk]), first).status_code == 302
    assert (
        client.post(reverse("trials:discuss", args=[row.pk]), {"revision": 0, "text": "O!"}).status_code
        == 409
    )
    last = {"revision": 1, "outcome": "chosen", "reason": "za krótko", "members": "Komisja"}
    assert client.post(reverse("trials:decide_dissemination", args=[row.pk]), last).status_code == 422
    client.post(reverse("trials:decide_dissemination", args=[row.pk]), last | {"reason": WHY})
    row.refresh_from_db()
    assert row.state == InnovationState.CHOSEN
    assert row.title in client.get(reverse("trials:gate", args=[row.call.slug])).content.decode()
    paper = client.get(reverse("trials:gate_protocol", args=[row.call.slug]))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert row.title in text


@pytest.mark.parametrize("name", ["team_dissemination", "team_package", "publish"])
def test_strangers_find_nothing(client_of: As, make_innovation: Make, stranger: Actor, name: str) -> None:
    row, _token = make_innovation()
    assert client_of(stranger).get(reverse(f"trials:{name}", args=[row.pk])).status_code == 404


def test_from_the_gate_into_the_library_and_one_click_back(
    client: Client, client_of: As, make_innovation: Make, editor: Actor
) -> None:
    row = decided(editor, with_test(make_innovation()[0]))
    package = packages.package_of(row)
    packages.save(editor, package, filled(), seen=0)
    said = {"licence": "CC-BY-4.0", "authors": "Fundacja", "accessible": "yes"}
    packages.add_file(editor, package, SimpleUploadedFile("opis.pdf", PDF), **said)
    team = client_of(editor)
    url = reverse("trials:publish", args=[row.pk])
    assert team.get(url).status_code == 200
    assert team.post(url, {"slug": "Zły adres", "go": "publish"}).status_code == 422
    assert team.post(url, {"slug": "lawka", "go": "publish"}).status_code == 302
    journey = reverse("trials:journey", args=[row.slug])
    assert journey in client.get(reverse("library:card", args=["lawka"])).content.decode()
    assert reverse("library:card", args=["lawka"]) in client.get(journey).content.decode()
    pack = client.get(reverse("trials:materials", args=[row.slug]))
    names = zipfile.ZipFile(io.BytesIO(b"".join(pack.streaming_content))).namelist()  # type: ignore[attr-defined]
    assert names == ["01-opis.pdf", "LICENCES.txt"]
    fact = {"kind": "regional", "title": "Model", "source": "Uchwała zmyślona", "on": "2026-01-01"}
    team.post(reverse("trials:policy", args=["lawka"]), fact)
    assert "Uchwała zmyślona" in client.get(journey).content.decode()


def test_the_public_reads_no_diary_no_names_and_no_small_numbers(
    client: Client, make_innovation: Make, manager: Actor
) -> None:
    row = with_test(make_innovation()[0])
    url = reverse("trials:journey", args=[row.slug])
    assert client.get(url).status_code == 404
    row.test.testers.filter(code__gte="T03").delete()
    Diary.objects.create(innovation=row, kind="incident", on=date(2026, 9, 1), text="Sekret dziennika")
    innovations.present(
        manager, row, seen=0, public_pl="Ławka.", public_en="", shows_innovator=False, is_public=True
    )
    text = client.get(url).content.decode()
    for secret in ("Sekret dziennika", "Grupa Zmyślona", "grupa1@example.org", "T01"):
        assert secret not in text
    assert "3 os" not in text
    assert row.title in client.get(reverse("trials:journeys")).content.decode()
    assert client.get(reverse("trials:materials", args=[row.slug])).status_code == 404


def test_a_draft_of_the_library_is_made_for_an_editor(
    client_of: As, make_innovation: Make, editor: Actor
) -> None:
    row = decided(editor, with_test(make_innovation()[0]))
    packages.save(editor, packages.package_of(row), filled(), seen=0)
    client_of(editor).post(reverse("trials:publish", args=[row.pk]), {"slug": "lawka", "go": "draft"})
    assert Solution.objects.get(slug="lawka").current is None


def test_the_list_asks_as_much_for_many_as_for_one(
    client: Client,
    make_innovation: Make,
    manager: Actor,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for _n in range(6):
        row, _token = make_innovation()
        Innovation.objects.filter(pk=row.pk).update(is_public=True)
    with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
        client.get(reverse("trials:journeys"))
