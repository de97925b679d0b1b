"""Data of this room, in the order in which an innovation lives."""

from krzew.trials.models.agreement import Agreement, AgreementKind, Refund, Signature, Tranche
from krzew.trials.models.dissemination import (
    Choice,
    Licence,
    Package,
    PackageFile,
    PolicyInclusion,
    PolicyKind,
)
from krzew.trials.models.evaluation import Conclusion, Evaluation, FinalReport, Opinion, Presentation
from krzew.trials.models.innovation import Diary, DiaryKind, Innovation, Risk
from krzew.trials.models.settlement import Protocol, ResultReport
from krzew.trials.models.specification import Gate, Remark, Specification, SpecificationVersion
from krzew.trials.models.test import Consent, ConsentText, Measurement, Test, Tester

__all__ = [
    "Agreement",
    "AgreementKind",
    "Choice",
    "Conclusion",
    "Consent",
    "ConsentText",
    "Diary",
    "DiaryKind",
    "Evaluation",
    "FinalReport",
    "Gate",
    "Innovation",
    "Licence",
    "Measurement",
    "Opinion",
    "Package",
    "PackageFile",
    "PolicyInclusion",
    "PolicyKind",
    "Presentation",
    "Protocol",
    "Refund",
    "Remark",
    "ResultReport",
    "Risk",
    "Signature",
    "Specification",
    "SpecificationVersion",
    "Test",
    "Tester",
    "Tranche",
]
