"""The tools that are compared: ours and four libraries, one a module. A library is imported when its tool is made."""

from .base import Reading, Tool, ToolMissing, install_hint
from .dateparser import Dateparser
from .ours import Ours, ReadyDocs
from .price_parser import PriceParser
from .quantulum3 import Quantulum3
from .recognizers_text import RecognizersText

TOOLS: dict[str, type[Tool]] = {
    tool.name: tool for tool in (Ours, RecognizersText, Quantulum3, PriceParser, Dateparser)
}

__all__ = ["TOOLS", "Ours", "Reading", "ReadyDocs", "Tool", "ToolMissing", "install_hint"]
