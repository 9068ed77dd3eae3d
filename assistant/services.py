"""Wires library, index, model and answers together: the one door for every interface."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from assistant.answers import Answer, Answerer
from assistant.confidence import load_confidence
from assistant.duties import DutyBook, DutyList
from assistant.duties.answer import duty_answer
from assistant.duties.asked import read_asked
from assistant.liability import LiabilityLinks
from assistant.notices import setting_notices
from assistant.quiz.source import Source
from assistant.ranking import load_ranker
from assistant.search import Found, Searcher
from assistant.startup import collector_paused
from assistant.view import Filters
from assistant.whole import WHOLE_FILE
from indexer.build import BuildResult, Report, build_index, norm_rules
from indexer.embed import DEFAULT_MODEL, Embedder, open_embedder
from indexer.errors import IndexDamagedError, IndexMissingError
from indexer.norms import Norm
from indexer.reader import Index, open_index, read_index_norms, read_manifest
from indexer.tokens import Tokenizer, default_tokenizer
from indexer.vectors import StoreSetting
from kb.catalog import Catalog
from kb.duty_bearers import read_bearer_table
from kb.fields import read_fields
from kb.library import Library, load_library

DATA_DIR = Path(__file__).parents[1] / "data"


def _env_path(name: str, default: Path) -> Path:
    return Path(os.environ.get(name, "") or default)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where data lies, which model encodes and which store holds the vectors.

    Read from ZHIZE_DATA, ZHIZE_MODEL, ZHIZE_THREADS, ZHIZE_SCOPE, ZHIZE_VECTORS (exact, ivf, hnsw,
    milvus:<uri>; by size if empty), ZHIZE_MILVUS_TOKEN and ZHIZE_DATABASE (the address of a
    PostgreSQL database for the records; a file in the data folder if empty).
    """

    data: Path = field(default_factory=lambda: _env_path("ZHIZE_DATA", DATA_DIR))
    model: str = field(default_factory=lambda: os.environ.get("ZHIZE_MODEL", "") or DEFAULT_MODEL)
    threads: int = field(default_factory=lambda: int(os.environ.get("ZHIZE_THREADS", "") or 2))
    whole_library: bool = field(
        default_factory=lambda: os.environ.get("ZHIZE_SCOPE", "") != "safety"
    )
    vectors: str = field(default_factory=lambda: os.environ.get("ZHIZE_VECTORS", ""))
    milvus_token: str = field(
        default_factory=lambda: os.environ.get("ZHIZE_MILVUS_TOKEN", ""), repr=False
    )
    database: str = field(default_factory=lambda: os.environ.get("ZHIZE_DATABASE", ""), repr=False)

    @property
    def records(self) -> Path | str:
        """Where the records are, for `assistant.store.open_store`."""
        return self.database or self.data

    @property
    def store(self) -> StoreSetting:
        """What is asked for as the store of the vectors."""
        return StoreSetting(self.vectors, self.milvus_token)

    @property
    def index_root(self) -> Path:
        """The folder that holds the index."""
        return self.data / "index"

    @property
    def imports_root(self) -> Path:
        """The folder that holds the imported documents; user data, never rebuilt."""
        return self.data / "imports"

    @property
    def papers_root(self) -> Path:
        """The folder that holds the saved papers; user data, never rebuilt."""
        return self.data / "papers"

    @property
    def own_root(self) -> Path:
        """The folder that holds what the unit added itself; user data, never rebuilt."""
        return self.data / "own"


