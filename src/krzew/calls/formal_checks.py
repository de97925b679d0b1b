"""What Krzew answers by itself in a formal check, from the version that was sent and the rules of the call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.calls.applications.answers import APPLICANT
from krzew.calls.applications.check import Filled, lacks
from krzew.calls.definition.assessment import Check, FormalStage
from krzew.calls.models import Application, ApplicationVersion, Attachment, Call, Member
from krzew.calls.queries.applications import same_applicant
from krzew.ui.formats import moment


@dataclass(frozen=True)
class Answer:
    """Yes or no to one question (`ok` is None while nobody has answered), with the reason of a no.

    `krzew` is what the program found by itself; a person may answer otherwise, with a reason.
    """

    ok: bool | None = None
    reason: str = ""
    krzew: bool | None = None

    def plain(self) -> dict[str, Any]:
        return {"ok": self.ok, "reason": self.reason, "krzew": self.krzew}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Answer:
        return cls(kept.get("ok"), kept.get("reason", ""), kept.get("krzew"))


def formal_stage(call: Call, code: str = "") -> FormalStage | None:
    """The formal check of a call: the one that is named, or the first."""
    found = [s for s in call.rules.stages if isinstance(s, FormalStage) and code in ("", s.code)]
    return found[0] if found else None


def frozen(application: Application, version: ApplicationVersion) -> Filled:
    """What was sent, in the shape that the check of completeness reads. No query."""
    content, rules = version.content, application.call.rules
    assert rules.form is not None, "a call without a form takes no applications"
    files: dict[str, list[Attachment]] = defaultdict(list)
    for file in content["files"]:
        files[file["field"]].append(Attachment(field=file["field"], name=file["name"]))
    return Filled(
        kind=content["kind"],
        rules=rules,
        stage=rules.form,
        answers={**content["answers"], APPLICANT: content["applicant"]},
        members=tuple(_member(row) for row in content["members"]),
        ticks=frozenset((s["member"], s["code"], s["version"]) for s in content["statements"]),
        files={code: tuple(rows) for code, rows in files.items()},
        keyed=application.keyed_by_id is not None,
    )


def _member(row: Mapping[str, Any]) -> Member:
    joined = parse_datetime(row["joined_at"]) if row["joined_at"] else None
    return Member(
        pk=row["key"],
        name=row["name"],
        email=row["email"],
        is_contact=row["is_contact"],
        joined_at=joined,
    )


def answered(application: Application, stage: FormalStage, version: ApplicationVersion) -> dict[str, Answer]:
    """The automatic questions of the list, answered."""
    filled = frozen(application, version)
    missing: dict[str, list[str]] = defaultdict(list)
    for lack in lacks(filled):
        missing[lack.about].append(f"{lack.label}: {lack.text}")
    return {
        check.code: _automatic(check, application, filled, missing)
        for check in stage.checks
        if check.automatic
    }


def _automatic(
    check: Check, application: Application, filled: Filled, missing: Mapping[str, list[str]]
) -> Answer:
    if check.automatic == "in_time":
        why = _late(application)
    elif check.automatic == "limit":
        why = _over_the_limit(application, filled)
    else:
        why = " ".join(missing.get(check.automatic or "", ()))
    return Answer(not why, why, not why)


def _late(application: Application) -> str:
    """What the team took down came when it reached the office; all else when the server had it."""
    closes = application.call.closes_at
    sent = application.received_at or application.submitted_at
    if sent is None or sent < closes:
        return ""
    return _("Sent on %(at)s; the call closed on %(closes)s.") % {
        "at": moment(sent),
        "closes": moment(closes),
    }


def _over_the_limit(application: Application, filled: Filled) -> str:
    limit = filled.rules.applicants.limit
    if limit is None:
        return ""
    earlier = same_applicant(application, filled.members).filter(number__lt=application.number or 0)
    if (count := earlier.count()) < limit:
        return ""
    text = ngettext(
        "The same applicant sent %(count)d application before this one; the limit is %(limit)d.",
        "The same applicant sent %(count)d applications before this one; the limit is %(limit)d.",
        count,
    )
    return text % {"count": count, "limit": limit}
