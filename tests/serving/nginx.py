"""A system nginx with the configuration of docs/deploy.md, on 127.0.0.1, ended by its own pid."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.pages.served import free_port
from tests.requirements import require
from tests.serving.process import ROOT, wait_for

ANYWHERE = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
FRAME = """daemon off; pid nginx.pid; error_log stderr; worker_processes 1;
events {{ worker_connections 256; }}
http {{
    access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
{site}
}}
"""


def site(port: int, workers: Sequence[int]) -> str:
    """The documented file, with this test's ports, and a header that says which process answered."""
    (text,) = re.findall(r"```nginx\n(.*?)```", (ROOT / "docs" / "deploy.md").read_text("utf-8"), re.DOTALL)
    for documented, ours in zip((8501, 8502), workers, strict=True):
        assert text.count(f"127.0.0.1:{documented} ") == 1
        text = text.replace(f"127.0.0.1:{documented} ", f"127.0.0.1:{ours} ")
    assert text.count("listen 80;") == 1
    return text.replace("listen 80;", f"listen 127.0.0.1:{port}; add_header X-Worker $upstream_addr;")


@contextmanager
def nginx(folder: Path, workers: Sequence[int]) -> Iterator[str]:
    """The address of the proxy before some processes."""
    program = shutil.which("nginx", path=ANYWHERE)
    if program is None:
        require("nginx", "no system nginx")
    port = free_port()
    (folder / "nginx.conf").write_text(FRAME.format(site=site(port, workers)))
    command = [program, "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(lambda: httpx.get(f"{address}/readyz", timeout=5).status_code == 200, process)
        yield address
    finally:
        process.terminate()
        process.wait(15)
