"""Where a phrase that names an organ, a unit or a person begins and ends.

A rule opens with who bears it, followed by an adverb, a preposition or a verb; the head noun
tells bearers from things (设备, 预案, 费用), on which a rule lays nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.norms.text import BLANK, Token, words

_HEAD = re.compile(
    "(?:单位|街道办|(?<![在市本])乡镇|街道|人员密集场所|公众聚集场所|公共场所|娱乐场所|企业|公司|集团|机构|组织|机关|部门|政府|国务院|国家|委员会|常委会|党委|党组|办公室|办事处|派出所|"
    "指挥部|领导小组|工作组|调查组|检查组|专家组|班组|工会|联合会|协会|学会|商会|基金会|法院|检察院|军队|部队|队伍|"
    "[救援消防大支中总]队|应急队|学校|高校|院校|幼儿园|托儿所|福利院|养老院|医院|研究院|设计院|研究所|事务所|交易所|"
    "公安|海关|银行|媒体|电台|电视台|报刊|通讯社|气象台站?|地震台网|车站|消防站|中心|工厂|电厂|发电厂|制造厂|煤矿|"
    "农场|林场|(?:开发|园|港|风景|自贸|保税|示范|功能|管理|新|度假|旅游)区|经济体|合作社|平台|社区|公众|红十字会|残联|妇联|共青团|各方|双方|一方|当事方|承运方|发包方|承包方|投资方|出让方|受让方|转让方|承租方|出租方|甲方|乙方|"
    "公民|劳动者|职工|工人|矿工|农民工|学生|学员|居民|村民|旅客|乘客|群众|民兵|警察|民警|交警|武警|警官|司机|(?:业|店|船|货|车|房|户)主|(?:养殖|经营|种植|商|用|客)户|"
    "租户|农户|亲属|遗属|配偶|子女|家长|专家|志愿者|干部|代表|主席|主任|书记|总理|经理|总监|董事|监事|顾问|军人|"
    "(?:矿|船|机|厂|校|省|市|县|局|乡|镇|村|所|队|班|组|处|科|段|站|区|州|部|委员|董事|行|院|社|事)长|"
    "[工程医教律技药会计]师|委员|法官|检察官|公务员|仲裁庭|仲裁委|"
    "(?<![无法单器每载超])人|(?<![动定满超全裁伤减])员|(?<![或前后两二])者|代办处|(?<![布结格全战时])局|(?<![大餐客门])厅|(?<![部签])署|省|自治区|直辖市|"
    "劳动鉴定委|外国|缔约国|供应商|运营商|经销商|承包商|开发商|生产商|承运商|销售商|制造商|代理商|管理处|服务站|"
    "居委会|村委会|管委会|安委会|人大|常务会|业委会|(?:会员|代表|业主|股东)大会|培训班|行政方面|股东会|董事会|理事会|监事会|党组织|团体|家庭|个体户|住户)$"
)
_NOT_HEAD = re.compile(
    "(?:行为人的|建筑工人|机器人|前者|后者|或者|危险因素者|全员|他人|成员单位?国|对方当?|法定代表|死者|死亡人|受伤人|(?:政府|机关|部门|委员会|党委)的组织|[0-9一二三四五六七八九十百千万两]人)$|"
    "(?:出省|跨省|当地社会|全国|本地方|面向社会|向社会|本省)$"
)
_GOES_ON = re.compile(
    "、|和|与|及|以及|或|或者|及其|的|之|等|其|其他|以外|之外|所属|所在地|内部|派出|授权|有关"
)
PREPOSITION = re.compile(
    "依照|按照|依据|根据|遵照|参照|依法|依|按|对于|对(?!方|外)|在|于|向|为了|为|从(?!业)|自(?![然治来行愿动备主建己救燃营])|经过|"
    "经(?![营济理办销纪])|因|由于|将|把|就(?![业地近])|以(?![上下外内前后及])|给|同(?![一时级])|通过|除|"
    "针对|围绕|结合|凭|随|沿(?![海线途江])|用(?![人工户电水气火地])|比照|鉴于"
)
_TOPIC = re.compile(
    "(?:对于|对(?![^，]{2,40}(?:负有|不服)[^，]*的[^的，]{1,8}(?:应当|必须|不得|可以|$))|向|将|把|给|为了|为|除|"
    "与(?![^，]{1,12}(?:相关|有关)的)|针对|结合|关于|通过|经过|凭|以|随|比照|鉴于|围绕|由|"
    "会同|替(?!代)|到(?![期达场])|报(?![案社刊纸关])|送(?![货水气达])|提请|要|请)"
)
_VERB_START = re.compile(
    "(?:不|未(?!成年)|没有|非经|因|由于|遇|委托|聘用|聘请|雇用|使用(?!单位|者|人)|要求|督促|促进|引导|鼓励|推动|帮助|指导|保障(?!部门|机构|行政)|教育(?!、|主管|行政|部门|机构|者|工作)|组织(?!者|机构|单位|人)|通知|接到|发现|发生(?!地)|造成|允许|安排|招用|录用|指派|"
    "选择|告知|协助|支持|进行|采取|采用|提供(?!者|方)|实行|实施|建立|制定|设置|设立|开展|加强|落实|违反(?!治安管理行为人)|具有|具备|存在|处|给予|责令|"
    "拒绝|阻碍|需要|报告|报经|追究|配备|明确|确定|收到|举办|印制|发给|送达|吸收|邀请|选派|指定|保护|禁止|严禁)"
)
_CAUSES = re.compile(
    "完善|罢免|维护(?!单位|人)|服从|归(?!口)|做好|监察(?!机|委|部|人|员)|受(?=国|省|市|县)|协调、|巡查(?!人|组|员)|"
    "负责组织|管理、指导|关闭(?!单位)|法律、(?!(?:行政)?法规授权)|法律或者|法规、|询问(?!的)|讯问(?!的)|传唤(?!的)|统称|合称|要求|责令|督促|促进|通知|允许|告知|引导|鼓励|推动|定期|及时|立即|同时|仍|均|直接|自行|自己|每(?!个|位|名)"
)
"""What follows is an object or a predicate, even where it ends in …的单位."""
_RELATIVE = re.compile("的(?:[^的，]{0,16}|(?![^，]*(?:设施、|设备|制度))[^的，]*、[^的，]*)$")
_TRANSITIVE = re.compile(
    "委托|聘用|聘请|雇用|使用|要求|组织|通知|接到|发现|督促|教育|允许|安排|招用|录用|指派|告知|协助|支持|拒绝|发给|选择|邀请|对|向|与|将|未|不|没有|"
    "是|进入|派遣|设在|报告|通报|报送|会同|签字|采购|购买|承担|具有|成立|设立|派出|建立|吸收|责令|公告|移送|交由|代表|解除|安置"
)
NOUN_LIKE = re.compile(
    "通用|起重|生产|经营|施工|建设|监理|设计|勘察|管理|监督|检验|检测|运输|装卸|承包|承租|出租|托运|承运|有关|相关|其他|主管|"
    "分管|指定|制造|销售|储存|安装|改造|维修|评价|服务|教育|发包|参建|租赁|领导|从业|应急|用人|用工|用户|采购|收购|"
    "值班|押运|驾驶|操作|遇险|受害|受灾|违法|执勤|调查|颁发|发证|登记|许可|审批|受理|鉴定|认证|充装|所属|所在|行业|任何"
)
_WITH = re.compile("[与同](?=[^与同]+$)")
_HOW_MANY = re.compile("(?<![具享拥负持])有[两二三四五六七八九十几0-9]+个")
"""同一建筑物有两个单位: what there is, no name."""
_TWO_CASES = re.compile(
    "的[^的，]*(?:发生|变更|终止|存在|出现|不符|丧失)[^的，]*(?:或者|和|以及|或)[^的，]+$"
)
"""X的事项发生变更或者Y: a predicate and what comes after it."""
_IN_CHARGE = re.compile(
    "(?:(?:负责|负有|主管|承担|履行|行使)[^，]{2,40}|授权|确定|指定|委托)的[^的，]{0,8}(?:部门|机构|机关|组织|单位|企业)等?$"
)
"""国务院|负责…的部门: what goes on as one phrase with the organ before it."""
_MUTUAL = re.compile("订立|签订|约定|协商(?!一致)|建立劳动|解除|终止|续订|变更")
_OCCASION = re.compile("[一-鿿]{2,4}(?:之前|之后|前|后|时|期间)")
"""企业|生产前: a predicate of two characters, even where it reads like the rest of a name."""
_ORGANISES = re.compile(
    "(?P<who>[^，的、]{0,12}(?:工会|协会|委员会|政府|部门|机构|单位|企业))组织(?:和|、)"
    "(?:教育|动员|引导|带领)(?!部门|机构|行政|主管)"
)
"""工会|组织和教育职工: an act, though 工会组织 is a word."""
_RELATED = re.compile("(?P<who>[^，的与认为]{1,12}(?:人员|警察))与[^，]{1,12}有[^，]{0,8}关系")
"""执法人员|与案件有利害关系: the case of one, not two parties."""
_BOUNDARY_FLAGS = ("p", "d", "v", "c", "f", "t", "r", "u", "z", "y")
_NOUN_VERBS = ("vn", "vi")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A bearer phrase at `start`–`end` of the text it was looked for in."""

    start: int
    end: int


