"""A process of its own that writes until it is killed: `FOLDER SEED`."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from assistant.practice.model import Mark, Mode, Response
from assistant.store import open_store
from assistant.store.store import Store
from tests.contracts.records import NOW, later, make_answer, make_round


def write_one_by_one(store: Store, seed: int) -> None:
    """Fifty writes of every kind; tells each on a line when the store has acknowledged it."""
    rng = random.Random(seed)
    made = make_round("r", size=50)
    store.practice.add_round(made)
    store.practice.add_round(make_round("x", mode=Mode.EXAM, size=50))
    for n in range(1, 51):
        kind = rng.choice(("answer", "mark", "response", "round"))
        name = f"{kind[0] if kind != 'response' else 'x'}-{n}"
        if kind == "answer":
            store.practice.add_answer(make_answer(made, n, name))
        elif kind == "mark":
            store.practice.add_mark(Mark("p1", name, True, NOW))
        elif kind == "response":
            store.practice.keep_response("x", n, Response(("正确",), later(seconds=n)))
        else:
            store.practice.add_round(make_round(name, size=1))
        sys.stdout.write(f"{kind} {name}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    write_one_by_one(open_store(Path(sys.argv[1])), int(sys.argv[2]))
