"""Loads the library that calls models: seconds, once, in the fork server."""

from service.connectors.gateway import Gateway
from service.settings import Settings

Gateway(Settings(_env_file=None, model="openai/loopback", model_api_key="x")).warm()
