"""The pages as the web server sends them."""

import urllib.request

import pytest

from tests.fixtures.browser import assert_accessible


def get(url: str):
    return urllib.request.urlopen(url, timeout=120)


@pytest.mark.browser
def test_sign_in_page_is_closed_to_frames_caches_and_foreign_scripts(web_server):
    headers = get(f"{web_server}/entrar/").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


@pytest.mark.browser
def test_front_end_packages_are_served_from_the_same_site(web_server):
    assert get(f"{web_server}/static/vendor/bootstrap/css/bootstrap.min.css").status == 200
    assert get(f"{web_server}/static/vendor/htmx/htmx.min.js").status == 200


@pytest.mark.browser
def test_page_asks_no_other_host_for_anything(desk, web_server):
    asked = []
    desk.on("request", lambda request: asked.append(request.url))
    desk.goto("/entrar/")
    assert asked != []
    assert [url for url in asked if not url.startswith((web_server, "data:"))] == []
    assert_accessible(desk)
