"""A person's own releases for her programs: nobody else's, never before they are ready, each giving on record."""

import random

import pytest
from django.utils import timezone

from accounts.models import Token
from accounts.tokens import TokenScope
from audit.models import Event
from interviews.chunks import CHUNK_BYTES
from panel.models import ReleaseFile
from panel.services.release_store import file_part, keep_file
from tests.factories import ProtocolVersionFactory
from tests.panel.releasing import approved, ask, downloaded, made, make_team
from tests.panel.test_api import whole, with_key

URL = "/api/v1/releases/"


@pytest.fixture
def team(small_study):
    ProtocolVersionFactory()
    return make_team()


def program_of(user, scopes=(TokenScope.RELEASES,)):
    return with_key(user=user, scopes=scopes)


@pytest.mark.requirement("F47", "N10")
def test_a_program_lists_and_loads_its_owners_release(team):
    now = timezone.now()
    release = approved(made(ask(team.researcher, now=now)), team.statistician, now=now)
    client = program_of(team.researcher)
    (listed,) = client.get(URL).json()
    answer = client.get(listed["url"])
    content = whole(answer)
    assert (listed["number"], listed["state"], listed["datasets"]) == (release.pk, "ready", release.datasets)
    assert (listed["forms"], listed["shape"]) == (release.forms, "long")
    assert (answer["Content-Type"], int(answer["Content-Length"])) == ("application/zip", len(content))
    assert content == downloaded(release, team.researcher, now=now)
    given = Event.objects.filter(action="panel.download_release").order_by("pk").first()
    assert given.details["key"] == Token.objects.get().pk
    assert client.get(listed["url"], headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_what_is_not_ready_has_no_file(team):
    release = ask(team.researcher, now=timezone.now())
    client = program_of(team.researcher)
    assert [row["url"] for row in client.get(URL).json()] == [None]
    answer = client.get(f"{URL}{release.pk}/file/")
    assert (answer.status_code, answer.json()["code"]) == (409, "release_not_ready")


@pytest.mark.requirement("F37")
def test_another_persons_release_is_not_there(team):
    release = ask(team.researcher, now=timezone.now())
    for other in (team.other, team.statistician):
        client = program_of(other)
        assert (client.get(URL).json(), client.get(f"{URL}{release.pk}/file/").status_code) == ([], 404)


def test_a_key_for_data_sets_reads_no_release(team):
    answer = program_of(team.researcher, scopes=[TokenScope.DATASETS]).get(URL)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


@pytest.mark.requirement("F47")
def test_a_broken_download_goes_on_where_it_stopped(team):
    now = timezone.now()
    release = approved(made(ask(team.researcher, now=now)), team.statistician, now=now)
    client, url = program_of(team.researcher), f"{URL}{release.pk}/file/"
    whole_answer = client.get(url)
    content, tag = whole(whole_answer), whole_answer["ETag"]
    assert whole_answer["Accept-Ranges"] == "bytes"
    begin = client.get(url, headers={"Range": "bytes=0-99"})
    rest = client.get(url, headers={"Range": "bytes=100-", "If-Range": tag})
    assert [begin.status_code, rest.status_code] == [206, 206]
    assert rest["Content-Range"] == f"bytes 100-{len(content) - 1}/{len(content)}"
    assert (begin["Content-Length"], rest["ETag"]) == ("100", tag)
    assert whole(begin) + whole(rest) == content
    assert Event.objects.filter(action="panel.download_release").count() == 3


def test_what_was_packed_anew_is_given_whole(team):
    now = timezone.now()
    release = approved(made(ask(team.researcher, now=now)), team.statistician, now=now)
    client, url = program_of(team.researcher), f"{URL}{release.pk}/file/"
    answer = client.get(url, headers={"Range": "bytes=100-", "If-Range": '"another"'})
    assert (answer.status_code, whole(answer)) == (200, downloaded(release, team.researcher, now=now))
    outside = client.get(url, headers={"Range": "bytes=999999999-"})
    assert (outside.status_code, outside["Content-Range"]) == (416, f"bytes */{answer['Content-Length']}")


@pytest.mark.parametrize(
    ("first", "last"),
    [(0, 0), (CHUNK_BYTES - 1, CHUNK_BYTES), (CHUNK_BYTES, 2 * CHUNK_BYTES - 1), (5, 2 * CHUNK_BYTES + 6)],
)
def test_any_part_is_that_of_the_whole(team, tmp_path, first, last):
    release = made(ask(team.researcher))
    content = random.Random(3).randbytes(2 * CHUNK_BYTES + 7)
    (tmp_path / "long").write_bytes(content)
    new = ReleaseFile(kind=ReleaseFile.Kind.ARCHIVE, name="long")
    kept = keep_file(release.revisions.get(number=1), tmp_path / "long", new)
    assert b"".join(file_part(release, kept, first, last)) == content[first : last + 1]
