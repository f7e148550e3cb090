"""`make bench`: how fast and how heavy Keepwell is, as ratios measured in one run. Nothing here passes or fails.

Pages per second are driven by `wrk` (Debian's package; without it, by a plain loop of our own, which is said). Each page and its
partner are measured in turn, A B A B A B, and the median of the pairwise ratios is shown: the machine's mood cancels out.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEEPWELL = [sys.executable, "-m", "keepwell.cli"]
ROUNDS, SECONDS, CONNECTIONS = 5, 3, 8


def say(line: str = "") -> None:
    print(line, flush=True)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def make_store(data: Path, people: int, years: float) -> float:
    """A demonstration's store; seconds it took."""
    begun = time.monotonic()
    words = ["demo", "--data", str(data), "--people", str(people), "--years", str(years), "--only-make"]
    subprocess.run([*KEEPWELL, *words], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begun


@contextmanager
def serving(data: Path, settings: str = "keepwell.settings", **more: str) -> Iterator[tuple[int, int]]:
    """Keepwell's own web server with two workers; yields (port, pid of the parent). ``more`` goes into its environment."""
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings,
        "PYTHONPATH": str(ROOT / "tools"),
        "KEEPWELL_BASE_URL": f"http://localhost:{port}",
        **more,
    }
    words = ["web", "--data", str(data / "demo"), "--port", str(port)]
    process = subprocess.Popen([*KEEPWELL, *words], env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for(port)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def wait_for(port: int, patience: float = 60) -> float:
    """Seconds until the server answers."""
    begun = time.monotonic()
    while time.monotonic() - begun < patience:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            if connection.getresponse().status == 200:
                return time.monotonic() - begun
        except OSError:
            time.sleep(0.05)
    raise SystemExit("The server did not answer.")


class Visitor:
    """A browser without a window: keeps cookies, follows nothing."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, {}  # type: ignore[var-annotated]  # name → value

    def ask(self, path: str, form: dict[str, str] | None = None, accept: str = "identity") -> tuple[int, bytes, dict[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Host": f"localhost:{self.port}", "Cookie": self.cookie(), "Accept-Encoding": accept}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://localhost:{self.port}"}
        connection.request("POST" if form is not None else "GET", path, body, headers)
        answer = connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}

    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def enter(self, who: str) -> None:
        page = self.ask("/")[1].decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found, "the front page has no form"  # nosec B101
        status, _, _ = self.ask(f"/demo/enter/{who}/", {"csrfmiddlewaretoken": found.group(1)})
        assert status == 302, f"entering answered {status}"  # nosec B101


def rate(port: int, path: str, cookie: str) -> float:
    """Pages per second."""
    if shutil.which("wrk"):
        words = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", f"Cookie: {cookie}", "-H", f"Host: localhost:{port}"]
        said = subprocess.run([*words, f"http://127.0.0.1:{port}{path}"], check=True, capture_output=True, text=True).stdout
        wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
        found = re.search(r"Requests/sec:\s+([\d.]+)", said)
        assert found and not wrong, said  # nosec B101
        return float(found.group(1))
    return _rate_by_hand(port, path, cookie)


def _rate_by_hand(port: int, path: str, cookie: str) -> float:
    counts, until = [], time.monotonic() + SECONDS

    def visit() -> None:
        connection, count = http.client.HTTPConnection("127.0.0.1", port, timeout=30), 0
        while time.monotonic() < until:
            connection.request("GET", path, headers={"Host": f"localhost:{port}", "Cookie": cookie})
            connection.getresponse().read()
            count += 1
        counts.append(count)

    threads = [threading.Thread(target=visit) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def compare(first: tuple[int, str, str], second: tuple[int, str, str]) -> tuple[float, float, float]:
    """Median rates of both and the median of their ratios, measured in turn; the first round only warms up."""
    pairs = [(rate(*first), rate(*second)) for _ in range(ROUNDS + 1)][1:]
    ratios = [a / b for a, b in pairs]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs), statistics.median(ratios)


def memory(parent: int) -> list[int]:
    """Proportional set size of each worker, in MB."""
    sizes = []
    for child in subprocess.run(["pgrep", "-P", str(parent)], capture_output=True, text=True).stdout.split():
        try:
            rollup = Path(f"/proc/{child}/smaps_rollup").read_text()
        except OSError:
            continue
        found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.M)
        if found:
            sizes.append(int(found.group(1)) // 1024)
    return sizes


def first_page(port: int, visitor: Visitor, path: str) -> tuple[int, int]:
    """Bytes transferred and requests made for a page and what it loads, as a browser with an empty cache would."""
    _, page, headers = visitor.ask(path, accept="gzip, br")
    total, seen = len(page), {path}
    text = (gzip.decompress(page) if headers.get("content-encoding") == "gzip" else page).decode()
    links = re.findall(r'(?:href|src)="(/static/[^"]+)"', text)
    while links:
        link = links.pop()
        if link in seen or link.endswith("print.css"):
            continue
        seen.add(link)
        _, body, headers = visitor.ask(link, accept="gzip, br" if not link.endswith((".css", ".js")) else "gzip")
        total += len(body)
        if link.endswith((".css", ".js")):
            plain = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
            found = re.findall(r'(?:url\(|from ?|import ?)["\']?([^"\')]+\.(?:woff2|js|css)[^"\')]*)', plain.decode())
            links += [urllib.parse.urljoin(link, one) for one in found]
    return total, len(seen)


def start_time(data: Path) -> float:
    """Seconds from the command to the first answer, for a store that is there."""
    port = free_port()
    words = [*KEEPWELL, "demo", "--data", str(data), "--port", str(port), "--no-open", "--people", "60", "--years", "0.5"]
    begun = time.monotonic()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for(port)
        return time.monotonic() - begun
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000, help="people in the large store (2000)")
    parser.add_argument("--years", type=float, default=3, help="years in the large store (3)")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    args = parser.parse_args()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="keepwell-bench-") as folder:
        small, large = Path(folder) / "small", Path(folder) / "large"
        say(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {'wrk' if shutil.which('wrk') else 'a plain loop (no wrk here)'}")
        figures["seconds to make 60 people × 0.5 years"] = make_store(small, 60, 0.5)
        figures[f"seconds to make {args.people} people × {args.years:g} years"] = make_store(large, args.people, args.years)
        figures["seconds from command to first answer, second start"] = start_time(small)
        with (
            serving(small) as (port, pid),
            serving(small, "bare_settings") as (bare, _),
            serving(small, "bare_settings", KEEPWELL_BENCH_KEPT="1") as (kept, _),
            serving(large) as (big, _),
        ):
            ada, on_large, on_bare = Visitor(port), Visitor(big), Visitor(bare)
            ada.enter("ada")
            on_large.enter("ada")
            on_bare.cookies = dict(ada.cookies)  # the same store, so the same session
            for name, path in (("Today", "/"), ("Trends", "/trends/")):
                mine, theirs, ratio = compare((port, path, ada.cookie()), (bare, "/bare/", on_bare.cookie()))
                figures[f"{name}: pages/s"], figures[f"{name}: share of the rate of a bare page as Django comes"] = mine, ratio
                figures["Bare page as Django comes (a connection a request): pages/s"] = theirs
                _, theirs, ratio = compare((port, path, ada.cookie()), (kept, "/bare/", on_bare.cookie()))
                figures[f"{name}: share of the rate of a bare page that keeps its connections, as Keepwell does"] = ratio
                figures["Bare page that keeps its connections: pages/s"] = theirs
                _, _, growth = compare((big, path, on_large.cookie()), (port, path, ada.cookie()))
                figures[f"{name}: rate on the large store against the small"] = growth
            figures["MB a worker after this load (proportional)"] = statistics.mean(memory(pid) or [0])
            for name, visitor, path in (("front door", Visitor(port), "/"), ("Today", ada, "/")):
                size, requests = first_page(port, visitor, path)
                figures[f"KB of a first visit to the {name} ({requests} requests)"] = size / 1000
    for name, value in figures.items():
        say(f"{value:10.2f}  {name}")
    say()
    subprocess.run([sys.executable, str(ROOT / "tools" / "bench_measures.py")], check=True)
    if args.json:
        args.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
