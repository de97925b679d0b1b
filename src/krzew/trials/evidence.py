"""Everything about one grant for those who control it, in one archive with a list of fingerprints.

Testers stand in it by their codes alone, and the words of the diary stay out: in both somebody may be named whom a
control of money does not concern.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from krzew.calls.applications.printing import pdf as application_pdf
from krzew.library.cards import fold
from krzew.timeline.phrases import phrase
from krzew.timeline.queries import history
from krzew.timeline.shown import who
from krzew.trials.agreements.paper import agreement_pdf, protocol_pdf
from krzew.trials.models import Innovation
from krzew.trials.queries import money
from krzew.trials.states import AgreementState
from krzew.trials.written.content import said
from krzew.trials.written.printing import pdf as specification_pdf
from krzew.ui.formats import moment
from krzew.ui.sheets import csv_bytes, harmless

File = tuple[str, bytes]


def archive(innovation: Innovation) -> bytes:
    """The archive; needs `queries.settlement.whole`."""
    rows = list(files(innovation))
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as pack:
        for name, content in rows:
            pack.writestr(name, content)
        pack.writestr(_name("txt", _("list of files")), _index(innovation, rows))
    return out.getvalue()


def files(innovation: Innovation) -> Iterator[File]:
    """Papers first, in the order in which they came about; tables after them."""
    yield from _application(innovation)
    yield from _specifications(innovation)
    yield from _agreements(innovation)
    yield from _reports(innovation)
    yield from _tables(innovation)


def _name(kind: str, *parts: object) -> str:
    """A name that every computer reads: 3-umowa-1.pdf."""
    return f"{slugify(fold(' '.join(str(part) for part in parts)))}.{kind}"


def _application(innovation: Innovation) -> Iterator[File]:
    application = innovation.application
    if application is None:
        return
    for row in application.versions.all():
        yield _name("pdf", 1, _("application"), row.number), application_pdf(application, row)


def _specifications(innovation: Innovation) -> Iterator[File]:
    for row in innovation.specifications.order_by("number"):
        yield _name("pdf", 2, _("specification"), row.number), specification_pdf(row)


def _agreements(innovation: Innovation) -> Iterator[File]:
    shown = [row for row in innovation.agreements.all() if row.state != AgreementState.DRAFT]
    for row in shown:
        yield _name("pdf", 3, row.get_kind_display(), row.number), agreement_pdf(row)
    for report in money.reports(innovation):
        if hasattr(report, "protocol"):
            yield _name("pdf", 4, _("protocol"), report.result), protocol_pdf(report.protocol)


def _reports(innovation: Innovation) -> Iterator[File]:
    """The final report as it was signed, each time."""
    sent = getattr(getattr(innovation, "final_report", None), "sent", [])
    for number, copy in enumerate(sent, 1):
        parts = [f"{copy['name']}, {copy['at']}, {copy['hash']}"]
        parts += [f"{question}\n{text or '–'}" for question, text in said(copy).values()]
        yield _name("txt", 5, _("final report"), number), "\n\n".join(parts).encode()


def _tables(innovation: Innovation) -> Iterator[File]:
    yield _name("csv", 6, _("decisions")), _sheet(_decisions(innovation))
    yield _name("csv", 7, _("money")), _sheet(_money(innovation))
    yield _name("csv", 8, _("support and workshops")), _sheet(_diary(innovation))
    yield _name("csv", 9, _("consents of testers")), _sheet(_consents(innovation))
    yield _name("csv", 10, _("history")), _sheet(_history(innovation))


def _sheet(rows: Iterable[Sequence[Any]]) -> bytes:
    return csv_bytes([harmless(_text(cell)) for cell in row] for row in rows)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _decisions(innovation: Innovation) -> Iterator[Sequence[Any]]:
    yield _("Stage"), _("Decision"), _("Amount"), _("Reason"), _("When")
    application = innovation.application
    for row in application.decisions.order_by("at") if application else ():
        yield row.stage, row.get_outcome_display(), row.amount, row.reason, moment(row.at)


def _money(innovation: Innovation) -> Iterator[Sequence[Any]]:
    yield _("What"), _("Amount"), _("Day")
    agreement = money.concluded(innovation)
    for row in agreement.tranches.all() if agreement else ():
        if row.paid_on:
            yield str(row), row.paid_amount, row.paid_on
    for refund in innovation.refunds.all():
        yield _("asked back: %(why)s") % {"why": refund.why}, refund.amount, refund.at.date()
        if refund.returned_on:
            yield _("returned"), refund.amount, refund.returned_on


def _diary(innovation: Innovation) -> Iterator[Sequence[Any]]:
    yield _("What it is"), _("Day"), _("Hours"), _("People of the team who came")
    for row in innovation.diary.order_by("on", "pk"):
        yield row.get_kind_display(), row.on, row.hours, row.attended


def _consents(innovation: Innovation) -> Iterator[Sequence[Any]]:
    yield _("Tester"), _("Version of the text"), _("By a guardian"), _("On paper"), _("Given"), _("Withdrawn")
    test = getattr(innovation, "test", None)
    for tester in test.testers.prefetch_related("consents__text").only("code", "test") if test else ():
        for row in tester.consents.all():
            ends = moment(row.withdrawn_at) if row.withdrawn_at else ""
            said_ = [_("yes") if value else _("no") for value in (row.by_guardian, row.on_paper)]
            yield tester.code, row.text.number, *said_, moment(row.given_at), ends


def _history(innovation: Innovation) -> Iterator[Sequence[Any]]:
    yield _("No."), _("When"), _("Who"), _("Act"), _("Fingerprint")
    objects = [innovation, *innovation.agreements.all(), *money.reports(innovation)]
    if innovation.application:
        objects.insert(0, innovation.application)
    for row in history(*objects):
        yield row.number, moment(row.at), who(row), phrase(row.act), row.hash


def _index(innovation: Innovation, rows: Iterable[File]) -> str:
    head = [
        innovation.title,
        str(innovation.call.programme.organisation),
        _("Put together: %(at)s, Warsaw time") % {"at": moment(timezone.now())},
        _("Names of testers and the words of the diary are not here."),
    ]
    prints = [f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in rows]
    return "\n".join([*head, "", *prints]) + "\n"
