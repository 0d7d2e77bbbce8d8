"""Parquet files, which need an extra."""

from pathlib import Path
from typing import Any

from .errors import BadInput


def import_parquet(purpose: str = "reading Parquet", path: Path | None = None) -> tuple[Any, Any]:
    """RETURNS (tuple): pyarrow and pyarrow.parquet.

    purpose (str): what needs it. path (Path | None): the file that does.
    RAISES (BadInput): it is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 (an extra)
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        raise BadInput(f"{purpose} needs pyarrow: pip install 'spacy-bellwether[scale]'", path=path) from None
    return pa, pq


def open_parquet(path: Path) -> Any:
    """RETURNS (pyarrow.parquet.ParquetFile). RAISES (BadInput): it is none, or pyarrow is not installed."""
    _, pq = import_parquet(path=path)
    try:
        return pq.ParquetFile(path)
    except Exception as error:  # pyarrow raises its own and OSError
        raise BadInput(f"not a Parquet file: {error}", path=path) from None