def is_bearer(phrase: str) -> bool:
    """True if the head noun of the phrase is an organ, a unit or a person."""
    bare = phrase.rstrip(BLANK)
    return bool(_HEAD.search(bare)) and not _NOT_HEAD.search(bare)


@lru_cache(maxsize=65536)
def bearer_at_start(text: str) -> Phrase | None:
    """Return the bearer phrase that the blanked text opens with, or None.

    It is followed by nothing, or by a word that cannot belong to it. A phrase that opens with a
    preposition or a verb counts only where it is a modifier (从事…的单位), never as an object.
    """
    if not text or _TOPIC.match(text):
        return None
    organises = _ORGANISES.match(text) or _RELATED.match(text)
    if organises:
        return Phrase(0, organises.end("who"))
    tokens = words(text)
    found: list[int] = []
    for i, token in enumerate(tokens):
        prefix = text[: token.end]
        if is_bearer(prefix) and may_open(prefix, tokens) and _ends(tokens, i + 1):
            found.append(_with_tail(tokens, i))
    if not found:
        return None
    cut = _WITH.search(text[: found[0]])
    if cut and _MUTUAL.match(text[found[0] :]):
        return Phrase(0, cut.start())
    for end in found[1:]:
        if _IN_CHARGE.match(text[found[0] : end]):
            return Phrase(0, end)
    last = found[-1]
    rest = text[found[0] : last]
    if last > found[0] and _is_whole(text, last) and not _TRANSITIVE.search(rest):
        return Phrase(0, last)
    return Phrase(0, found[0])


