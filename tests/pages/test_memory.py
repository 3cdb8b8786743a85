"""The allocator's heaps are few, however many threads take memory: real glibc, in a process of its own."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
COUNT = """
import ctypes, re, sys, tempfile, threading
from pages.shell import memory
if sys.argv[1] == "settled":
    memory.settle()
everybody = threading.Barrier(12)
def work():
    everybody.wait()  # all alive at once: a heap that a thread has left is taken again
    held = [bytearray(4_000) for _ in range(100)]
    everybody.wait()
threads = [threading.Thread(target=work) for _ in range(12)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
with tempfile.TemporaryFile() as told:
    stream = ctypes.c_void_p(libc.fdopen(told.fileno(), b"w"))
    libc.malloc_info(0, stream)
    libc.fflush(stream)
    told.seek(0)
    print(len(re.findall(rb"<heap nr=", told.read())))
"""


def heaps(settled: str) -> int:
    """Number of glibc's heaps after twelve threads took memory at once."""
    run = [sys.executable, "-c", COUNT, settled]
    return int(subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is not glibc")
def test_threads_share_two_heaps() -> None:
    assert heaps("settled") == 2
    assert heaps("as it comes") > 2
