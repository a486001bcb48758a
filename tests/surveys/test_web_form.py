from tests.fixtures.databases import CHECKOUT

LIBRARY = CHECKOUT / "node_modules" / "@getodk" / "web-forms" / "dist"


def test_page_asks_early_for_the_file_that_the_library_asks_for():
    scripts = (CHECKOUT / "templates" / "surveys" / "_web_form_scripts.html").read_text()
    early = scripts.partition("{% static 'vendor/web-forms/' %}")[2].partition('"')[0]
    assert (LIBRARY / early).is_file()
    assert f'from "./{early}"' in (LIBRARY / "index.js").read_text()
