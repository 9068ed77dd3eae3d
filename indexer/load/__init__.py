"""Files as people hand them in → lines of text with positions and warnings."""

from indexer.load.raw import Line, RawText
from indexer.load.read import read

__all__ = ["Line", "RawText", "read"]
