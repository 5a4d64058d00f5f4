"""An operator's CSV list is read in any of the languages, or said to lack a column."""

import pytest

from services.directory import lists


def write(folder, text, encoding="utf-8"):
    file = folder / "list.csv"
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize(
    "head",
    [
        "id,name_ar,wilaya_code,commune_code,type",
        "المعرف,الاسم,رمز الولاية,رمز البلدية,النوع",
        "Identifiant,nom_ar,Code wilaya,Code commune,Nature",
        "KEY,Name_Ar,Wilaya,ONS_code,Kind",
    ],
)
def test_headers_may_be_arabic_french_or_english(tmp_path, head):
    (row,) = lists.read(write(tmp_path, f"{head}\n7,مستشفى,1,101,eph\n", "utf-8-sig"), ministry_id="MSAN")
    assert (row.key, row.name_ar, row.wilaya_label, row.commune_code) == ("7", "مستشفى", "01", "0101")
    assert (row.ministry_id, row.service_code) == ("msan", "eph")


def test_the_ministry_may_stand_in_a_column_and_the_kind_in_the_command(tmp_path):
    file = write(tmp_path, "id,nom,wilaya,ministère,type\n1,Poste,16,mpt,R4\n\n2,Poste 2,16,MPT,R3\n")
    rows = lists.read(file, service_code="AP")
    assert [(each.name_fr, each.ministry_id, each.service_code) for each in rows] == [
        ("Poste", "mpt", "AP"),
        ("Poste 2", "mpt", "AP"),
    ]


@pytest.mark.parametrize(
    ("head", "missing"),
    [
        ("nom,wilaya,ministère", "key"),
        ("id,wilaya,ministère", "name"),
        ("id,nom,ministère", "wilaya"),
        ("id,nom,wilaya", "--ministry"),
    ],
)
def test_the_missing_column_is_named(tmp_path, head, missing):
    with pytest.raises(lists.ListUnreadable, match=missing):
        lists.read(write(tmp_path, f"{head}\n"))


@pytest.mark.parametrize(("text", "encoding"), [("", "utf-8"), ("id,nom\né", "cp1252"), ('id\n"\0', "utf-16")])
def test_what_is_no_list_is_said_to_be_none(tmp_path, text, encoding):
    with pytest.raises(lists.ListUnreadable):
        lists.read(write(tmp_path, text, encoding), ministry_id="msan")


def test_a_short_line_lacks_its_last_fields_only(tmp_path):
    (row,) = lists.read(write(tmp_path, "id,nom,wilaya\n1,Poste\n"), ministry_id="mpt")
    assert (row.name_fr, row.wilaya_label) == ("Poste", "")
