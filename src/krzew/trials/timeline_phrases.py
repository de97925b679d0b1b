"""What the time-line says about the acts of this room."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krzew.trials.states import (
    AgreementState,
    InnovationState,
    PaperState,
    ReportState,
    TesterState,
    TestState,
    VersionState,
)

PHRASES = {
    "trials.innovation_begun": _("Innovation on its way to the test"),
    "trials.mentor_named": _("Mentor named"),
    "trials.innovation_presented": _("Public description changed"),
    "trials.innovation_resigned": _("Innovation given up"),
    "trials.innovation_terminated": _("Agreement ended by the incubator"),
    "trials.specification_begun": _("Specification begun with what was said before"),
    "trials.specification_sent": _("Specification sent to its gate"),
    "trials.specification_accepted": _("Gate passed"),
    "trials.specification_returned": _("Specification returned to be corrected"),
    "trials.specification_rejected": _("Gate not passed"),
    "trials.remark_made": _("Remark on the specification"),
    "trials.remark_settled": _("Remark dealt with"),
    "trials.report_begun": _("Final report begun with what is known"),
    "trials.report_signed": _("Final report signed"),
    "trials.report_reopened": _("Final report opened again"),
    "trials.evaluation_signed": _("Evaluation signed"),
    "trials.evaluation_reopened": _("Evaluation opened again"),
    "trials.opinion_given": _("Opinion of the mentor given"),
    "trials.presentation_planned": _("Presentation planned"),
    "trials.presentation_noted": _("Presentation noted"),
    "trials.package_saved": _("Package for the library written"),
    "trials.package_file_added": _("File put into the package"),
    "trials.package_file_removed": _("File taken out of the package"),
    "trials.recommended": _("Initial recommendation written"),
    "trials.discussed": _("Discussion written down"),
    "trials.chosen": _("The body decided about dissemination"),
    "trials.version_prepared": _("Draft for the library made"),
    "trials.policy_noted": _("Entry into policy noted"),
    "trials.policy_withdrawn": _("Note on policy taken back"),
}

STATES = {
    "trials.innovation": dict(InnovationState.choices),
    "trials.agreement": dict(AgreementState.choices),
    "trials.specificationversion": dict(VersionState.choices),
    "trials.test": dict(TestState.choices),
    "trials.tester": dict(TesterState.choices),
    "trials.resultreport": dict(ReportState.choices),
    "trials.finalreport": dict(PaperState.choices),
    "trials.evaluation": dict(PaperState.choices),
}

OBJECTS = {
    "trials.innovation": pgettext_lazy("object", "innovation"),
    "trials.agreement": pgettext_lazy("object", "agreement"),
    "trials.specification": pgettext_lazy("object", "specification"),
    "trials.specificationversion": pgettext_lazy("object", "version of the specification"),
    "trials.test": pgettext_lazy("object", "test"),
    "trials.tester": pgettext_lazy("object", "tester"),
    "trials.resultreport": pgettext_lazy("object", "report on a result"),
    "trials.finalreport": pgettext_lazy("object", "final report"),
    "trials.evaluation": pgettext_lazy("object", "evaluation"),
    "trials.choice": pgettext_lazy("object", "choice for dissemination"),
    "trials.package": pgettext_lazy("object", "package for the library"),
    "trials.policyinclusion": pgettext_lazy("object", "policy inclusion"),
}
