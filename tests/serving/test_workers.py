"""Two processes behind a real nginx: one reader stays with one of them, downloads arrive, and one that ends is replaced."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from analytics.settings import Settings
from serving import __main__ as launcher
from tests.pages.served import copy_of, environment
from tests.serving.chromium import visitor
from tests.serving.nginx import nginx
from tests.serving.process import Server, started, wait_for


@pytest.mark.parametrize(("given", "ports", "address"), [
    ({}, [8501], ""),
    ({"silverlead_workers": 3, "silverlead_port": 9000}, [9000, 9001, 9002], "127.0.0.1"),
    ({"silverlead_workers": 2, "silverlead_address": "10.0.0.5"}, [8501, 8502], "10.0.0.5"),
])  # fmt: skip
def test_each_process_has_its_port_and_several_are_the_proxys(given, ports, address):
    held = Settings(**given)
    assert (launcher.ports(held), launcher.address(held)) == (ports, address)


def test_a_process_that_cannot_start_is_not_tried_for_ever(monkeypatch):
    began: list[list[str]] = []

    class Ended:
        returncode = 1

        def __init__(self, command, cwd):
            began.append(command)

        def poll(self):
            return 1

        def terminate(self):
            pass

        def wait(self, timeout=None):
            return 1

    monkeypatch.setattr(launcher.subprocess, "Popen", Ended)
    monkeypatch.setattr(launcher, "PAUSE_SECONDS", 0.0)
    assert launcher.run(Settings(silverlead_workers=2), launcher.threading.Event()) == 1
    assert len(began) <= 2 * launcher.MOST_FAILED_STARTS


def neighbours() -> int:
    """A free port whose neighbour is free too."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def children(pid: int) -> list[int]:
    return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture(scope="module")
def team(
    simulated: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Server, list[int]]]:
    """The proxy's address, the launcher, and the ports of its two processes."""
    folder, port = copy_of(simulated, tmp_path_factory.mktemp("team")), neighbours()
    settings = environment(folder, SILVERLEAD_DATA="demo", SILVERLEAD_PASSWORD="correct horse battery")
    settings |= {"SILVERLEAD_WORKERS": "2", "SILVERLEAD_PORT": str(port), "SILVERLEAD_ADDRESS": ""}
    proxy = tmp_path_factory.mktemp("nginx")
    with (
        started(["-m", "serving"], f"http://127.0.0.1:{port}", "/readyz", settings) as server,
        nginx(proxy, [port, port + 1]) as address,
    ):
        wait_for(lambda: httpx.get(f"http://127.0.0.1:{port + 1}/readyz", timeout=5).status_code == 200)
        yield address, server, [port, port + 1]


def signed_in(address: str) -> httpx.Client:
    reader = httpx.Client(base_url=address, timeout=30)
    answer = reader.post("/login", data={"password": "correct horse battery", "to": "/divergence"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/divergence")
    return reader


@pytest.mark.nginx
@pytest.mark.xdist_group("serving")
def test_a_reader_stays_with_one_process_and_readers_are_spread(team):
    address, _, ports = team
    met = set()
    for _ in range(12):
        with closing(signed_in(address)) as reader:
            answered = {reader.get("/divergence").headers["x-worker"] for _ in range(4)}
        assert len(answered) == 1  # and the login of one process opens them all: they share a key
        met |= answered
    assert met == {f"127.0.0.1:{port}" for port in ports}
    without = {httpx.get(f"{address}/healthz").headers["x-worker"] for _ in range(6)}
    assert len(without) == 1  # a browser that keeps no cookie


@pytest.mark.nginx
@pytest.mark.browser
@pytest.mark.xdist_group("serving")
def test_pages_and_downloads_arrive_through_the_proxy_and_survive_the_end_of_a_process(chromium, team):
    address, server, _ = team
    with visitor(chromium, address) as (page, complaints):
        page.goto(f"{address}/?span=6m")
        page.get_by_label("Password").fill("correct horse battery")
        page.get_by_role("button", name="Open").click()
        page.locator(".js-plotly-plot .main-svg").first.wait_for()
        assert "/?lead=silver&follow=bitcoin&span=6m" in page.url
        page.get_by_role("button", name="how this is computed").first.click()
        for _ in range(3):
            with page.expect_download() as taken:
                page.get_by_role("button", name="CSV", exact=True).first.click()
            assert Path(taken.value.path()).read_text().startswith("# ")
        before = children(server.pid)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: len(set(children(server.pid)) - set(before)) == 2)
        wait_for(lambda: httpx.get(f"{address}/readyz", timeout=5).status_code == 200)
        page.reload()
        page.locator(".js-plotly-plot .main-svg").first.wait_for()
        assert "span=6m" in page.url  # and still signed in
        assert complaints.policy == []
        assert complaints.outside == []
