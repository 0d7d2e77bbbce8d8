"""What can be set: as an option of `python -m service`, or as an environment variable with the prefix `BELLWETHER_`."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from .schemas import Limits

ENV_PREFIX = "BELLWETHER_"


class Settings(BaseSettings):
    """Serve a Bellwether pipeline over HTTP.

    Every option can also be set in the environment: --max-texts as BELLWETHER_MAX_TEXTS.
    """

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, frozen=True, cli_prog_name="python -m service", cli_kebab_case=True
    )

    pipeline: str = Field(default="en_finance", description="installed package or a folder (training/model-best)")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, ge=0, le=65535, description="TCP port; 0 takes a free one")
    log_level: Literal["critical", "error", "warning", "info", "debug"] = Field(
        default="info", description="least severe message that is logged"
    )
    threads: int = Field(
        default=1,
        ge=1,
        description="threads of the pipeline's encoder; more cores are better used by more processes",
    )
    max_texts: int = Field(default=256, ge=1, description="most texts in a request")
    # spaCy's own limit, `nlp.max_length`, is a million.
    max_text_characters: int = Field(default=100_000, ge=1, le=1_000_000, description="most characters in a text")
    max_word_characters: int = Field(
        default=2_048, ge=1, description="most characters between two blanks: the tokenizer takes time quadratic in it"
    )
    max_body_bytes: int = Field(default=1024 * 1024, ge=1, description="largest request body, in bytes")

    @property
    def limits(self) -> Limits:
        """The limits that a client must keep to."""
        return Limits.model_validate(self, from_attributes=True)