def _is_whole(text: str, end: int) -> bool:
    return not text[end:].strip(BLANK)


def _with_tail(tokens: Sequence[Token], i: int) -> int:
    """Where the phrase that ends at token `i` ends, a trailing 等 or bracket included."""
    if i + 1 < len(tokens) and tokens[i + 1].text in ("等", "等等"):
        return tokens[i + 1].end
    return tokens[i].end


def may_open(prefix: str, tokens: Sequence[Token]) -> bool:
    """True if a phrase may begin as these words of the text do: no preposition, no act."""
    if "由" in prefix and not re.search("由于|自由|理由|事由|缘由", prefix):
        return False
    if _CAUSES.match(prefix) or _HOW_MANY.search(prefix):
        return False
    if _TWO_CASES.search(prefix):
        return False
    if re.search("按照|依照|根据", prefix) and not _RELATIVE.search(prefix):
        return False
    verb = tokens[0].flag == "v" and len(tokens) > 1 and not is_bearer(tokens[1].text)
    verb = verb and tokens[1].text != "、" and not NOUN_LIKE.fullmatch(tokens[0].text)
    verb = verb and len(prefix) > 5
    verb = verb or (tokens[0].flag in ("d", "c") and not is_bearer(tokens[0].text))
    if PREPOSITION.match(prefix) or _VERB_START.match(prefix) or verb:
        return bool(_RELATIVE.search(prefix))
    return True


