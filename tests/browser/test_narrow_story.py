"""Everybody's story on the narrowest phone: no page that a link leads to moves sideways, and no field makes it zoom."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.context_processors import sections_of
from accounts.roles import Role
from tests.browser.conftest import sign_in, sign_out

pytestmark = pytest.mark.browser

PEOPLE = {
    "administradora": Role.ADMINISTRATOR,
    "investigadora": Role.RESEARCHER,
    "estadistica": Role.STATISTICIAN,
    "seguridad": Role.SAFETY_OFFICER,
    "comite": Role.ETHICS_BOARD,
    "encuestadora": Role.INTERVIEWER,
    "supervisora": Role.SUPERVISOR,
    "oficial": Role.OFFICER,
}
# What stands out at the right, and fields in letters so small that a phone would zoom in on them.
BREACHES = """() => {
    const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
    const fields = document.querySelectorAll("main :is(input, select, textarea):not([type=checkbox], [type=radio])");
    const isSmall = (field) => field.type !== "hidden" && parseFloat(getComputedStyle(field).fontSize) < 16;
    const small = [...fields].filter(isSmall);
    return [...(wide ? ["moves sideways"] : []), ...small.map((field) => `small letters: ${field.name}`)];
}"""


def test_no_page_of_anybody_moves_sideways_or_zooms_on_a_narrow_phone(running_study, phone: Page):
    found = {}
    for username, role in PEOPLE.items():
        # given each role in turn, who signs in
        sign_in(phone, username)
        for name in [name for section in sections_of(role) for name, _label in section.pages]:
            # when she opens a page that her links lead to
            phone.goto(reverse(name))
            expect(phone.get_by_role("heading", level=1)).to_be_visible()
            # then it stays within the screen, and her fields are large enough
            if breaches := phone.evaluate(BREACHES):
                found[username, name] = breaches
        sign_out(phone)
    assert found == {}
