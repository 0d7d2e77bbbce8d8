"""What a run depends on: it is done again when one of these is another."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from ..evaluation.corpus import TEST, read_manifest
from ..files import file_sha256


class Inputs(BaseModel):
    """The inputs of a run. Files by their sha256; the corpus by that of the records of each split.

    set (dict): what the variant changes in the config. split (str): the split that is scored.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int
    set: dict[str, Any]
    config: str
    corpus: dict[str, str]
    domain: str
    gazetteer: str
    encoder: str
    epochs: float
    max_steps: int
    split: str

    def changes(self, now: "Inputs") -> list[str]:
        """What differs in `now`, in words."""
        changed = []
        for name, before in self:
            after = getattr(now, name)
            if before == after:
                continue
            if name == "corpus":
                splits = [split for split in {**before, **after} if before.get(split) != after.get(split)]
                changed.append(f"corpus ({', '.join(splits)})")
            else:
                changed.append("overrides" if name == "set" else name)
        return changed


@dataclass(frozen=True)
class Settings:
    """What all runs of an experiment have in common, as the options of the steps say it."""

    config: Path
    corpus: Path
    domain: Path
    gazetteer: Path
    encoder: str
    epochs: float
    max_steps: int
    gpu_id: int
    split: str = TEST

    def inputs(self) -> Inputs:
        """The inputs of a run with seed 0 and no overrides.

        RAISES (BadInput): where the corpus is missing.
        """
        return Inputs(
            seed=0,
            set={},
            config=file_sha256(self.config),
            corpus=read_manifest(self.corpus).sha256,
            domain=file_sha256(self.domain),
            gazetteer=file_sha256(self.gazetteer),
            encoder=self.encoder,
            epochs=self.epochs,
            max_steps=self.max_steps,
            split=self.split,
        )
