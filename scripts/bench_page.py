"""What an officer's phone loads when it opens the list of visits for the first time."""

import gzip
import http.client
import re
from collections.abc import Iterator
from urllib.parse import urljoin

from bench_server import served
from bench_study import Result, signed_in, study
from django.db import connection
from django.urls import reverse


def page() -> Result:
    """Add up what an officer's phone loads on first opening her list. Promised: under 150 kB."""
    with study():
        session = signed_in("oficial").cookies["agenda"].value
        connection.close()
        with served() as port:
            sizes = dict(transferred(f"127.0.0.1:{port}", reverse("visit_list"), cookie=f"agenda={session}"))
    total = sum(sizes.values())
    return {"kilobytes": round(total / 1000, 1), "promised_kilobytes": 150, "parts_in_bytes": sizes}


def transferred(address: str, path: str, *, cookie: str) -> Iterator[tuple[str, int]]:
    """Yield the path and the bytes on the wire (compressed, with headers) of a page and all that it loads at once."""
    body, size = fetch(address, path, cookie=cookie)
    yield path, size
    found = re.findall(rb'(?:<link[^>]+href|<script[^>]+src|<img[^>]+src)="([^"]+)"', body)
    seen: set[str] = set()
    waiting = [urljoin(path, link.decode()) for link in found]
    while waiting:
        link = waiting.pop(0)
        if link in seen or link.startswith(("http", "data:")):
            continue
        seen.add(link)
        body, size = fetch(address, link, cookie=cookie)
        yield link, size
        if link.endswith((".css", ".js")):
            imports = re.findall(rb'(?:url\(|@import |from |import )["\']?([^"\')\s;]+)', body)
            waiting += [urljoin(link, name.decode()) for name in imports if name.startswith((b".", b"/"))]


def fetch(address: str, path: str, *, cookie: str) -> tuple[bytes, int]:
    """Return a response's body, uncompressed, and the bytes that it took on the wire."""
    connection = http.client.HTTPConnection(address, timeout=120)
    connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
    response = connection.getresponse()
    if response.status != http.client.OK:
        raise SystemExit(f"bench: {path} answers {response.status}")
    body = response.read()
    headers = sum(len(name) + len(value) + 4 for name, value in response.getheaders())
    plain = gzip.decompress(body) if response.getheader("Content-Encoding") == "gzip" else body
    return plain, len(body) + headers
