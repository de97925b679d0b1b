"""Work around calls that takes longer than a page may."""

from __future__ import annotations

from django_tasks import task

from krzew.accounts.actors import Actor
from krzew.accounts.models import Organisation, User
from krzew.calls.acts import programmes_letters
from krzew.calls.models import Amendment, Call


@task()
def write_letters(what: str, call: int, amendment: int | None, user: int | None, home: int | None) -> None:
    """Prepare the letters to a crowd for the person who acted. Done twice it writes nothing twice."""
    row = Call.objects.select_related("programme").get(pk=call)
    who = User.objects.filter(pk=user or 0).first()
    organisation = Organisation.objects.filter(pk=home or 0).first()
    actor = Actor.of(who, organisation) if who else Actor.system()
    change = Amendment.objects.filter(pk=amendment).first() if amendment else None
    programmes_letters.write(actor, row, what, change)
