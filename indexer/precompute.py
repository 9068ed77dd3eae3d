"""Encode the default library once, for shipping: `python -m indexer.precompute`.

Writes `indexer/precomputed/*.npz`, one file for the texts of the safety scope and asked-as
entries and one for the other laws. Only texts that no shipped vector fits are encoded,
and a file that is complete already is left as it is.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from indexer.build import role_of
from indexer.embed import Embedder, open_embedder
from indexer.known_vectors import (
    SHIPPED,
    KnownVectors,
    keys_of,
    shipped_vectors,
    vector_key,
    write_file,
)
from indexer.units import Unit, asked_units, units_of
from kb.library import Library, load_library


def groups(library: Library) -> dict[str, list[Unit]]:
    """Return the units of each shipped file."""
    inside = units_of(library.catalog) + asked_units(library.asked)
    seen = {(role_of(u), u.text) for u in inside}
    everything = units_of(library.catalog, whole_library=True)
    outside = [u for u in everything if (role_of(u), u.text) not in seen]
    return {"safety": inside, "other-laws": outside}


def precompute(library: Library, embedder: Embedder, known: KnownVectors) -> None:
    """Write every shipped file, telling the progress on stderr."""
    for name, units in groups(library).items():
        texts = {vector_key(embedder.model_id, role_of(u), u.text): u for u in units}
        rows, fresh, started = [], 0, time.perf_counter()
        for n, (key, unit) in enumerate(texts.items(), 1):
            vector = known.get(key)
            if vector is None:
                query = role_of(unit) == "query"
                encode = embedder.encode_queries if query else embedder.encode_passages
                vector = encode([unit.text])[0]
                known.add([key], vector[None])
                fresh += 1
            rows.append(vector)
            if n % 1000 == 0 or n == len(texts):
                seconds = time.perf_counter() - started
                print(f"{name}: {n}/{len(texts)} {seconds:.0f} s", file=sys.stderr, flush=True)
        if fresh or set(texts) != keys_of(SHIPPED / f"{name}.npz"):
            write_file(SHIPPED / f"{name}.npz", list(texts), np.array(rows, np.float32))


if __name__ == "__main__":
    precompute(load_library(), open_embedder(), shipped_vectors())
