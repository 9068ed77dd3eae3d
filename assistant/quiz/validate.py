"""Checks questions against the library, knowing nothing of how they were made.

The key is entailed if the statement with the key in its gap, cut at quotation marks and colons
where a list was joined to its head, stands verbatim in the cited provisions; of a question that
asks “… 的是（　　）” every right option must stand there. A wrong option is entailed if the same
statement with it in the gap stands verbatim in any provision, if nearly the same sentence holds it
there, or if a norm lays what is asked on the bearer that it names. Signs and spaces do not count.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator

from assistant.quiz.figure_faults import Replaced, figure_faults
from assistant.quiz.model import BLANK, RIGHT, Kind, Knowledge, Question, hash_of
from assistant.quiz.source import Source
from indexer.norms import Norm
from kb.errors import KbError
from kb.numerals import to_int

_CHOICE = (Kind.SINGLE, Kind.MULTI, Kind.CASE)
_SIGNS = re.compile(r"[\s，。；：、“”‘’（）《》〈〉　;,:]")
_OPENING = re.compile(r"^(?:根据|按照|依据|依照)(?:《[^》]+》|“[^”]+”)[^，]{0,8}，")
_ASKS_LAST = re.compile(r"(?:是|有|包括|为)[：:]?（　　）[。？]?$")
_NEGATED = re.compile(
    r"(?:不属于|不包括|不应|错误|不正确|不符合)[^，。；”]{0,24}的?(?:是|有)（　　）[。？]?$"
    r"|不包括（　　）[。？]?$|不属于(?:“[^”]+”)?[^，。；”]{0,60}的是（　　）[。？]?$"
)
_SPLICE = re.compile(r"^(?:行为|情形|情况)的?")
_REPLACED = re.compile(r"题中的“(?P<wrong>.+?)”有误，应为“(?P<right>.+?)”")
_OPEN_END = re.compile(
    r"其他[^，、；。]{0,24}[；。]?$|规定的其他[^，；。]{0,30}[；。]?$|(?:规定|约定)的[^，、；。]{0,10}[；。]?$"
)
"""How an item ends that only leaves a list open."""
_VIEWS = re.compile(r"下列说法中，(?P<asks>正确|错误)的(?:是|有)（　　）。$")
_DUTY_OF = re.compile(r"属于(?P<who>.+?)(?:应当履行的职责|的职责|的义务)的是")
_LEADING_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千\d]+")
_NEARLY, _ALIKE_ACTION = 0.97, 0.7
_MIN_ACTION = 8
_HIGHEST, _GOVERNMENTS = "state-council", ("gov-above-county", "gov-all")


class Checker:
    """The library made ready for looking statements up; built once, immutable."""

    def __init__(self, source: Source) -> None:
        self.catalog = source.catalog
        self.bearers = source.bearers
        texts: list[str] = []
        self._sentences: dict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
        self._norms: dict[str, list[tuple[Norm, frozenset[str]]]] = defaultdict(list)
        for held in source.everything:
            texts.append(plain(held.article.text))
            for sentence in re.split("[；。\n]", held.article.text):
                found = plain(sentence)
                if len(found) > _MIN_ACTION:
                    self._sentences[held.document.id].append((found, pairs(found)))
            for norm in held.norms:
                words = frozenset(p for part in norm.action.split("，") for p in pairs(plain(part)))
                for bearer in source.bearers.of_subject(norm.subject):
                    self._norms[bearer].append((norm, words))
        self._all = "\n".join(texts)

    def stands(self, statement: str) -> bool:
        """True if the statement, signs aside, stands in some provision in force."""
        return plain(statement) in self._all

    def nearly_stands(self, doc_id: str, statement: str, words: str) -> bool:
        """True if a sentence of the document holds `words` and is the statement but for a trifle."""
        wanted, held = pairs(plain(statement)), plain(words)
        return any(
            held in text and len(wanted & own) >= _NEARLY * len(wanted | own)
            for text, own in self._sentences[doc_id]
        )

    def binds(self, name: str, statement: str) -> bool:
        """True if a norm lays what the statement says on the bearer of that name.

        The statement must not hold the name, which norms hold as well.

        Norms of bearers whose duties fall on it, or on whom its own duties fall, count as well.
        """
        said = frozenset(p for part in statement.split("，") for p in pairs(plain(part)))
        return any(
            len(words) >= _MIN_ACTION and len(words & said) >= _ALIKE_ACTION * len(words)
            for words in self._laid_on(name)
        )

    def _laid_on(self, name: str) -> Iterator[frozenset[str]]:
        """Yield the words of the norms; those of 县级以上人民政府 bind the State Council too."""
        kin = self._kin(name)
        for bearer in kin:
            yield from (words for _, words in self._norms[bearer])
        if _HIGHEST in kin:
            every = (n for b in _GOVERNMENTS for n in self._norms[b])
            yield from (words for norm, words in every if "地方" not in norm.subject)

    def _kin(self, name: str) -> tuple[str, ...]:
        own = self.bearers.of_subject(name)
        above = [x for b in own for x, _ in self.bearers.falls_on(b)]
        return tuple(dict.fromkeys([*own, *above]))


def validate(question: Question, checker: Checker) -> tuple[str, ...]:
    """Return what is wrong with the question; empty if nothing is."""
    broken = tuple(_citations(question, checker))
    if broken:
        return broken
    cited = "\n".join(plain(checker.catalog.article(b.provision).text) for b in question.basis)
    figures = figure_faults(question, tuple(_replaced(question, checker)), cited)
    return (
        *_form(question),
        *_key(question, cited, checker),
        *_others(question, checker),
        *figures,
    )


def _replaced(q: Question, checker: Checker) -> Iterator[Replaced]:
    """Yield the statements keyed as wrong with what puts them right and the article that does."""
    texts: tuple[str, ...] = (_bare(q),) if q.kind is Kind.JUDGE and q.answer != (RIGHT,) else ()
    if _VIEWS.search(q.stem):
        texts = q.options
    articles = [plain(checker.catalog.article(b.provision).text) for b in q.basis]
    for text, said in itertools.product(texts, _REPLACED.finditer(q.explanation)):
        wrong, right = said["wrong"], said["right"]
        for at in (m.start() for m in re.finditer(re.escape(wrong), text)):
            corrected = text[:at] + right + text[at + len(wrong) :]
            own = next((a for a in articles if _in_text(corrected, a)), None)
            if own is not None:
                yield Replaced(text, wrong, right, own)


def plain(text: str) -> str:
    """Return the text without signs and spaces."""
    return _SIGNS.sub("", text)


def pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a plain text."""
    return frozenset(text[n : n + 2] for n in range(len(text) - 1))


