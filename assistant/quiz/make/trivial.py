"""Which rules, told as they stand, test nothing: everybody would call them right.

A true statement is worth asking if one can be wrong about it: a figure, a formality or office that
must be known, a permission. “应当客观、公正地执行监理任务” has none of these.
"""

from __future__ import annotations

import re

from assistant.quiz.make.amounts import find_figures

_FORMAL = re.compile(
    r"书面|公告|公布|公示|备案|批准|同意|核准|审批|审查|签[字名章]|盖章|论证|验收|检测|评估|评价|鉴定"
    r"|登记|注册|移交|移送|交付|专职|兼职|专门|专用|专项|专人|标志|标识|投保|工伤保险|责任保险|记录|档案|存档"
    r"|通报|报送|抄送|告知|交底|会同|共同|联合|听证|复议|查封|扣押|吊销|撤销|注销|暂停|停产|停止|撤[出离]"
    r"|隔离|封闭|巡[查视护]|值[班守]|旁站|抽查|方可|不得|禁止|优先|预案|演练|清单|台账|许可|资质|委托|目录"
    r"|以上|以内|每年|代理|代为|免费|无偿|补偿|赔偿|征求|检定|距离"
)
"""What is done in one way among several: forms, offices, instruments."""
_FOREGONE = re.compile(
    r"发现[^。]{0,60}(?:应当|必须|要)(?:立即|及时)[^。，]{0,40}报告|(?:应当|必须|要)[^。，]{0,12}取得[^。，]{0,12}(?:证书|资格)"
    r"|(?:应当|必须|要)[^。，]{0,14}采取[^。，]{0,30}措施(?:。|$|，(?:防止|保障|保证|确保))|制定相应的?[^。，]{0,10}措施"
    r"|做好[^。，]{0,24}工作|相适应|管好|客观|公正|文明|爱护|及时拨付|(?:避免|减少)[^。，]{0,14}影响|准驾|行人"
    r"|在各自(?:的)?职责范围内|按照(?:各自)?(?:的)?职责|依照?各自|加强[^。，]{0,24}(?:管理|监督|检查|工作)$|定期(?:作|做|进行)?安全检查"
    r"|保[证障][^。，]{0,20}安全(?:。|$|，)|遵守|服从|配合|支持"
    r"|(?:应当|必须)(?:及时|尽快)?(?:具有|熟悉|提高|吸取|教育|抢救|救治|优质|保持)"
)
"""What common sense says, whatever formality the sentence names."""


def is_testable(text: str) -> bool:
    """True if the rule, told as it stands, has something that one can be wrong about."""
    if find_figures(text):
        return True
    return bool(_FORMAL.search(text)) and not is_foregone(text)


def is_foregone(text: str) -> bool:
    """True if common sense tells that the rule is so, and that it is nobody's choice."""
    return bool(_FOREGONE.search(text)) and not find_figures(text)
