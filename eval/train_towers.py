"""Fit the maps between questions and provisions: `python -m eval.train_towers [--out FILE]`.

Every asked-as entry is a question whose article is known. The two maps are fitted so that among
the texts of the library those of its article come first (softmax over thousands of texts at
once). No question of an evaluation set is used; `--show` prints how often text alone finds the
right article for the train and tune questions, before and after. Needs torch.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import normalize

from eval.queries import canonical, load_queries, references
from indexer.embed import MODEL_DIR, OnnxEmbedder
from indexer.known_vectors import KnownVectors, vector_key, write_file
from indexer.towers import TOWERS_FILE, Tower, write_towers
from indexer.units import units_of
from kb.library import Library, load_library

SHOWN = ("colloquial", "rough", "grown", "exam", "train", "train_grown")


@dataclass(frozen=True, slots=True)
class Material:
    """Unit vectors of questions and texts, and the number of the article of each."""

    questions: torch.Tensor
    question_article: torch.Tensor
    texts: torch.Tensor
    text_article: torch.Tensor
    articles: dict[str, int]


def collect(library: Library, embedder: OnnxEmbedder, cache: Path | None) -> Material:
    """Return the material; what is not in `cache` is encoded and written there."""
    known = KnownVectors()
    if cache and cache.is_file():
        known.add_file(cache)
    units = units_of(library.catalog)
    entries = [(a.question, str(a.target.id.in_article)) for a in library.asked]
    rows: dict[bytes, np.ndarray] = {}

    def encoded(role: str, text: str) -> torch.Tensor:
        key = vector_key(embedder.model_id, role, text)
        vector = known.get(key)
        if vector is None:
            encode = embedder.encode_queries if role == "query" else embedder.encode_passages
            vector = encode([text])[0]
            known.add([key], vector[None])
        rows[key] = vector
        return torch.from_numpy(np.ascontiguousarray(vector, np.float32))

    questions = torch.stack([encoded("query", q) for q, _ in entries])
    texts = torch.stack([encoded("passage", u.text) for u in units])
    if cache:
        write_file(cache, list(rows), np.array(list(rows.values()), np.float32))
    names = [str(u.target.in_article) for u in units]
    number = {a: n for n, a in enumerate(sorted({*names, *(a for _, a in entries)}))}
    return Material(
        questions, torch.tensor([number[a] for _, a in entries]),
        texts, torch.tensor([number[a] for a in names]), number,
    )  # fmt: skip


class LinearTower(torch.nn.Module):  # type: ignore[misc]  # torch is untyped here
    """A tower that learns: it begins as centring alone."""

    def __init__(self, mean: torch.Tensor) -> None:
        super().__init__()
        self.mean = mean
        self.matrix = torch.nn.Parameter(torch.eye(len(mean)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        turned: torch.Tensor = normalize(x - self.mean, dim=-1) @ self.matrix
        return normalize(turned, dim=-1)

    def frozen(self) -> Tower:
        """Return the tower as it is now."""
        return Tower(self.mean.numpy(), self.matrix.detach().numpy())


def fit(
    m: Material, epochs: int, rate: float, tau: float, negatives: int, seed: int = 1
) -> tuple[LinearTower, LinearTower]:
    """Return the towers for questions and texts."""
    torch.manual_seed(seed)
    question, text = LinearTower(m.questions.mean(0)), LinearTower(m.texts.mean(0))
    optimiser = torch.optim.Adam([question.matrix, text.matrix], rate)
    for epoch in range(epochs):
        total = 0.0
        parts = torch.randperm(len(m.questions)).split(256)
        for rows in parts:
            own = m.question_article[rows]
            right = torch.isin(m.text_article, own).nonzero().squeeze(1)
            columns = torch.unique(torch.cat([torch.randperm(len(m.texts))[:negatives], right]))
            s = question(m.questions[rows]) @ text(m.texts[columns]).T / tau
            same = own[:, None] == m.text_article[columns][None]
            loss = torch.logsumexp(s, 1) - torch.logsumexp(s.masked_fill(~same, -1e4), 1)
            optimiser.zero_grad()
            loss.mean().backward()
            optimiser.step()
            total += float(loss.detach().mean())
        print(f"epoch {epoch + 1} loss {total / len(parts):.3f}", flush=True)
    return question, text


def show(library: Library, embedder: OnnxEmbedder, m: Material, towers: list[LinearTower]) -> None:
    """Print R@1 and R@5 of the texts alone for every set, test questions left out."""
    catalog = library.catalog
    articles = [a.id for d in catalog if d.in_scope for a in d.latest().articles]
    by_ref = references(catalog, articles)
    for name in SHOWN:
        found = []
        for q in load_queries(name):
            gold = {
                m.articles.get(str(a), -1)
                for g in canonical(catalog, q.gold)
                for a in by_ref.get(g, ())
            }
            if q.split != "test" and gold:
                found.append((torch.from_numpy(embedder.encode_queries([q.text])), gold))
        with torch.no_grad():
            print(name, " ".join(f"{x:.3f}" for x in _recalls(found, m, towers)), flush=True)


def _recalls(
    found: list[tuple[torch.Tensor, set[int]]], m: Material, towers: list[LinearTower]
) -> tuple[float, float]:
    question, text = towers
    texts = text(m.texts)
    hits = [0, 0]
    for vector, gold in found:
        best = torch.full((len(m.articles),), -9.0)
        best = best.scatter_reduce(0, m.text_article, (question(vector) @ texts.T)[0], "amax")
        order = best.topk(5).indices.tolist()
        hits[0] += order[0] in gold
        hits[1] += any(n in gold for n in order)
    return hits[0] / len(found), hits[1] / len(found)


def main() -> None:
    """Command line; see the module docstring."""
    parser = argparse.ArgumentParser(description="fit the maps between questions and provisions")
    parser.add_argument("--out", type=Path, default=MODEL_DIR / TOWERS_FILE)
    parser.add_argument("--cache", type=Path, help="encoded texts, kept between runs")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--tau", type=float, default=0.03)
    parser.add_argument("--negatives", type=int, default=5000)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    library, embedder = load_library(), OnnxEmbedder(towers=False)
    material = collect(library, embedder, args.cache)
    print(f"{len(material.questions)} questions, {len(material.texts)} texts", flush=True)
    towers = fit(material, args.epochs, args.rate, args.tau, args.negatives)
    write_towers(args.out, towers[0].frozen(), towers[1].frozen())
    if args.show:
        plain = [LinearTower(t.mean) for t in towers]
        print("centred only")
        show(library, embedder, material, plain)
        print("fitted")
        show(library, embedder, material, list(towers))


if __name__ == "__main__":
    main()
