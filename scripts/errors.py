"""Bad input: one error type that says what, where and what to do, and a log that stops or skips by policy."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from wasabi import msg

OnError = Literal["error", "skip"]
MAX_LISTED = 20


class BadInput(ValueError):
    """Something in the user's data or settings is wrong.

    problem (str): what is wrong and how to mend it.
    path (Path | str | None), line (int | None), record_id (str | None): where.
    """

    def __init__(
        self, problem: str, *, path: Path | str | None = None, line: int | None = None, record_id: str | None = None
    ) -> None:
        self.problem = problem
        self.path = path
        self.line = line
        self.record_id = record_id
        super().__init__(str(self))

    def __str__(self) -> str:
        place = "" if self.path is None else str(self.path)
        if self.line is not None:
            place += f":{self.line}"
        parts = [place] if place else []
        if self.record_id is not None:
            parts.append(f"id {self.record_id!r}")
        parts.append(self.problem)
        return ": ".join(parts)

    def at(
        self, *, path: Path | str | None = None, line: int | None = None, record_id: str | None = None
    ) -> "BadInput":
        """A copy with places filled in where they were unknown."""
        return BadInput(
            self.problem,
            path=self.path if self.path is not None else path,
            line=self.line if self.line is not None else line,
            record_id=self.record_id if self.record_id is not None else record_id,
        )


def require_file(path: Path, step: str) -> Path:
    """The path; raises BadInput naming the step that makes the file, where it is not there."""
    if not path.exists():
        raise BadInput(f"file not found: run the step '{step}' first", path=path)
    return path


@dataclass
class ErrorLog:
    """Collects bad input: raises at once ("error") or counts and lists what was skipped ("skip")."""

    on_error: OnError = "error"
    skipped: list[BadInput] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, what: str, place: str) -> None:
        """Remember something that a converter left out on purpose, and where."""
        self.notes[what].append(place)

    def handle(self, error: BadInput) -> None:
        """Raise `error`, or remember it as skipped."""
        if self.on_error == "error":
            raise error
        self.skipped.append(error)

    def report(self) -> None:
        """Print how many were skipped, and the first of them; `convert` writes all of them to its manifest."""
        if not self.skipped:
            return
        msg.warn(f"Skipped {len(self.skipped)} bad records (--on-error skip)")
        for error in self.skipped[:MAX_LISTED]:
            msg.text(f"  {error}")
        if len(self.skipped) > MAX_LISTED:
            msg.text(f"  … and {len(self.skipped) - MAX_LISTED} more, all of them in manifest.json")
