"""Settings, from `AIGUILLEUR_*` environment variables or a `.env` file."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SHIPPED = Path(__file__).resolve().parent.parent / "prompts"
"""The data that advisors write, as it ships with the product."""

REFERENCE = SHIPPED / "accounts" / "club-horizon-auto"
"""The account that ships with the product."""

WEB_ADDRESS = r"^(https?://\S+)?$"

FROM = SettingsConfigDict(env_prefix="AIGUILLEUR_", env_file=".env", extra="ignore", frozen=True)


class _Moved(BaseSettings):
    model_config = FROM

    prompts: Path = SHIPPED


PROMPTS = _Moved().prompts.absolute()
"""The same, where `AIGUILLEUR_PROMPTS` says: every list of words is read from there, whoever asks for it. One folder a
process: what was read stays read."""


class Settings(BaseSettings):
    """Every setting with its default; `aiguilleur doctor` lists them with their origin."""

    model_config = FROM

    data: Path = Path("./data")
    database_url: str = ""
    chroma_url: str = Field(default="", pattern=WEB_ADDRESS)
    model: str = ""
    model_fallbacks: str = ""
    model_api_base: str = ""
    model_api_key: SecretStr = SecretStr("")
    model_timeout_s: float = Field(default=20.0, gt=0)
    model_deadline_s: float = Field(default=45.0, gt=0)
    model_concurrency: int = Field(default=50, ge=1)
    model_at_once: int = Field(default=0, ge=0)
    model_per_minute: int = Field(default=0, ge=0)
    model_context_tokens: int = Field(default=32_000, ge=2_000)
    model_answer_tokens: int = Field(default=1_500, ge=200)
    model_logprobs: bool = True
    model_daily_budget_usd: float = Field(default=0.0, ge=0)
    embedder: str = "builtin"
    learn_after: int = Field(default=20, ge=0)
    learn_wait_s: float = Field(default=600.0, gt=0)
    learn_from: int = Field(default=10_000, ge=500)
    attachment_bytes: int = Field(default=1_500_000, ge=0)
    attachment_count: int = Field(default=10, ge=0)
    attachment_pages: int = Field(default=30, ge=1)
    attachment_chars: int = Field(default=8_000, ge=100, le=20_000)
    attachment_seconds: float = Field(default=5.0, gt=0, le=30)
    attachment_unpacked_bytes: int = Field(default=20_000_000, ge=1)
    attachment_memory_mb: int = Field(default=768, ge=256)
    attachment_processes: int = Field(default=2, ge=0, le=64)
    vault_key: SecretStr = SecretStr("")
    vault_key_file: str = ""
    backlog_most: int = Field(default=50_000, ge=1)
    works: bool = True
    lease_s: float = Field(default=30.0, ge=1)
    triage_at_once: int = Field(default=256, ge=1)
    key_rate: float = Field(default=500.0, ge=0)
    key_burst: int = Field(default=5_000, ge=1)
    webhook_allow: str = ""
    webhook_http: bool = False
    webhook_timeout_s: float = Field(default=15.0, gt=0, le=30)
    engine: Literal["auto", "local", "model", "cascade"] = "auto"
    otlp: str = ""
    public_url: str = Field(default="", pattern=WEB_ADDRESS)
    password_memory_kib: int = Field(default=65_536, ge=1_024)
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_roles: Path = PROMPTS / "access" / "single_sign_on.yaml"
    prompts: Path = PROMPTS

    @field_validator("data", mode="before")
    @classmethod
    def _named(cls, folder: object) -> object:
        """An empty variable would be whatever folder the program happens to run in."""
        if folder == "":
            raise ValueError("it is empty; name a folder, or leave the variable out for ./data")
        return folder

    @property
    def engine_in_force(self) -> Literal["local", "model", "cascade"]:
        """`auto` resolved: `model` where a model is set, else `local`."""
        if not self.model:
            return "local"
        return "model" if self.engine == "auto" else self.engine

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data.resolve() / 'aiguilleur.db'}"

    @property
    def fallback_models(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in self.model_fallbacks.split(",") if name.strip())
