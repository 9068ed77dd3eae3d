"""Whether a text is Chinese prose, or what a broken font or a wrong encoding makes of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_COMMON = frozenset(
    "的一是不在有和人这中大为上个国以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得"
    "经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社"
    "义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已"
    "通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别手角期根论运农指"
    "安责任务规章管理单位监督检查应急部门负府乡镇县市省区企业危险消防罚款违反措施制定办法条例施通知执"
)
_PLAIN = re.compile(r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef\u2010-\u2027\u2030-\u205e!-~]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LOOK_ALIKE = re.compile(r"[\u2e80-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f]")
_BROKEN = re.compile(r"/G[0-9A-F]{2}|\(cid:\d+\)|[\ufffd\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares between 0 and 1, and how many characters they are of.

    `common` of the Han characters are among the four hundred most frequent; `plain` of all
    characters are ones that Chinese documents consist of; `look_alikes` are radicals in place
    of characters; `broken` are signs of a font that does not say what its shapes mean.
    """

    characters: int
    han: int
    common: float
    plain: float
    look_alikes: float
    broken: float

    @property
    def is_garbage(self) -> bool:
        """True if this is no Chinese text that anybody wrote."""
        if self.characters < 20:
            return False
        return self.common < 0.25 or self.plain < 0.7 or self.broken > 0.05

    @property
    def score(self) -> float:
        """The higher the better; for choosing between two readings of one page."""
        return self.common + self.plain - 2 * self.look_alikes - 2 * self.broken


def quality(text: str) -> Quality:
    """Return how much `text` looks like a Chinese document; spaces do not count."""
    kept = "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cf")
    total = max(len(kept), 1)
    han = _HAN.findall(kept)
    alike = len(_LOOK_ALIKE.findall(kept))
    broken = sum(len(m) for m in _BROKEN.findall(kept))
    return Quality(
        len(kept),
        len(han),
        sum(c in _COMMON for c in han) / max(len(han), 1) if han else 0.0,
        (len(_PLAIN.findall(kept)) + alike) / total,
        alike / total,
        broken / total,
    )
