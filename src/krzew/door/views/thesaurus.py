"""The thesaurus: read by everybody, its words kept by library editors."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from krzew.accounts.access import public
from krzew.door.acts import thesaurus as acts
from krzew.door.forms.thesaurus import SettleForm, WordForm
from krzew.door.models import ThesaurusWord, UnknownWord
from krzew.door.present import thesaurus as present
from krzew.door.queries import thesaurus as queries
from krzew.door.rules import edit_thesaurus
from krzew.door.thesaurus import Concept, written
from krzew.door.thesaurus.concepts import KINDS
from krzew.door.views.base import actor_of, put_errors
from krzew.ui.components import Crumb

SHOWN = 30


@public
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Concepts by name or by any word that belongs to them."""
    text, kind = request.GET.get("q", "")[:80], request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    page = Paginator(queries.search(text, kind), SHOWN).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "table": present.listing(page),
        "tabs": present.tabs(text, kind),
        "q": text,
        "editor": edit_thesaurus.allows(actor_of(request)),
        "unknown": queries.unknown_words().count() if edit_thesaurus.allows(actor_of(request)) else 0,
    }
    return render(request, "door/thesaurus.html", context)


def _crumbs(last: str) -> list[Crumb]:
    return [Crumb(_("Words and needs"), reverse("door:thesaurus")), Crumb(last)]


def _concept(code: str) -> tuple[Concept, queries.Concepts]:
    known = queries.concepts()
    if code not in known:
        raise Http404
    return known[code], known


@public
def concept(request: HttpRequest, code: str) -> HttpResponse:
    """One concept: the words by which it is found; an editor adds to them."""
    one, _known = _concept(code)
    form = WordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _added(request, code, form):
        return redirect("door:concept", code=code)
    return _page(request, one, form)


def _added(request: HttpRequest, code: str, form: WordForm) -> bool:
    data = form.cleaned_data
    try:
        acts.add_word(
            actor_of(request),
            code,
            data["text"],
            language=data["language"],
            is_misspelling=data["is_misspelling"],
        )
    except ValidationError as error:
        put_errors(form, error)
        return False
    messages.success(request, _("The word is added, and the front door understands it from now on."))
    return True


def _page(request: HttpRequest, one: Concept, form: WordForm) -> HttpResponse:
    known = queries.concepts()
    context = {
        "concept": one,
        "name": one.label(queries.language()),
        "crumbs": _crumbs(one.label(queries.language())),
        "facts": present.facts(one, known),
        "words_pl": present.shown_words(one, "pl"),
        "words_en": present.shown_words(one, "en"),
        "narrower": present.links(present.narrower(one.code, known), known),
        "related": present.links([c.code for c in queries.nearest(one.code, known)], known),
        "added": queries.added_words(one.code),
        "editor": edit_thesaurus.allows(actor_of(request)),
        "form": form,
    }
    return render(request, "door/thesaurus_concept.html", context, status=422 if form.errors else 200)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a word out again."""
    edit_thesaurus.require(actor_of(request), None)
    row = get_object_or_404(ThesaurusWord, pk=pk)
    acts.remove_word(actor_of(request), row)
    messages.success(request, _("The word is taken out."))
    return redirect("door:concept", code=row.concept)


@public
@require_safe
def turtle(request: HttpRequest) -> HttpResponse:
    """The whole thesaurus as SKOS, with the words of this place."""
    titles = (
        "Tezaurus Krzewu: od słów codziennych do potrzeb",
        "Thesaurus of Krzew: from everyday words to needs",
    )
    text = written(queries.concepts().values(), *titles)
    answer = HttpResponse(text, content_type="text/turtle; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="krzew-thesaurus.ttl"'
    return answer


def unknown(request: HttpRequest) -> HttpResponse:
    """Words that people use and nobody knows."""
    edit_thesaurus.require(actor_of(request), None)
    return _unknown_page(request)


def _unknown_page(
    request: HttpRequest, wrong: int = 0, error: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    page = Paginator(queries.unknown_words(), SHOWN).get_page(request.GET.get("page"))
    rows = [
        {
            "row": row,
            "note": present.unknown_note(row),
            "error": error if row.pk == wrong else "",
            "typed": typed if row.pk == wrong else "",
        }
        for row in page
    ]
    names = sorted(one.label(queries.language()) for one in queries.concepts().values())
    context = {"page": page, "rows": rows, "crumbs": _crumbs(_("Unknown words")), "names": names}
    return render(request, "door/thesaurus_unknown.html", context, status=status)


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the word into a concept, or set it aside."""
    actor = actor_of(request)
    edit_thesaurus.require(actor, None)
    row = get_object_or_404(UnknownWord, pk=pk, settled_at=None)
    code, typed = "", request.POST.get("concept", "")
    if request.POST.get("do") != "aside":
        form = SettleForm(request.POST)
        code = _code_of(typed) if form.is_valid() else ""
        if not code:
            error = _("No concept has this name. Choose one of the suggestions.")
            return _unknown_page(request, row.pk, error, typed, status=422)
    try:
        acts.settle(actor, row, code, language=queries.language())
    except ValidationError as error:
        return _unknown_page(request, row.pk, " ".join(error.messages), typed, status=422)
    messages.success(request, _("Done: the word is off the list."))
    return redirect("door:unknown_words")


def _code_of(typed: str) -> str:
    """A concept by its code or by its name in either language."""
    wanted = " ".join(typed.split()).casefold()
    for one in queries.concepts().values():
        if wanted in (one.code.casefold(), one.label_pl.casefold(), one.label_en.casefold()):
            return one.code
    return ""