class Services:
    """Everything an interface may ask for. Read-only and safe to share between threads."""

    def __init__(
        self,
        library: Library,
        index: Index,
        embedder: Embedder,
        tokenizer: Tokenizer,
        today: Callable[[], date] = date.today,
        norms: Sequence[Norm] = (),
    ) -> None:
        self.library, self.index = library, index
        self.embedder, self.tokenizer, self.today = embedder, tokenizer, today
        confidence = load_confidence()
        rankers = (load_ranker(), load_ranker(WHOLE_FILE))
        self.search = Searcher(
            library.catalog, index, embedder, tokenizer, rankers, confidence, today
        )
        self.answers = Answerer(library.catalog, self.search, index, confidence.threshold)
        self.duties = duty_book(library, norms, today)
        self._norms = tuple(norms)

    @classmethod
    def open(cls, settings: Settings, today: Callable[[], date] = date.today) -> Services:
        """Return the services over the index in use.

        Raises KbError, IndexMissingError, IndexDamagedError, VectorStoreError or ModelError, each
        with what to do. An index that was built from other sources, with another model or in
        another store than the settings name counts as damaged.
        """
        with collector_paused():
            return cls._open(settings, today)

    @classmethod
    def _open(cls, settings: Settings, today: Callable[[], date]) -> Services:
        library = load_library(imports=settings.imports_root)
        manifest = read_manifest(settings.index_root)
        embedder = open_embedder(settings.model, settings.threads)
        tokenizer = default_tokenizer()
        built_from = (
            manifest.library, manifest.model_id, manifest.dictionary, manifest.norm_rules,
        )  # fmt: skip
        now = (library.fingerprint, embedder.model_id, tokenizer.fingerprint, norm_rules())
        if built_from != now:
            raise IndexDamagedError("索引与现在的法规库或模型不一致；请运行 zhize build 更新索引")
        if settings.vectors and settings.store.chosen(manifest.units) != manifest.vectors:
            raise IndexDamagedError(
                f"索引的向量存在 {manifest.vectors}，设置要求 {settings.vectors}；请运行 zhize build 更新索引"
            )
        norms = read_index_norms(settings.index_root)
        index = open_index(settings.index_root, settings.milvus_token)
        return cls(library, index, embedder, tokenizer, today, norms)

    def reopened(self, settings: Settings) -> Services:
        """Return services over the index and library as they are now, with the same model.

        Raises as `open` does; these services go on as before.
        """
        library = load_library(imports=settings.imports_root)
        if read_manifest(settings.index_root).library != library.fingerprint:
            raise IndexDamagedError("索引与现在的法规库不一致；请运行 zhize build 更新索引")
        index = open_index(settings.index_root, settings.milvus_token)
        norms = read_index_norms(settings.index_root)
        return Services(library, index, self.embedder, self.tokenizer, self.today, norms)

    @classmethod
    def open_or_build(
        cls, settings: Settings, report: Report, today: Callable[[], date] = date.today
    ) -> Services:
        """Return the services, building the index first if there is none that fits."""
        try:
            return cls.open(settings, today)
        except (IndexMissingError, IndexDamagedError):
            build(settings, report)
            return cls.open(settings, today)

    @property
    def catalog(self) -> Catalog:
        """All documents."""
        return self.library.catalog

    def find(
        self,
        text: str,
        k: int = 10,
        scope: str = "safety",
        as_of: date | None = None,
        region: str = "",
        level: str = "",
    ) -> Found:
        """Search; see Searcher.search."""
        return self.search.search(text, k, self.search.filters(scope, as_of, region, level, text))

    def ask(self, text: str, as_of: date | None = None, region: str = "") -> Answer:
        """Answer or refuse; see Answerer.answer."""
        filters = self.search.filters("safety", as_of, region, text=text)
        answer = self.answers.answer(text, filters)
        return self._from_list(text, filters, answer) or answer

    def listed(self, answer: Answer) -> DutyList | None:
        """Return the duty list that an answer is made from; None if it is made from none."""
        found = answer.listed
        if found is None:
            return None
        return self.duties.list_for(found.bearer, found.field, answer.as_of, answer.region)

    def quiz_source(self, region: str = "") -> Source:
        """Return what questions are made from today."""
        return quiz_source(self.library, self._norms, self.today(), region)

    def _from_list(self, text: str, filters: Filters, found: Answer) -> Answer | None:
        """The answer made of a duty list, if the question asks for one; None if not."""
        question = self.search.understand(text, filters)
        asked = read_asked(question.core, self.duties.table, self.duties.fields)
        if asked is None or any(m.name not in asked.name for m in question.mentions):
            return None
        made = self.duties.list_for(asked.bearer.id, asked.field, filters.day, filters.region)
        said = setting_notices(question.setting, (), filters)
        return duty_answer(made, found, self.catalog, said)


class Live:
    """The services in use by a running application, which an import exchanges for newer ones.

    A request takes `current` once and keeps it to its end, whatever is swapped in meanwhile.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._told: list[Callable[[], None]] = []

    @property
    def current(self) -> Services:
        """The services for a request that begins now."""
        return self._services

    def swap(self, services: Services) -> None:
        """Use `services` for every request that begins from now on."""
        self._services = services
        for call in self._told:
            call()

    def on_swap(self, call: Callable[[], None]) -> None:
        """Call `call` after every swap: what it keeps of the services before has to go."""
        self._told.append(call)


def duty_book(library: Library, norms: Sequence[Norm], today: Callable[[], date]) -> DutyBook:
    """Return the duty lists over these norms of this library."""
    catalog = library.catalog
    links = LiabilityLinks(catalog)
    return DutyBook(norms, catalog, read_bearer_table(), read_fields(), links, today)


def quiz_source(library: Library, norms: Sequence[Norm], day: date, region: str = "") -> Source:
    """Return what questions are made from on that day."""
    return Source(library.catalog, norms, read_bearer_table(), read_fields(), day, region)


def open_quiz_source(settings: Settings, library: Library, day: date, region: str = "") -> Source:
    """Return what questions are made from, without loading the model; raises as open_duties."""
    return quiz_source(library, _norms_of(settings, library), day, region)


def open_duties(
    settings: Settings, library: Library, today: Callable[[], date] = date.today
) -> DutyBook:
    """Return the duty lists of the index in use, without loading the model.

    IndexMissingError or IndexDamagedError if there is no index of this library.
    """
    return duty_book(library, _norms_of(settings, library), today)


def _norms_of(settings: Settings, library: Library) -> Sequence[Norm]:
    if read_manifest(settings.index_root).library != library.fingerprint:
        raise IndexDamagedError("索引与现在的法规库不一致；请运行 zhize build 更新索引")
    return read_index_norms(settings.index_root)


def build(settings: Settings, report: Report) -> BuildResult:
    """Bring the index up to date; raises KbError or IndexingError with what to do."""
    library = load_library(imports=settings.imports_root)
    embedder = open_embedder(settings.model, settings.threads)
    return build_index(
        library,
        embedder,
        default_tokenizer(),
        settings.index_root,
        whole_library=settings.whole_library,
        store=settings.store,
        report=report,
    )
