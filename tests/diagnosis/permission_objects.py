"""Diagnoses, reports and enquiries in every state, over which the permissions are compared."""

from __future__ import annotations

from krzew.accounts.models import Organisation, User
from krzew.diagnosis.models import Diagnosis, Enquiry, Report
from krzew.diagnosis.states import EnquiryState, State
from krzew.library.models import Solution


def make_objects(organisations: list[Organisation], people: list[User]) -> None:
    solution = Solution.objects.exclude(current=None).first()
    assert solution is not None
    for home in organisations:
        for state in State.values:
            for public in (False, True):
                _diagnosis(home, state, public)
    for asker in organisations:
        for state in EnquiryState.values:
            for centre in (None, *organisations):
                _enquiry(asker, solution, state, centre)


def _diagnosis(home: Organisation, state: str, public: bool) -> None:
    row = Diagnosis.objects.create(place_id="300202", organisation=home, state=state, public=public)
    Report.objects.create(diagnosis=row, language="pl", format="pdf")


def _enquiry(asker: Organisation, solution: Solution, state: str, centre: Organisation | None) -> None:
    attached = (
        Diagnosis.objects.filter(organisation=centre).first() if centre and state == "diagnosed" else None
    )
    Enquiry.objects.create(
        place_id="300202",
        solution=solution,
        asker=asker,
        state=state,
        centre=centre,
        contact_role="mayor",
        diagnosis=attached,
    )
