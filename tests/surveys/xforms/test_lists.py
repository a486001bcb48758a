"""Lists in files: read alike everywhere, or refused with the reason."""

import json

import pytest
from lxml import etree

from surveys.xforms.lists import MOST_COLUMNS, MOST_ITEMS, ListInvalid, items_of, read_csv, read_geojson, read_xml_list


def rows(read):
    return [{one.tag: one.text or "" for one in item} for item in items_of(read.instance)]


def features(*found):
    return json.dumps({"type": "FeatureCollection", "features": list(found)}).encode()


def point(properties=None, *, where=(-77.03, -12.04), kind="Point", **more):
    return {
        "type": "Feature", "geometry": {"type": kind, "coordinates": where}, "properties": properties, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        b"name,label\nlima,Lima\nica,Ica\n",
        b"\xef\xbb\xbfname,label\r\nlima,Lima\r\nica,Ica\r\n\r\n",
        b"name;label\nlima;Lima\nica;Ica",
        b"name\tlabel\nlima\tLima\nica\tIca\n",
        b"name|label|\n lima | Lima |\nica|Ica||\n",
        b'name,label\n"lima","Lima"\n\n,\nica,"Ica"\n',
    ],
    ids=["plain", "Excel", "semicolons", "tabs", "trailing", "quoted"],
)
def test_csv_is_read_and_written_in_one_way(content):
    read = read_csv(content)
    assert rows(read) == [{"name": "lima", "label": "Lima"}, {"name": "ica", "label": "Ica"}]
    assert read.content == b"name,label\nlima,Lima\nica,Ica\n"
    assert read_csv(read.content).content == read.content


def test_cell_of_csv_keeps_what_would_end_it():
    read = read_csv('name,label\na,"Niña, o ""niño""\nen casa"\nb\n'.encode())
    assert rows(read) == [{"name": "a", "label": 'Niña, o "niño"\nen casa'}, {"name": "b", "label": ""}]
    assert rows(read_csv(read.content)) == rows(read)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "there is nothing in it"),
        (b"name,label\n", "there is nothing in it"),
        ("name,label\na,ñ\n".encode("latin-1"), "its letters are not written as UTF-8"),
        (b"name,label\na,\x00\n", "it holds signs that no text has"),
        (b"name,my label\na,b\n", "“my label” is no heading"),
        (b"name,\xc3\xb1\na,b\n", "“ñ” is no heading"),
        (b"name,,label\na,b,c\n", "“” is no heading"),
        (b"name,a=1]|//*[1\na,b\n", "“a=1]|//*[1” is no heading"),
        (b"name,name\na,b\n", "its heading “name” stands twice"),
        (b"name,label\na,b,c\n", "line 2 has 3 cells; expected at most 2"),
        (b"n\n" + b"x\n" * (MOST_ITEMS + 1), f"{MOST_ITEMS + 1:,} items; expected at most {MOST_ITEMS:,}"),
        (",".join(f"c{n}" for n in range(MOST_COLUMNS + 1)).encode() + b"\nx\n",
         f"{MOST_COLUMNS + 1} columns; expected at most {MOST_COLUMNS}"),
        (b'name,label\na,"' + b"x" * 200_000 + b'"\n', "this is no CSV that can be read"),
        (b"\x89PNG\r\n\x1a\n\x00", "its letters are not written as UTF-8"),
    ],
)  # fmt: skip
def test_what_is_no_csv_is_refused_with_the_reason(content, why):
    with pytest.raises(ListInvalid) as refused:
        read_csv(content)
    assert str(refused.value) == why


def test_geojson_gives_places_and_properties_as_texts():
    found = [
        point({"title": "Posta", "beds": 4.0, "open": True, "note": None, "@id": "node/1"}, id=7),
        point({"id": "b"}, where=[[-77, -12], [-77.5, -12.5]], kind="LineString"),
        point({"id": "c", "geometry": "x"}, where=[[[-77, -12], [-76, -12], [-77, -12]]], kind="Polygon"),
        point({"id": "d"}, where=[-77, -12, 154]),
    ]
    read = read_geojson(features(*found))
    assert rows(read) == [
        {"geometry": "-12.04 -77.03 0 0", "id": "7", "title": "Posta", "beds": "4", "open": "true", "note": ""},
        {"geometry": "-12 -77 0 0; -12.5 -77.5 0 0", "id": "b"},
        {"geometry": "-12 -77 0 0; -12 -76 0 0; -12 -77 0 0", "id": "c"},
        {"geometry": "-12 -77 0 0", "id": "d"},
    ]
    assert read_geojson(read.content).content == read.content


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "this is no GeoJSON that can be read"),
        (b"[" * 100_000, "this is no GeoJSON that can be read"),
        (b"[]", "this is no collection of features"),
        (b'{"type": "Feature"}', "this is no collection of features"),
        (features(), "there is nothing in it"),
        (features({"type": "Point"}), "what stands at place 1 is no feature"),
        (features(point(kind="MultiPoint")), "the feature 1 is no point, line or area"),
        (features({"type": "Feature", "geometry": None}), "the feature 1 is no point, line or area"),
        (features(point(where=[[], []], kind="Polygon")), "the feature 1 is no point, line or area"),
        (features(point(), point(where=[-277, 12])), "the feature 2 has no place on the earth"),
        (features(point(where=["-77", "12"])), "the feature 1 has no place on the earth"),
        (features(point(where=[True, 12])), "the feature 1 has no place on the earth"),
        (b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[NaN,1]}}]}',
         "the feature 1 has no place on the earth"),
        (features(point({"id": "a\u0000b"})), "it holds signs that no text has"),
        (features(point({"id": "\ud800"})), "it holds signs that no text has"),
    ],
)  # fmt: skip
def test_what_is_no_geojson_is_refused_with_the_reason(content, why):
    with pytest.raises(ListInvalid) as refused:
        read_geojson(content)
    assert str(refused.value) == why


def test_xml_is_given_without_declaration_and_remarks():
    content = (
        b'<?xml version="1.0" encoding="ISO-8859-1"?><root><!-- x --><item><name>\xf1 </name><label/></item></root>'
    )
    read = read_xml_list(content)
    assert rows(read) == [{"name": "ñ", "label": ""}]
    assert read.content.decode() == "<root><item><name>ñ</name><label></label></item></root>"
    assert etree.tostring(read_xml_list(read.content).instance) == etree.tostring(read.instance)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"name,label", b"<root/>", b"<root><item></root>",
        b'<!DOCTYPE r [<!ENTITY e "x">]><r><item>&e;</item></r>',
        b'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r><item>&e;</item></r>',
        b'<root xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></root>',
        b'<root><item id="a"/></root>',
        b"<a>" * 40 + b"</a>" * 40,
        b"<root>" + b"<item/>" * (MOST_ITEMS + 1) + b"</root>",
        b"<root>" + b"x" * (9 * 2**20) + b"</root>",
    ],
    ids=["empty", "csv", "nothing", "broken", "entity", "file", "page", "attribute", "deep", "many", "large"],
)  # fmt: skip
def test_what_is_no_list_in_xml_is_refused(content):
    with pytest.raises(ListInvalid):
        read_xml_list(content)
