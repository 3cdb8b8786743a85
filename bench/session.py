"""One reader of a Streamlit server over its websocket, as a browser tab is one: Streamlit's own protobuf, the widgets'
states, the address, and the messages that a browser keeps so that the server may only name them.

Nothing is drawn; the figures can be decoded to their numbers, so that a session that got none cannot look like a fast one.
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pyarrow as pa
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

SECONDS = 120.0
"""Longest wait for the end of a run [s]."""
KEPT_RUNS = 2
"""For so many runs a browser keeps a large message that is not used (Streamlit's own bound)."""


@dataclass(slots=True)
class Run:
    """What one run of a page brought.

    Attributes:
        seconds: From asking to the message that the script has finished.
        first_chart: From asking to the first figure; 0 where none came.
        received: Bytes of all messages.
        specs: Plotly figures in page order, as the text that came.
        tables: Rows and columns of each table.
        problems: Exceptions on the page and ends other than success.
    """

    seconds: float = 0.0
    first_chart: float = 0.0
    received: int = 0
    specs: list[str] = field(default_factory=list)
    tables: list[tuple[int, int]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def figures(self) -> list[dict]:
        """The figures, read; left until asked for, so that a bench's own work does not look like the server's."""
        return [json.loads(spec) for spec in self.specs]

    @property
    def points(self) -> int:
        """Numbers drawn by all figures."""
        return sum(sum(counts) for counts in map(trace_points, self.figures))


def trace_points(figure: dict) -> list[int]:
    """Finite values of each trace of a figure; cells for a heatmap."""
    return [_points(trace) for trace in figure["data"]]


def _points(trace: dict) -> int:
    values = trace.get("z") or trace.get("y") or trace.get("x") or []
    if isinstance(values, dict):
        wide = int(values["dtype"][1:])
        packed = base64.b64decode(values["bdata"])
        if values["dtype"][0] != "f":
            return len(packed) // wide
        numbers = memoryview(packed).cast("f" if wide == 4 else "d")
        return sum(1 for value in numbers if value == value)
    if values and isinstance(values[0], list):
        return sum(len(row) for row in values)
    return sum(1 for value in values if value is not None)


class Session:
    """One open tab. ``visit`` loads a page, ``press`` picks an option of a segmented control."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._query = ""
        self._page_hash = ""
        self._widgets: dict[str, WidgetState] = {}
        self._controls: dict[str, str] = {}
        self._kept: dict[str, tuple[int, ForwardMsg]] = {}
        self._runs = 0
        self._began = 0.0

    async def visit(self, page: str, query: str = "") -> Run:
        """Go to a page as a link does: its name (empty for the first) and the address's parameters."""
        self._widgets, self._page_hash, self._query = {}, "", query
        ask = BackMsg()
        ask.rerun_script.page_name = page
        return await self._run(ask)

    def has(self, key: str) -> bool:
        """Whether the page has a segmented control with this widget key."""
        return self._controls.get(key) in self._widgets

    async def press(self, key: str, option: str) -> Run:
        """Pick ``option`` of the segmented control whose widget key is ``key``."""
        identity = self._controls[key]
        state = WidgetState(id=identity)
        state.string_array_value.data[:] = [option]
        self._widgets[identity] = state
        ask = BackMsg()
        ask.rerun_script.page_script_hash = self._page_hash
        return await self._run(ask)

    async def _run(self, ask: BackMsg) -> Run:
        self._runs += 1
        self._kept = {
            name: held for name, held in self._kept.items() if self._runs - held[0] <= KEPT_RUNS
        }  # fmt: skip
        ask.rerun_script.query_string = self._query
        ask.rerun_script.widget_states.widgets.extend(self._widgets.values())
        ask.rerun_script.cached_message_hashes.extend(self._kept)
        done, self._began = Run(), time.perf_counter()
        await self._socket.send(ask.SerializeToString())
        async with asyncio.timeout(SECONDS):
            while not await self._take(done):
                pass
        done.seconds = time.perf_counter() - self._began
        return done

    async def _take(self, done: Run) -> bool:
        """Receive one message; whether the run is over."""
        packed = await self._socket.recv(decode=False)
        done.received += len(packed)
        said = ForwardMsg.FromString(packed)
        if said.WhichOneof("type") == "ref_hash":
            metadata = said.metadata
            said = ForwardMsg.FromString(self._kept[said.ref_hash][1].SerializeToString())
            said.metadata.CopyFrom(metadata)
            self._kept[said.hash] = (self._runs, said)
        elif said.metadata.cacheable:
            self._kept[said.hash] = (self._runs, said)
        kind = said.WhichOneof("type")
        if kind == "navigation":
            self._page_hash = said.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = said.page_info_changed.query_string
        elif kind == "delta" and said.delta.WhichOneof("type") == "new_element":
            self._see(said.delta.new_element, done)
        elif kind == "script_finished":
            return self._finish(said, done)
        return False

    def _see(self, element: Element, done: Run) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            done.problems.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "plotly_chart":
            done.first_chart = done.first_chart or time.perf_counter() - self._began
            done.specs.append(element.plotly_chart.spec)
        elif kind == "dataframe":
            table = pa.ipc.open_stream(element.dataframe.arrow_data.data).read_all()
            done.tables.append((table.num_rows, table.num_columns))
        elif kind == "button_group":
            identity = element.button_group.id
            self._controls[identity.rsplit("-", 1)[-1]] = identity
            state = WidgetState(id=identity)
            state.string_array_value.data[:] = list(element.button_group.raw_values)
            self._widgets[identity] = state

    @staticmethod
    def _finish(said: ForwardMsg, done: Run) -> bool:
        status = said.script_finished
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return False  # the page asked for another run at once
        if status != ForwardMsg.FINISHED_SUCCESSFULLY:
            done.problems.append(ForwardMsg.ScriptFinishedStatus.Name(status))
        return True


@asynccontextmanager
async def reader(port: int) -> AsyncIterator[Session]:
    """A session on 127.0.0.1 that hangs up at the end of the block."""
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with connect(address, max_size=None, subprotocols=["streamlit"], open_timeout=SECONDS) as socket:  # type: ignore[list-item]
        yield Session(socket)
