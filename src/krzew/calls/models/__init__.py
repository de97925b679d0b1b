"""Data of calls, in the order in which a call lives."""

from krzew.calls.models.application import (
    Application,
    ApplicationVersion,
    Attachment,
    FormalReview,
    Immutable,
    Kind,
    Member,
    Tick,
    content_hash,
)
from krzew.calls.models.assessment import Assessor, AssignmentPlan, Conflict, Meeting, Reading, ScoreCard
from krzew.calls.models.idea import Channel, IdeaCard, IdeaMessage, Maturity, Wish, new_token, token_hash
from krzew.calls.models.programme import Amendment, Call, Programme
from krzew.calls.models.selection import Advice, Appeal, Decision, Ranking
from krzew.calls.models.vote import Ballot, Vote, VoteEntry

__all__ = [
    "Advice",
    "Amendment",
    "Appeal",
    "Application",
    "ApplicationVersion",
    "Assessor",
    "AssignmentPlan",
    "Attachment",
    "Ballot",
    "Call",
    "Channel",
    "Conflict",
    "Decision",
    "FormalReview",
    "IdeaCard",
    "IdeaMessage",
    "Immutable",
    "Kind",
    "Maturity",
    "Meeting",
    "Member",
    "Programme",
    "Ranking",
    "Reading",
    "ScoreCard",
    "Tick",
    "Vote",
    "VoteEntry",
    "Wish",
    "content_hash",
    "new_token",
    "token_hash",
]
