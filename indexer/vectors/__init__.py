"""Vector stores behind one protocol."""

from indexer.vectors.base import Ids, Mask, Vectors, VectorStore
from indexer.vectors.faiss_store import FaissStore

__all__ = ["FaissStore", "Ids", "Mask", "VectorStore", "Vectors"]
