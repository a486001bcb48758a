"""The codebook: named once, a tree without circles, merged with its history, exchanged with other programs."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from interviews import queries, services
from interviews.code_tree import COLOURS, CodeNode, in_order, may_stand_under, nearest_colour, standing
from interviews.models import Code, CodeChange
from interviews.refi_qda import ExchangedCode, read_codebook, write_codebook
from interviews.services import CodeWords
from tests.factories import NOW, UserFactory


@pytest.fixture
def coder(db):
    return UserFactory(role=Role.RESEARCHER)


def add(by, name, **words):
    return services.add_code(by=by, words=CodeWords(name, **words), now=NOW)


def change(by, code, name, **words):
    return services.change_code(by=by, code=code, words=CodeWords(name, **words), now=NOW)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30))
def test_merges_end_at_a_code_that_counts(into):
    nodes = [
        CodeNode(UUID(int=n), f"c{n}", None, UUID(int=target) if target < n else None) for n, target in enumerate(into)
    ]
    counts = standing(nodes)
    by_id = {node.id: node for node in nodes}
    assert all(by_id[code].merged_into is None for code in counts.values())
    assert {code for code, _depth in in_order(nodes)} == {by_id[code] for code in counts.values()}


def test_nothing_stands_under_itself():
    one, two, three = (UUID(int=n) for n in (1, 2, 3))
    parents = {one: None, two: one, three: two}
    assert [may_stand_under(one, parent, parents) for parent in (None, one, two, three)] == [True, False, False, False]
    assert may_stand_under(three, one, parents)


@pytest.mark.requirement("F53")
def test_codes_are_added_renamed_moved_and_each_act_is_kept(coder):
    top, code = add(coder, "Apoyo"), add(coder, "Familia", colour=2)
    change(coder, code, "La familia", memo="De sangre o no", colour=2, parent=top)
    change(coder, code, "La familia", memo="De sangre o no", colour=2, parent=Code.objects.get(pk=top.pk))
    assert [(row.name, depth) for row, depth in queries.codebook()] == [("Apoyo", 0), ("La familia", 1)]
    acts = list(CodeChange.objects.filter(code=code).order_by("pk").values_list("kind", "before__name", "after__name"))
    assert acts == [("added", None, "Familia"), ("changed", "Familia", "La familia")]


def test_names_are_taken_once_whatever_their_capitals(coder):
    add(coder, "Apoyo")
    with pytest.raises(services.CodeNameTaken):
        add(coder, "APOYO")
    with pytest.raises(services.CodeNameTaken):
        change(coder, add(coder, "Otra"), "apoyo")


def test_circles_are_refused(coder):
    top = add(coder, "a")
    under = add(coder, "b", parent=top)
    with pytest.raises(services.CodeUnderItself):
        change(coder, top, "a", parent=under)
    for into in (top, under):
        with pytest.raises(services.CodeUnderItself):
            services.merge_codes(by=coder, code=top, into=into, now=NOW)


def test_a_merged_code_counts_as_the_other_and_gives_its_children_up(coder):
    one, other = add(coder, "uno"), add(coder, "otro")
    child = add(coder, "hijo", parent=one)
    services.merge_codes(by=coder, code=one, into=other, now=NOW)
    assert queries.standing_codes()[one.pk] == other
    assert Code.objects.get(pk=child.pk).parent == other
    assert [(row.name, depth) for row, depth in queries.codebook()] == [("otro", 0), ("hijo", 1)]
    assert CodeChange.objects.filter(code=one, kind="merged").get().after == {"into": str(other.pk), "name": "otro"}
    for act in (
        lambda: services.merge_codes(by=coder, code=one, into=other, now=NOW),
        lambda: change(coder, one, "uno"),
        lambda: add(coder, "nuevo", parent=Code.objects.get(pk=one.pk)),
    ):
        with pytest.raises(services.CodeNotThere):
            act()
    assert add(coder, "uno").pk != one.pk


@pytest.mark.parametrize(
    ("written", "place"),
    [
        *((colour.lower(), place) for place, colour in enumerate(COLOURS)),
        ("#ff8800", 0),
        ("#0000ff", 4),
        ("#808080", 7),
    ],
)
def test_a_colour_of_another_program_becomes_the_closest_here(written, place):
    assert nearest_colour(written) == place


def test_a_codebook_without_codes_is_no_file(coder):
    with pytest.raises(services.CodebookEmpty):
        services.export_codebook(by=coder)


@pytest.mark.requirement("F53")
def test_what_is_exported_is_imported_again(coder):
    top = add(coder, "Apoyo", memo="Quién ayuda", colour=3)
    under = add(coder, "Familia", parent=top)
    gone = add(coder, "vieja")
    services.merge_codes(by=coder, code=gone, into=under, now=NOW)
    content = services.export_codebook(by=coder)
    assert services.import_codebook(by=coder, content=content, now=NOW) == 0
    CodeChange.objects.all().delete()
    for code in (gone, under, top):
        Code.objects.filter(pk=code.pk).delete()
    assert services.import_codebook(by=coder, content=content, now=NOW) == 2
    rows = [(code.pk, code.name, code.memo, code.colour, code.parent_id) for code, _depth in queries.codebook()]
    assert rows == [(top.pk, "Apoyo", "Quién ayuda", 3, None), (under.pk, "Familia", "", 0, top.pk)]


@pytest.mark.requirement("F53")
def test_a_heading_of_another_program_comes_in_and_goes_out_as_one(coder):
    guids = [UUID(int=1), UUID(int=2)]
    brought = [
        ExchangedCode(guids[0], "Temas", is_codable=False),
        ExchangedCode(guids[1], "Apoyo", guids[0], "#FF8800"),
    ]
    services.import_codebook(by=coder, content=write_codebook(brought, origin="Other"), now=NOW)
    assert [(code.name, code.is_heading, code.colour) for code, _depth in queries.codebook()] == [
        ("Temas", True, 0), ("Apoyo", False, 0),
    ]  # fmt: skip
    again = read_codebook(services.export_codebook(by=coder))
    assert [(code.guid, code.is_codable) for code in again] == [(guids[0], False), (guids[1], True)]


def test_nothing_marked_counts_as_a_heading(coder):
    heading, code = add(coder, "Temas", is_heading=True), add(coder, "Apoyo")
    with pytest.raises(services.CodeIsHeading):
        services.merge_codes(by=coder, code=code, into=heading, now=NOW)
    change(coder, heading, "Temas")
    services.merge_codes(by=coder, code=code, into=heading, now=NOW)
    assert [row.name for row, _depth in queries.codebook()] == ["Temas"]


def test_a_file_that_is_no_codebook_is_refused(coder):
    with pytest.raises(services.CodebookNotTaken):
        services.import_codebook(by=coder, content=b"<a/>", now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.RESEARCHER}))
def test_only_coders_keep_the_codebook(role):
    user = UserFactory(role=role)
    with pytest.raises(PermissionMissing):
        add(user, "a")
    with pytest.raises(PermissionMissing):
        services.export_codebook(by=user)
