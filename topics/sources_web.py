"""Pages of the web: bytes to text by the charset they have, markup parsed out of harm's way.

Owns: charsets, the process that parses HTML and its bounds.
Does not know: elements (`sources_html`), archives (`sources_warc`).

A parser written in C is shown whatever the web holds. It works in a process of its own, with a bound on time and on
memory: a page that kills it costs that page and nothing else.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import cache
from typing import IO

from topics.errors import InputError
from topics.pages import MARKS, Hint, Page, decode
from topics.sources_bytes import size
from topics.sources_html import lxml_etree, parse_html

#: For one page, in seconds. A news page takes milliseconds, 32 MB of tags a few seconds.
SECONDS = 20.0
#: For one page, in bytes of address space beyond the bare parser. A tree takes some ten times its page.
MEMORY_BYTES = 1 << 30

#: What pages say they are, when that is one of these; Python knows more, such as UTF-7, that no page should choose.
_CHARSET = re.compile(
    r"utf-?8|utf-16(le|be)?|us-ascii|ascii|latin-?1|(iso|windows|koi8|x-sjis|shift|gb|euc|big5|cp)[-_a-z0-9]{0,12}", re.IGNORECASE
)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([-_A-Za-z0-9]{1,20})", re.IGNORECASE)
#: Names that the web uses for a larger sister (WHATWG, Encoding Standard).
_MEANS = {
    **dict.fromkeys(("ascii", "us-ascii", "latin1", "latin-1", "iso-8859-1", "iso8859-1"), "cp1252"),
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
}


def read_html(data: bytes, name: str, warn: Callable[[str], None], *, page_id: str, charset: str | None = None) -> Page:
    """Return the page of HTML bytes; `charset` is what the server said. Raises InputError for what cannot be parsed."""
    text, warning = decode_html(data, name, charset)
    if warning:
        warn(warning)
    return parse(text, name, page_id=page_id)


def decode_html(data: bytes, name: str, charset: str | None = None) -> tuple[str, str | None]:
    """Return the text of `data` and a warning: by its mark, as UTF-8 where it is that, else as it says itself."""
    if any(data.startswith(mark) for mark, _ in MARKS):
        return decode(data, name)
    meta = _META.search(data[:8192])
    said = (charset or (meta[1].decode("ascii") if meta else "")).strip("\"' ").lower()
    if said != "iso-2022-jp":  # the one that looks like ASCII
        try:
            return data.decode("utf-8"), None
        except UnicodeDecodeError:
            pass
    if said not in ("utf-8", "utf8") and _CHARSET.fullmatch(said):
        try:
            text = data.decode(_MEANS.get(said, said), "replace")
        except LookupError:
            return decode(data, name)
        lost = text.count("\ufffd")
        if lost <= len(text) // 50:
            return text, f"{name}: {lost} damaged characters in {said} text" if lost else None
    return decode(data, name)


class _Parser:
    """The process that parses; started at the first page, and anew after one that killed it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._owner = os.getpid()

    def ask(self, html: str, seconds: float, memory: int) -> bytes | None:
        """Return what the process answers, or None when it died or had to be killed."""
        with self._lock:
            process = self._process
            if process is None or process.poll() is not None:
                process = self._process = self._start(memory)
            assert process.stdin is not None
            assert process.stdout is not None
            watch = threading.Timer(seconds, process.kill)
            watch.start()
            try:
                _send(process.stdin, html.encode("utf-8", "replace"))
                answer = _receive(process.stdout)
            except (BrokenPipeError, ConnectionError):
                answer = None
            finally:
                watch.cancel()
            if answer is None:
                self.stop()
            return answer

    @staticmethod
    def _start(memory: int) -> subprocess.Popen[bytes]:
        here = os.path.dirname(os.path.abspath(__file__))
        # A bare package in place of ours, whose __init__ would load numpy: the process starts in 50 ms, not 300.
        # -P and the parent's own path: the working folder, which may be hostile, offers no modules.
        code = (
            f"import sys, types; sys.path[:] = {[p for p in sys.path if p]!r}; package = types.ModuleType('topics'); "
            f"package.__path__ = [{here!r}]; sys.modules['topics'] = package; "
            f"from topics.sources_web import serve; serve({memory!r})"
        )
        return subprocess.Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-P", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def stop(self) -> None:
        """End the process, unless it belongs to the process that this one was forked from."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.communicate()


@cache
def _parser(_pid: int) -> _Parser:
    parser = _Parser()
    atexit.register(parser.stop)
    return parser


def parse(html: str, name: str, *, page_id: str, seconds: float = SECONDS, memory: int = MEMORY_BYTES) -> Page:
    """Return the page of `html`, parsed in another process. Raises InputError, naming `name`; MissingExtra.

    seconds, memory: bounds for this page; `memory` in bytes, where the system can bound it, holds from the next start on.
    """
    lxml_etree()  # missing, it is the user's to install, and not a fault of this page
    answer = _parser(os.getpid()).ask(html, seconds, memory)
    if answer is None:
        raise InputError(f"the HTML parser died or took more than {seconds:g} seconds on this page", file=name)
    found = json.loads(answer)
    if "error" in found:
        raise InputError(f"HTML that cannot be parsed: {found['error']}", file=name)
    return Page(
        id=page_id,
        text=found["text"],
        source=found["facts"].get("source"),
        published=found["facts"].get("published"),
        hints=tuple(Hint(kind, (start, end)) for kind, start, end in found["hints"]),
    )


def serve(memory: int) -> None:
    """Parse page after page from standard input until it ends: what the other process does."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this by closing the pipe
    lxml_etree()
    _bound(memory)
    while (data := _receive(sys.stdin.buffer)) is not None:
        try:
            text, hints, facts = parse_html(data.decode("utf-8"))
            answer: dict[str, object] = {"text": text, "hints": [(h.kind, *h.span) for h in hints], "facts": facts}
            reply = json.dumps(answer).encode("ascii")
        except MemoryError:
            reply = json.dumps({"error": f"it needs more than {size(memory)} of memory"}).encode("ascii")
        except Exception as error:  # whatever the library raises is an answer about this page
            reply = json.dumps({"error": f"{type(error).__name__}: {error}"}).encode("ascii")
        _send(sys.stdout.buffer, reply)


def _bound(memory: int) -> None:
    """Bound this process's address space, where the system can do that."""
    try:
        import resource
    except ImportError:
        return
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            used = int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        used = 0
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = used + memory if hard == resource.RLIM_INFINITY else min(used + memory, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    except (OSError, ValueError):
        return  # macOS knows the limit and does not take it


def _send(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(8, "big"))
    stream.write(data)
    stream.flush()


def _receive(stream: IO[bytes]) -> bytes | None:
    head = stream.read(8)
    if len(head) < 8:
        return None
    data = stream.read(int.from_bytes(head, "big"))
    return data if len(data) == int.from_bytes(head, "big") else None
