"""The code base about itself: pages need a sign-in, templates are used, strings stay out of scripts, words stay clean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

SOURCE = Path(settings.PACKAGE)
ROOT = SOURCE.parents[1]

# Pages that anybody may open. A new public page is added here on purpose, in the same change.
PUBLIC = {
    *("root", "health", "home", "set_language", "about", "schema", "demo:sign_in", "accounts:invitation"),
    *("ui:style", "ui:theme", "ui:figure_svg", "ui:figure_json"),
    *("places:home", "places:search", "places:detail", "places:region_figure"),
    *("places:indicators", "places:indicator"),
    *("library:home", "library:card", "library:version", "library:changes", "library:compare"),
    *("library:card_json", "library:card_jsonld", "library:export", "library:tell", "library:suggest"),
    # The idea card needs no account: whoever holds the link may read and write.
    *("calls:begin", "calls:idea", "calls:idea_save", "calls:idea_near", "calls:idea_say"),
    "calls:idea_withdraw",
    # Results that were announced; and the result of one application under the link of its author.
    *("calls:vote", "calls:results", "calls:result", "calls:appeal_file", "calls:offer_answer"),
    # Announced calls; the permission hides those that are being prepared.
    *("calls:calls", "calls:call", "calls:call_rules", "calls:call_calendar", "calls:calendar"),
    # An application needs none either; the link is the secret of its author.
    *("calls:apply", "calls:application", "calls:application_applicant", "calls:application_people"),
    *("calls:application_invite", "calls:application_section", "calls:application_files"),
    *("calls:application_attach", "calls:application_file", "calls:application_detach"),
    *("calls:application_statements", "calls:application_check", "calls:application_send"),
    *("calls:application_copy", "calls:application_link", "calls:application_withdraw"),
    *("calls:application_resign", "calls:member"),
    # The way back for who lost the link, and which notices come: a signed letter opens them.
    *("calls:lost_link", "calls:new_link", "timeline:choice"),
    # An innovation under the same link as its application.
    *("trials:innovation", "trials:resign", "trials:package", "trials:package_add"),
    *("trials:package_file", "trials:package_move", "trials:package_check"),
    # What everybody may read of innovations that are shown: their way, their materials, the grants.
    *("trials:journeys", "trials:journey", "trials:materials", "trials:grants"),
    *("trials:specification", "trials:specification_begin", "trials:specification_check"),
    *("trials:specification_version", "trials:specification_changes", "trials:specification_copy"),
    "trials:specification_remark_done",
    *("trials:final_report", "trials:final_report_begin", "trials:final_report_check"),
    *("trials:agreement", "trials:agreement_pdf", "trials:settlement", "trials:report"),
    *("trials:report_send", "trials:protocol_pdf"),
    # The test and the diary under the link of the innovator; tests that look for people, and a tester under her own link.
    *("trials:test", "trials:test_plan", "trials:test_questions", "trials:test_question_add"),
    *("trials:test_learn", "trials:test_question", "trials:test_basics", "trials:test_phases"),
    *("trials:test_profile", "trials:test_call", "trials:test_begin", "trials:test_end"),
    *("trials:test_stop", "trials:testers", "trials:tester_invite", "trials:consent_text"),
    *("trials:tester_one", "trials:tester_do", "trials:measurements", "trials:measure"),
    *("trials:diary", "trials:risks", "trials:risk"),
    *("trials:open_tests", "trials:open_test", "trials:tester", "trials:tester_agree"),
    *("trials:tester_refuse", "trials:tester_leave", "trials:tester_dates"),
    # A case under the link of its author.
    # The front door needs no account; what is written there goes in the body of a form.
    *("door:say", "door:need_keep", "door:need_kept", "door:need_counted"),
    *("door:thesaurus", "door:thesaurus_turtle", "door:concept"),
    *("door:case", "door:case_withdraw", "door:ask"),
    # The board: what was read by the office, a notice put in and answered without an account.
    *("door:board", "door:notice", "door:new_offer", "door:offer", "door:offer_close"),
    # Signed diagnoses that their organisations publish; the permission decides for each.
    *("diagnosis:list", "diagnosis:detail", "diagnosis:needs", "diagnosis:need", "diagnosis:figures"),
    *("diagnosis:solutions", "diagnosis:solution", "diagnosis:decision", "diagnosis:compare"),
}


def patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = ":".join(part for part in (namespace, entry.namespace) if part)
            yield from patterns(entry, inner)
        else:
            yield ":".join(part for part in (namespace, entry.name or "") if part), entry


def own_views() -> list[tuple[str, URLPattern]]:
    return [(n, p) for n, p in patterns(get_resolver()) if p.callback.__module__.startswith("krzew.")]


def test_a_page_needs_a_sign_in_unless_it_says_otherwise() -> None:
    found = {name for name, view in own_views() if getattr(view.callback, "login_required", True) is False}
    assert found == PUBLIC
    assert len(own_views()) > 2 * len(PUBLIC)


def test_every_template_is_used() -> None:
    texts = [p.read_text(encoding="utf-8") for p in SOURCE.rglob("*.py")]
    templates = list(SOURCE.glob("**/templates/**/*.html"))
    texts += [p.read_text(encoding="utf-8") for p in templates]
    everything = "\n".join(texts)
    unused = []
    for path in templates:
        name = path.as_posix().rpartition("/templates/")[2]
        if name.startswith(("allauth/", "account/", "mfa/", "usersessions/")) or re.fullmatch(
            r"\d{3}(_csrf)?\.html", name
        ):
            continue  # found by name by the libraries that own them
        stem = Path(name).stem
        if name not in everything and f'"{stem}"' not in everything and f"'{stem}'" not in everything:
            unused.append(name)
    assert unused == []


@pytest.mark.parametrize("suffix", ["*.html"])
def test_no_inline_script_or_style(suffix: str) -> None:
    bad = []
    for path in SOURCE.rglob(suffix):
        text = path.read_text(encoding="utf-8")
        if re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text) or re.search(
            r"\sstyle=|\son[a-z]+=|<style", text
        ):
            bad.append(str(path.relative_to(SOURCE)))
    assert bad == []


def test_no_path_of_a_machine_in_the_project() -> None:
    files = [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md")]
    found = [p.name for p in files if re.search(r"/(home|root|work)/\w", p.read_text(encoding="utf-8"))]
    assert found == []


def test_locks_hold_hashes_and_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert "http://" not in text
        assert "https://" not in text
        pinned = re.findall(r"^[A-Za-z0-9_.\[\],-]+==", text, flags=re.M)
        assert len(pinned) > 20
        assert text.count("--hash=sha256:") >= len(pinned)


def test_every_dependency_has_a_reason() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    reasons = (ROOT / "docs" / "dependencies.md").read_text().lower()
    names = [re.split(r"[\[><=]", d)[0].lower() for d in project["dependencies"]]
    assert [name for name in names if name not in reasons] == []


def test_prose_stays_in_its_own_words() -> None:
    """Nothing in the tree speaks of how it was made."""
    words = re.compile(r"\b(subagent|chatbot|language model session|prompt engineering)\b", re.I)
    files = [
        *SOURCE.rglob("*.py"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("tests/**/*.py"),
        *ROOT.glob("*.md"),
    ]
    assert [
        p.name for p in files if p != Path(__file__) and words.search(p.read_text(encoding="utf-8"))
    ] == []


def test_pages_with_forms_let_the_browser_name_their_origin() -> None:
    """With "no-referrer" a browser sends "Origin: null", and the guard of forms refuses what was written."""
    bad = [p.name for p in SOURCE.rglob("*.html") if "no-referrer" in p.read_text(encoding="utf-8")]
    assert bad == []
    assert settings.SECURE_REFERRER_POLICY == "same-origin"
