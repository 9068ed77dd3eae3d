"""Processes of their own that answer: `all ADDRESS PART` as 25 workers at once, `one FOLDER SEED`."""

from __future__ import annotations

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assistant.practice.model import Mark, Mode, Response
from assistant.store import open_store
from assistant.store.store import Store
from tests.contracts.records import NOW, later, make_answer, make_round

WORKERS, QUESTIONS = 50, 40


def answer_all(address: str, part: int) -> int:
    """Half of the answers of every worker, then some of the other half too; how many counted."""
    store = open_store(address)

    def work(n: int) -> int:
        made = make_round(f"r-p{n}", f"p{n}", size=QUESTIONS)
        own = [k for k in range(1, QUESTIONS + 1) if k % 2 == part]
        twice = random.Random(n).sample(range(1, QUESTIONS + 1), 10)
        return sum(store.practice.add_answer(make_answer(made, k)) for k in (*own, *twice))

    with ThreadPoolExecutor(WORKERS // 2) as pool:
        counted = sum(pool.map(work, range(WORKERS)))
    store.close()
    return counted


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
    if sys.argv[1] == "all":
        sys.stdout.write(str(answer_all(sys.argv[2], int(sys.argv[3]))))
    else:
        write_one_by_one(open_store(Path(sys.argv[2])), int(sys.argv[3]))
