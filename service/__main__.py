"""`python -m service [OPTIONS]`: serve a pipeline until interrupted.

Exit status: 0 after an orderly stop, 2 for bad options, 1 where the pipeline is missing or does not load, or the
address is taken.
"""

import logging
import sys
from copy import deepcopy
from typing import Any

import uvicorn
from pydantic import ValidationError
from pydantic_settings import CliApp
from uvicorn.config import LOGGING_CONFIG

from .app import create_app
from .inference import PipelineNotFound, check_pipeline_exists
from .settings import ENV_PREFIX, Settings


def log_config(level: str) -> dict[str, Any]:
    """uvicorn's, with our messages beside its own."""
    config = deepcopy(LOGGING_CONFIG)
    config["loggers"][__package__] = {"handlers": ["default"], "level": level.upper(), "propagate": False}
    return config


def explain(error: ValidationError) -> str:
    """One line for every setting that is wrong."""
    lines = []
    for problem in error.errors():
        name = ".".join(map(str, problem["loc"]))
        option, variable = f"--{name.replace('_', '-')}", f"{ENV_PREFIX}{name.upper()}"
        lines.append(f"{option} or {variable}: {problem['msg']}, got {problem['input']!r}")
    return "\n".join(lines)


def main(argv: list[str]) -> int:
    """Serve; returns the exit status."""
    try:
        settings = CliApp.run(Settings, cli_args=argv)
    except ValidationError as error:
        sys.stderr.write(explain(error) + "\n")
        return 2
    try:
        check_pipeline_exists(settings.pipeline)
    except PipelineNotFound as error:
        sys.stderr.write(f"{error}\n")
        return 1

    def stop() -> None:
        server.should_exit = True

    app = create_app(settings, on_load_failure=stop)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            log_level=settings.log_level,
            log_config=log_config(settings.log_level),
        )
    )
    try:
        server.run()
    except KeyboardInterrupt:  # uvicorn has stopped in order and passes it on
        logging.getLogger(__name__).debug("Interrupted")
    return 1 if app.state.analyzer.status == "failed" or not server.started else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
