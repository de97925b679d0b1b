"""Settings of the test-suite: the real ones, with a scratch folder, quick passwords and letters kept in memory."""

import os
import tempfile

# Tests must never touch the developer's own data.
os.environ["KRZEW_VAR"] = os.environ.get("KRZEW_TEST_VAR") or tempfile.mkdtemp(prefix="krzew-test-")
os.environ["KRZEW_DEMO"] = "1"

from krzew.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
