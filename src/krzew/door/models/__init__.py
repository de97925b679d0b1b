"""Data of this room: cases with their threads, needs, the board, words of the thesaurus, who might be reached."""

from krzew.door.models.board import Offer, OfferKind, Reply, Subject
from krzew.door.models.case import Canned, Case, CaseKind, CaseNumber, Handover, Message
from krzew.door.models.need import Need, Reach, Sender, ThesaurusWord, UnknownWord

__all__ = [
    "Canned",
    "Case",
    "CaseKind",
    "CaseNumber",
    "Handover",
    "Message",
    "Need",
    "Offer",
    "OfferKind",
    "Reach",
    "Reply",
    "Sender",
    "Subject",
    "ThesaurusWord",
    "UnknownWord",
]
