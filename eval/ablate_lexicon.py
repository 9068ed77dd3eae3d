"""What the colloquial lexicon adds: `python -m eval.ablate_lexicon [--weights 0 0.3 0.5 1]`.

For each weight the ranker is trained anew and judged by five-fold cross-validation over the
train and tune questions; test questions are not touched.
"""

from __future__ import annotations

import argparse

from assistant import ranking
from assistant.services import Services, Settings
from eval.train_ranker import collect, cross_validate


def main() -> None:
    """Command line; see the module docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.ablate_lexicon", description=__doc__)
    parser.add_argument("--weights", type=float, nargs="*", default=[0.0, 0.5])
    args = parser.parse_args()
    services = Services.open(Settings())
    kept = ranking.EXPANSION
    try:
        for weight in args.weights:
            ranking.EXPANSION = weight
            print(f"lexicon weight {weight}")
            cross_validate(list(collect(services, 1000, 1500)), 8, 0.05, 12)
    finally:
        ranking.EXPANSION = kept


if __name__ == "__main__":
    main()