def _citations(q: Question, checker: Checker) -> Iterator[str]:
    if not q.basis:
        yield "no basis"
    for basis in q.basis:
        try:
            provision = checker.catalog.provision(basis.provision)
        except KbError:
            yield f"citation leads nowhere: {basis.provision}"
            continue
        if hash_of(provision) != basis.text_hash:
            yield f"hash of {basis.provision} is another text's"
        if basis.quote not in provision.text:
            yield f"quotation is not in {basis.provision}"
        if any(t not in basis.quote for t in basis.tested):
            yield f"tested words are not in the quotation of {basis.provision}"
        if checker.catalog.get(basis.provision.doc_id).title != basis.doc:
            yield f"basis names another document: {basis.doc}"


def _form(q: Question) -> Iterator[str]:
    if len(set(map(plain, q.options))) < len(q.options):
        yield "options are not distinct"
    values = [_value(o) for o in q.options]
    known = [v for v in values if v is not None]
    if len(set(known)) < len(known):
        yield "two options are one figure"
    if q.kind in (*_CHOICE, Kind.JUDGE) and not (q.answer and set(q.answer) <= set(q.options)):
        yield "the key is not among the options"
    if q.kind in (*_CHOICE, Kind.BLANK):
        stem = plain(_bare(q))
        for answer in q.answer:
            if len(plain(answer)) > 1 and plain(answer) in stem:
                yield f"the stem holds the answer {answer}"


def _key(q: Question, cited: str, checker: Checker) -> Iterator[str]:
    """Yield what keeps the key from following from the cited text."""
    if q.kind is Kind.JUDGE:
        yield from _judged(q, cited, checker)
    elif q.kind is Kind.CASE:
        return
    elif views := _VIEWS.search(q.stem):
        yield from _viewed(q, views["asks"] == "正确", cited, checker)
    elif q.kind is Kind.SHORT or _ASKS_LAST.search(q.stem):
        negated = bool(_NEGATED.search(q.stem))
        for option in q.options or q.answer:
            should = (option in q.answer) != negated
            if should and plain(option) not in cited:
                yield f"the cited text does not say: {option}"
        yield from _duty_key(q, checker)
        if q.kind is Kind.SHORT:
            yield from _left_out(q, checker)
    elif q.stem.count(BLANK) == len(q.answer) and not _in_text(_filled(q, q.answer), cited):
        yield "the statement with the key is not in the cited text"


