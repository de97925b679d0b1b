"""Who may open a page. Everything needs a sign-in unless the view says `@public`."""

from django.contrib.auth.decorators import login_not_required

public = login_not_required
