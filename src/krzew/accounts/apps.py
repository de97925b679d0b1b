from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "krzew.accounts"
    label = "accounts"

    def ready(self) -> None:
        from krzew.accounts import checks  # noqa: F401