def _left_out(q: Question, checker: Checker) -> Iterator[str]:
    """Yield the items of the list asked for that are no point and name something."""
    cited = {b.provision for b in q.basis}
    places = {(b.provision.in_article, b.provision.paragraph) for b in q.basis}
    for article, paragraph in sorted(places, key=str):
        for part in checker.catalog.article(article).parts:
            beside = part.id.item is not None and part.id.paragraph == paragraph
            if beside and part.id not in cited and _names(part.text):
                yield f"an item is left out: {part.text}"


def _names(item: str) -> bool:
    """True unless the item only leaves the list open; one that names a law holds what stands there."""
    return not _OPEN_END.search(item) or "《" in item


def _viewed(q: Question, asks_right: bool, cited: str, checker: Checker) -> Iterator[str]:
    """Yield what is wrong with a choice among statements: each is judged by itself."""
    said = list(_REPLACED.finditer(q.explanation))
    for option in q.options:
        stands = _in_text(option, cited)
        if (option in q.answer) == asks_right:
            if not stands:
                yield f"the cited text does not say: {option}"
            continue
        if stands or checker.stands(option):
            yield f"keyed as wrong, but stands in the library: {option}"
        if not any(
            _in_text(option[:at] + m["right"] + option[at + len(m["wrong"]) :], cited)
            for m in said
            for at in (p.start() for p in re.finditer(re.escape(m["wrong"]), option))
        ):
            yield f"cannot be put right by the words that the explanation gives: {option}"


def _duty_key(q: Question, checker: Checker) -> Iterator[str]:
    asked = _DUTY_OF.search(q.stem) if q.knowledge is Knowledge.DUTY else None
    if asked is None:
        return
    for option in q.answer:
        if not checker.binds(asked["who"], option):
            yield f"no norm lays on {asked['who']}: {option}"


def _judged(q: Question, cited: str, checker: Checker) -> Iterator[str]:
    statement = _bare(q)
    if q.answer == (RIGHT,):
        if not _in_text(statement, cited):
            yield "the statement keyed as right is not in the cited text"
        return
    if _in_text(statement, cited) or checker.stands(statement):
        yield "the statement keyed as wrong stands in the library"
    said = _REPLACED.search(q.explanation)
    if said is None:
        return
    places = [m.start() for m in re.finditer(re.escape(said["wrong"]), statement)]
    if not any(
        _in_text(statement[:at] + said["right"] + statement[at + len(said["wrong"]) :], cited)
        for at in places
    ):
        yield "the statement cannot be put right by the words that the explanation gives"
    if q.knowledge is Knowledge.BEARER and checker.binds(
        said["wrong"], statement.replace(said["wrong"], "，")
    ):
        yield f"a norm lays the same on {said['wrong']}"


def _others(q: Question, checker: Checker) -> Iterator[str]:
    """Yield the wrong options that are right somewhere in the library."""
    if q.kind not in (Kind.SINGLE, Kind.MULTI):
        return
    last, negated = bool(_ASKS_LAST.search(q.stem)), bool(_NEGATED.search(q.stem))
    asked = _DUTY_OF.search(q.stem) if q.knowledge is Knowledge.DUTY else None
    for option in (o for o in q.options if o not in q.answer):
        if asked is not None and not negated:
            if checker.binds(asked["who"], option):
                yield f"also a duty of {asked['who']}: {option}"
        elif not last and q.stem.count(BLANK) == 1:
            yield from _in_gap(q, option, checker)


def _in_gap(q: Question, option: str, checker: Checker) -> Iterator[str]:
    statement = _filled(q, (option,))
    if checker.stands(statement):
        yield f"also stands in the library: {option}"
    elif q.knowledge is Knowledge.BEARER:
        if checker.binds(option, _filled(q, ("，",))):
            yield f"a norm lays the same on {option}"
    elif checker.nearly_stands(q.basis[0].provision.doc_id, statement, option):
        yield f"nearly the same sentence says {option}"


def _bare(q: Question) -> str:
    return _OPENING.sub("", q.stem)


def _filled(q: Question, words: tuple[str, ...]) -> str:
    out = _bare(q)
    for word in words:
        out = out.replace(BLANK, word, 1)
    return out


def _in_text(statement: str, cited: str) -> bool:
    """True if every part of the statement stands in the plain text."""
    runs = [
        plain(_SPLICE.sub("", r) if n else r) for n, r in enumerate(re.split("[“”：]", statement))
    ]
    return all(run in cited for run in runs)


def _value(option: str) -> tuple[int, str] | None:
    """Return number and unit of an option that is one plain figure (二年, 两年, 30日)."""
    m = _LEADING_NUMBER.match(option)
    if m is None or _LEADING_NUMBER.search(option, m.end()):
        return None
    try:
        return to_int(m[0]), option[m.end() :]
    except ValueError:
        return None
