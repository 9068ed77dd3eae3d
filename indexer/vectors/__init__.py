"""Vector stores behind one protocol."""

from indexer.vectors.approximate import ApproximateStore
from indexer.vectors.base import Ids, Mask, Vectors, VectorStore
from indexer.vectors.choice import (
    AUTOMATIC,
    StoreSetting,
    check_reachable,
    open_store,
    retire_store,
    write_store,
)
from indexer.vectors.faiss_store import FaissStore, in_half_precision
from indexer.vectors.milvus_store import MilvusStore

__all__ = [
    "AUTOMATIC",
    "ApproximateStore",
    "FaissStore",
    "Ids",
    "Mask",
    "MilvusStore",
    "StoreSetting",
    "VectorStore",
    "Vectors",
    "check_reachable",
    "in_half_precision",
    "open_store",
    "retire_store",
    "write_store",
]