def _ends(tokens: Sequence[Token], i: int) -> bool:
    """True if what stands at token `i` cannot belong to a phrase that ends before it."""
    while i < len(tokens) and tokens[i].text.strip(BLANK) == "":
        i += 1
    if i == len(tokens):
        return True
    token = tokens[i]
    if _OCCASION.fullmatch("".join(t.text for t in tokens[i:])):
        return True
    if token.text == "等":
        later = "".join(t.text for t in tokens[i + 1 :])
        does = _STARTS_PREDICATE.match(later) and not _MODIFIES.match(later)
        return not later or bool(PREPOSITION.match(later) or does)
    if _GOES_ON.fullmatch(token.text):
        return False
    rest = "".join(t.text for t in tokens[i:])
    if PREPOSITION.match(rest) or _STARTS_PREDICATE.match(rest):
        return True
    if token.text == "组织" or re.match(_COMPOUND, rest):
        return False
    return token.flag.startswith(_BOUNDARY_FLAGS) and token.flag not in _NOUN_VERBS


_MODIFIES = re.compile("组织|[^，]*的[^，的]{0,6}(?:单位|企业|机构|组织|部门|人员)")
"""What makes 等 stand within a name: 企业等组织, 企业等参与服务的单位."""
_STARTS_PREDICATE = re.compile(
    "应(?![急用对届])|要(?!求)|须|必须|不得|可以|有权|均|都|也|还|未|不|已|及时|立即|共同|统一|分别|每年|每|会同|负责(?!人)|主管(?!部门|机关|人员|单位)|领导|组织(?!者|机构|单位|人员|$|依|应|不得|可以|按|在|对|必须|和|、|及|的|或|为)|协助|"
    "单方|责令|协商一致|代表(?=企业|职工|劳动者|会员|用人|本单位|政府|国家)|报(?![告刊社纸警案])|书面|现场(?!指挥|负责人|人员|管理|处置)|指导(?!价)|协调|实施|履行|承担|配合|参与|参加|接到|发现|发生|使用(?!单位|者|人|权)|从事|进行|具有|具备|享有|负有|同时|定期|严禁|禁止|"
    "(?:发给|颁发|核发|批准|审批|审核|决定|办理|出具|支付|给予|提供|处理|受理|公布|发布|宣布|规定|认定|核定|确认|报告|申报|核准)"
    "(?!机关|部门|机构|单位|人|工作|权|者|方|企业|的)|"
    "编制|制定|建立|设置|委托|聘用|采用|采取|行使|支持|擅自|不断|依|按|采购|违反|需要|拒不|拒绝|新建|改建"
)
_COMPOUND = (
    "(?:开采|监督管理|监督检查|监察|监管|主管|管理|检查|检验|检测|生产经营|安全|建设|经营|施工|监理|设计|勘察|消防|救援|执法|评价|服务|"
    "工作|派出|代表|领导|操作|作业|从业|技术|行政|交通|运输|规划|水利|劳动|卫生|保障|保护|指导价|定价)(?!制定|组织|负责|应)"
)
