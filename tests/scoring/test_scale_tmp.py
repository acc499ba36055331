import pytest
from pathlib import Path
from tests.factories.world import NOON
from tests.scoring.scale_pages import *
from thidua.scoring import services
from thidua.scoring.tables import to_table
from thidua.scoring.views.scale_editing import SHEETS
from thidua.scoring.models import CriteriaSet
from thidua.rules.scoring import fingerprint
from thidua.workbooks.scale import read_scale, write_scale

@pytest.mark.parametrize("name", ["cum-thanh-tra-1000", "khoi-van-phong-90"])
def test_rt(world, client_of, name):
    one = world.one
    import time
    data = Path(f"examples/{name}.xlsx").read_bytes()
    table = read_scale(data).table
    v = services.draft_scale(year=one.year, table=table, origin="x", actor=one.lead_officer, at=NOON)
    print(len(list(table.walk())), {k: len(x) for k, x in table.rules.items()})
    b = client_of(one.lead_officer)
    t=time.time()
    a=b.get(place("scale_edit", v)); assert a.status_code==200; print("edit", time.time()-t, len(a.content))
    import re
    print([re.sub("<.*?>", "", l) for l in a.content.decode().splitlines() if "<li>" in l])
    t=time.time()
    a=b.get(place("scale_version", v)); assert a.status_code==200; print("version", time.time()-t, len(a.content))
    print(re.findall("\\d+/\\d+ đạt", a.content.decode()))
    for s in SHEETS:
        t=time.time()
        a = send(b, place("scale_sheet", v, s)); 
        print(s, time.time()-t)
        assert a.status_code == 302, (s, a.content.decode()[:10])
    assert send(b, place("scale_about", v)).status_code == 302
    t=time.time()
    for node in to_table(v).walk():
        a = send(b, place("scale_criterion", v, tieu_chi=node.path))
        assert a.status_code == 302, (node.path, [l for l in a.content.decode().splitlines() if "<li>" in l])
        w = CriteriaSet.objects.get(pk=v.pk)
        assert (w.fingerprint, w.version) == (v.fingerprint, 1), node.path
    print(time.time()-t)
