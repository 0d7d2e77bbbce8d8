"""Overrides of a training config: dotted keys with JSON values, as `train --set KEY=JSON` takes them."""

import json
from collections.abc import Mapping
from typing import Any

from .errors import BadInput

ABSENT = object()


def lookup(config: Mapping[str, Any], key: str) -> Any:
    """The value of a dotted key, a section or a setting; `ABSENT` where there is none."""
    node: Any = config
    for name in key.split("."):
        node = node.get(name, ABSENT) if isinstance(node, Mapping) else ABSENT
    return node


def write_settings(overrides: Mapping[str, Any]) -> list[str]:
    """The options of `train` that say the overrides."""
    return [
        part for key, value in overrides.items() for part in ("--set", f"{key}={json.dumps(value, ensure_ascii=False)}")
    ]


def read_settings(settings: list[str]) -> dict[str, Any]:
    """Config overrides from KEY=VALUE, the value in JSON.

    RAISES (BadInput): where one is not that.
    """
    overrides = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or "." not in key:
            raise BadInput(f"--set {setting!r}: write SECTION.KEY=VALUE, such as training.dropout=0.2")
        try:
            overrides[key] = json.loads(value)
        except json.JSONDecodeError as error:
            raise BadInput(f"--set {setting!r}: the value is not JSON ({error}); texts need quotes") from None
    return overrides
