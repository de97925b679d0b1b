"""The end of a way in the demonstration: reports, the last gate, the library, policy. Also of a test that failed."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from krzew.demo.ways import DATA, Way
from krzew.trials.acts import dissemination, evaluation, packages, policy, reports
from krzew.trials.models import Presentation
from krzew.trials.queries.evaluation import criteria

CODES = ("effectiveness", "efficiency", "durability", "innovator")


def report(way: Way) -> None:
    """The final report, in the innovator's words."""
    kept = reports.save(way.author, way.now, way.text["report"], seen=0)
    reports.sign(way.author, way.now, seen=kept.revision, name=way.text["signs"], is_true=True)


def evaluate(way: Way) -> None:
    row, text = way.now, way.text["evaluation"]
    codes = [one.code for one in criteria(row)]
    ratings = {code: {"rating": text[code][0], "text": text[code][1]} for code in codes}
    words = {name: text.get(name, "") for name in ("conclusion", "summary_pl", "summary_en", "harm")}
    evaluation.save(way.nina, row, evaluation.Draft(ratings=ratings, level=2, **words), seen=0)
    evaluation.sign(way.nina, way.now)


def advise(way: Way) -> None:
    """Marta says what she thinks before the last gate."""
    text = way.text["evaluation"]
    recommends = text["conclusion"] != "not"
    evaluation.give(way.marta, way.now, recommends=recommends, text=text["opinion"])


def present(way: Way) -> None:
    """The innovator shows it to the third commission."""
    row = way.now
    seen = evaluation.mark_of(Presentation.objects.filter(innovation=row).first())
    note = way.text["evaluation"]["presentation"]
    evaluation.present(way.nina, row, on=timezone.localdate(), note=note, took_place=True, seen=seen)


def choose(way: Way) -> None:
    """The last gate: an initial word, the discussion, the final word."""
    text = way.text["choice"]
    said = {code: way.text["evaluation"][code][1] for code in CODES}
    outcome = text["outcome"]
    row = dissemination.recommend(way.nina, way.now, outcome, text["why"], criteria=said, seen=0)
    row = dissemination.discuss(way.nina, way.now, text["discussion"], seen=row.revision)
    final = {"reason": text["reason"], "members": text["members"]}
    dissemination.decide(way.nina, way.now, outcome, seen=row.revision, **final)


def pack(way: Way) -> None:
    """What others need to repeat it, in both languages; with a file where there is one."""
    text = way.text["package"]
    package = packages.package_of(way.now)
    answers: dict[str, Any] = {
        name: text[name] for name in ("pl", "en", "groups", "domains", "needs", "door")
    }
    packages.save(way.author, package, answers, seen=package.revision)
    if "file" in text:
        path = DATA.parent / text["file"]
        upload = SimpleUploadedFile(path.name, path.read_bytes(), "application/pdf")
        said = {"licence": "CC-BY-SA-4.0", "authors": text["authors"], "accessible": "yes"}
        packages.add_file(way.author, package, upload, note=text["note"], **said)


def publish(way: Way) -> None:
    dissemination.publish(way.nina, way.now, way.text["package"]["slug"])


def enter_policy(way: Way) -> None:
    """A gmina writes it into its programme."""
    solution = way.now.solution
    assert solution is not None
    policy.include(way.nina, solution, on=timezone.localdate(), **way.text["policy"])
