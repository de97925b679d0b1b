"""How far each innovation of the demonstration went, and on which days."""

from __future__ import annotations

from krzew.demo import ways_end as end
from krzew.demo import ways_papers as papers
from krzew.demo import ways_test as test
from krzew.demo.ways import Act, Step, Way, meet, steps

CLOCK: list[tuple[int, Act]] = [
    (355, meet),
    (350, papers.cooperate),
    (340, papers.send_preliminary),
    (334, papers.accept),
    (326, papers.send_weak),
    (318, papers.give_back),
    (316, papers.remark),
    (308, papers.dealt_with),
    (307, papers.send_full),
    (301, papers.accept),
    (296, papers.entrust),
    (292, papers.pay("first")),
    (289, test.plan),
    (285, test.invite),
    (278, test.measure("before")),
    (275, test.begin),
    (222, test.measure("during")),
    (220, papers.report("midway")),
    (214, papers.take("midway")),
    (211, papers.pay("second")),
    (201, test.measure("after")),
    (200, test.end),
    (190, papers.report("final")),
    (183, papers.take("final")),
    (175, end.report),
    (162, end.evaluate),
    (156, end.advise),
    (151, end.present),
    (141, end.choose),
    (132, end.pack),
    (121, end.publish),
    (90, end.enter_policy),
]
GESTURES: list[tuple[int, Act]] = [
    (354, meet),
    (349, papers.cooperate),
    (338, papers.send_preliminary),
    (331, papers.accept),
    (319, papers.send_full),
    (309, papers.accept),
    (298, papers.entrust),
    (294, papers.pay("first")),
    (288, test.plan),
    (282, test.invite),
    (272, test.begin),
    (212, papers.report("midway")),
    (206, papers.take("midway")),
    (203, papers.pay("second")),
    (184, test.measure("during")),
    (183, test.measure("after")),
    (182, test.end),
    (178, papers.report("final")),
    (171, papers.take("final")),
    (166, end.report),
    (152, end.evaluate),
    (148, end.advise),
    (144, end.present),
    (139, end.choose),
    (128, end.pack),
    (118, end.publish),
]
BUS: list[tuple[int, Act]] = [
    (353, meet),
    (346, papers.cooperate),
    (336, papers.send_preliminary),
    (328, papers.accept),
    (290, papers.send_full),
    (283, papers.accept),
    (202, papers.entrust),
    (197, papers.pay("first")),
    (100, test.plan),
    (94, test.invite),
    (89, test.measure("before")),
    (86, test.begin),
    (2, test.look_for_more),
    (2, test.measure("during")),
    (2, papers.report("midway")),
    (1, test.somebody_signs_up),
]
SHOWER: list[tuple[int, Act]] = [
    (352, meet),
    (343, papers.cooperate),
    (120, papers.send_preliminary),
    (111, papers.accept),
    (2, papers.remark),
    (1, papers.send_full),
]
TOLD = {"clock": CLOCK, "gestures": GESTURES, "bus": BUS, "shower": SHOWER}


def told(ways: dict[str, Way]) -> list[Step]:
    """Everything that happens to the four."""
    return [step for name, way in ways.items() for step in steps(way, TOLD[name])]
