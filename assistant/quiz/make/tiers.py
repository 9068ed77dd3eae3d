"""Which other figures the rest of an article makes true, or the sentence itself makes absurd.

An article often grades: 二百元以上五百元以下, and in graver cases 五百元以上二千元以下. Told without the
grade, a range from the low end of one to the high end of another could be held to be right.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.quiz.make.amounts import Figure, find_figures

Values = tuple[float, ...]
_LENGTHENED = "延长"


def told_together(article: str, figure: Figure) -> Callable[[Values], bool]:
    """Return what tells whether the figures of the article make other values true as well.

    Of ranges: those from a lower end to an upper end of the article's own, and any part of what
    grades that adjoin cover together. Of single figures: every one of the article, its ends of
    ranges, and a term with its extension.
    """
    apart = article.replace("单位", "单位，")  # else 对生产经营单位1万元 is not taken for a figure
    alike = [f.values for f in find_figures(apart) if f.unit == figure.unit]
    if len(figure.values) > 1:
        ranges = [v for v in alike if len(v) > 1]
        lows, highs = {v[0] for v in ranges}, {v[-1] for v in ranges}
        low, high = _graded(figure.values, ranges)
        return lambda values: (
            (values[0] in lows and values[-1] in highs)
            or ((low, high) != figure.values and low <= values[0] and values[-1] <= high)
        )
    ends = {x for values in alike for x in values}
    if _LENGTHENED in article:
        ends |= {a + b for a in ends for b in ends}
    return lambda values: values[0] in ends


def says_grade(article: str, right: str, wrong: str) -> bool:
    """True if a range in the words `wrong` is one that the grades of the article make true too."""
    ranges = [f for f in find_figures(right) if len(f.values) > 1]
    told = [(f.unit, told_together(article, f)) for f in ranges]
    return any(
        f.unit == unit and len(f.values) > 1 and is_told(f.values)
        for f in find_figures(wrong)
        for unit, is_told in told
    )


def _graded(own: Values, ranges: list[Values]) -> tuple[float, float]:
    """Return from where to where the range and those that adjoin it reach."""
    low, high = own[0], own[-1]
    for _ in ranges:
        low = min([low, *(r[0] for r in ranges if r[-1] == low)])
        high = max([high, *(r[-1] for r in ranges if r[0] == high)])
    return low, high


def in_order(text: str, figure: Figure) -> Callable[[Values], bool]:
    """Return what tells whether other values stand to the figures beside them as the right one.

    “3名或者2名”, or an exception that is milder than its rule, shows what was changed.
    """
    beside = [
        f.values
        for f in find_figures(text[: figure.start] + "■" + text[figure.end :])
        if f.unit == figure.unit and len(f.values) == len(figure.values)
    ]
    own = figure.values
    return lambda values: all((values < b) == (own < b) for b in beside)
