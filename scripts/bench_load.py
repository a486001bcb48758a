"""Send prepared HTTP requests over kept connections, in a process of its own; print how long each took.

`python bench_load.py FILE`: FILE is JSON, {"port", "lanes": [[request, …], …]}; every lane is one connection, and a
request one string of ISO 8859-1. Only bytes are moved here, so that the generator is not what is measured.
"""

import json
import socket
import sys
import threading
import time
from pathlib import Path

_END = b"\r\n\r\n"


def main(file: str) -> None:
    """Run all lanes at once and print {"seconds", "latencies_ms", "statuses", "answers"}."""
    spec = json.loads(Path(file).read_text())
    lanes = [[request.encode("latin-1") for request in lane] for lane in spec["lanes"]]
    taken: list[list[tuple[float, int, bytes]]] = [[] for _ in lanes]
    begin = threading.Barrier(len(lanes) + 1)
    threads = [
        threading.Thread(target=run_lane, args=(spec["port"], lane, told, begin))
        for lane, told in zip(lanes, taken, strict=True)
    ]
    for thread in threads:
        thread.start()
    begin.wait()
    started, began = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.join()
    seconds, own = time.perf_counter() - started, time.process_time() - began
    told = [answer for lane in taken for answer in lane]
    statuses: dict[int, int] = {}
    for _latency, status, _body in told:
        statuses[status] = statuses.get(status, 0) + 1
    json.dump(
        {
            "seconds": seconds,
            "own_cpu_seconds": own,
            "latencies_ms": [1000 * latency for latency, _status, _body in told],
            "statuses": statuses,
            "answers": [body.decode() for _latency, _status, body in told] if spec.get("keep_answers") else [],
        },
        sys.stdout,
    )


def run_lane(port: int, requests: list[bytes], told: list[tuple[float, int, bytes]], begin: threading.Barrier) -> None:
    """Send one request after the other over one connection; a connection that was closed is opened anew."""
    line = connected(port)
    begin.wait()
    for request in requests:
        started = time.perf_counter()
        line.sendall(request)
        status, body, stays = answer_of(line)
        told.append((time.perf_counter() - started, status, body))
        if not stays:
            line.close()
            line = connected(port)
    line.close()


def connected(port: int) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=120)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def answer_of(line: socket.socket) -> tuple[int, bytes, bool]:
    """Read one answer: its status, its body, and whether the connection stays."""
    data = b""
    while _END not in data:
        data += received(line)
    head, _end, body = data.partition(_END)
    words = {
        name.strip().lower(): value.strip()
        for name, _colon, value in (row.partition(":") for row in head.decode("latin-1").split("\r\n")[1:])
    }
    while len(body) < int(words.get("content-length", 0)):
        body += received(line)
    return int(head.split(b" ", 2)[1]), body, words.get("connection", "").lower() != "close"


def received(line: socket.socket) -> bytes:
    data = line.recv(65536)
    if not data:
        raise SystemExit("bench: the server closed a connection within an answer")
    return data


if __name__ == "__main__":
    main(sys.argv[1])
