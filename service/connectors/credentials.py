"""Where a model is asked, and with which key."""

from service.settings import Settings


def address(model: str, settings: Settings) -> dict[str, str]:
    """The configured server and key, for every model of the same provider; others find theirs in the environment."""
    if model.partition("/")[0] != settings.model.partition("/")[0] and "/" in model + settings.model:
        return {}
    return credentials(settings.model_api_base, settings.model_api_key.get_secret_value())


def credentials(api_base: str, api_key: str) -> dict[str, str]:
    """A server of one's own often needs no key, but the client insists on one."""
    key = api_key or ("unused" if api_base else "")
    return {name: value for name, value in (("api_base", api_base), ("api_key", key)) if value}
