"""A public vote. Who has voted and what was voted for lie apart, and nothing joins them."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language

from krzew.calls.models.application import Application
from krzew.calls.models.programme import Call
from krzew.calls.states import CallState, VoteState


class Vote(models.Model):
    """The vote of one call. `secret` makes the marks of voters unreadable and is forgotten with them at the end."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="votes")
    stage = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=VoteState, default=VoteState.ANNOUNCED)
    who = models.CharField(max_length=10)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    secret = models.CharField(max_length=64, blank=True)
    voters = models.PositiveIntegerField(null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    reason_pl = models.TextField(blank=True, max_length=4000)
    reason_en = models.TextField(blank=True, max_length=4000)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "stage"],
                condition=~Q(state=VoteState.CALLED_OFF),
                name="calls_vote_once",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")), name="calls_vote_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call_id} {self.stage} {self.opens_at:%Y-%m-%d}"

    @property
    def reason(self) -> str:
        return self.reason_pl if (get_language() or "pl").startswith("pl") else self.reason_en

    def is_open(self, now: datetime | None = None) -> bool:
        now = now or timezone.now()
        running = self.state == VoteState.ANNOUNCED and self.call.state == CallState.PUBLISHED
        return running and self.opens_at <= now < self.closes_at

    def is_over(self, now: datetime | None = None) -> bool:
        return self.closes_at <= (now or timezone.now())


class VoteEntry(models.Model):
    """One application that can be voted for. Nobody reads `count` before the vote is counted."""

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="entries")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="vote_entries")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["vote", "application"]
        constraints = [models.UniqueConstraint(fields=["vote", "application"], name="calls_vote_entry_once")]

    def __str__(self) -> str:
        return f"{self.vote_id} × {self.application_id}"


class Ballot(models.Model):
    """The mark that somebody has voted: no name, no choice, no time. It lives until the vote is counted."""

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="ballots")
    voter = models.CharField(max_length=64)
    address = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vote", "voter"], name="calls_ballot_once")]
        indexes = [models.Index(fields=["vote", "address"], name="calls_ballot_address")]

    def __str__(self) -> str:
        return f"{self.vote_id}"
