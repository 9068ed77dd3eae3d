from __future__ import annotations

import pytest

from assistant.quiz.make.modality import ModalityMaker
from assistant.quiz.make.trivial import is_testable
from assistant.quiz.model import RIGHT
from tests.assistant.quiz.make.conftest import document, questions, source_of


@pytest.mark.parametrize(
    "text",
    [
        "工程监理单位应当根据建设单位的委托，客观、公正地执行监理任务",
        "行人横过道路，应当走人行横道或者过街设施",
        "特种工艺人员应当按照国家规定取得相应资格证书",
        "各级政府应当组织有关部门，做好恢复与救济工作",
        "施工企业应当在施工现场采取预防火灾等措施",
    ],
)
def test_what_everybody_would_call_right_is_not_testable(text: str) -> None:
    assert not is_testable(text)


@pytest.mark.parametrize(
    "text",
    [
        "车站应当每半年组织一次演练",
        "车站应当将调度方案报上级主管部门备案",
        "船长死亡的，应当由驾驶员中职务最高的人代理船长职务",
    ],
)
def test_a_figure_or_a_formality_is_testable(text: str) -> None:
    assert is_testable(text)


def test_what_is_foregone_is_not_told_as_a_choice_either() -> None:
    text = "建筑施工企业必须具有保障施工现场作业安全的设施并安排好看护人手和工具。"
    source = source_of(document("示例法", (text,)))
    assert not [q for n in range(8) for q in questions(ModalityMaker(source), source, n)]


def test_a_rule_that_tests_nothing_is_never_told_as_it_stands() -> None:
    text = "建筑施工企业应当根据工程的特点编排施工场地的安全防火措施方案和看护人手。"
    filed = "建筑施工企业应当把施工场地的安全防火方案报所在地主管部门备案。"
    source = source_of(document("示例法", (text, filed)))
    made = [q for n in range(8) for q in questions(ModalityMaker(source), source, n)]
    right = {q.stem for q in made if q.answer == (RIGHT,)}
    assert right == {f"根据《示例法》，{filed}"}
