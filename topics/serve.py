"""`topics serve`: the service over HTTP, for those who label a stream.

Owns: the ASGI application, limits of size, time and number, how long a stop may take. starlette and uvicorn enter here.
Does not know: what is asked and answered (`service`).

Labeling runs in threads beside the loop that reads and writes. A thread cannot be stopped: a request that takes too
long is answered with 504, and its thread counts among the busy ones until it is done.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from topics.errors import MissingExtra, TopicsError, one_line
from topics.loading import load
from topics.service import Refused, Service

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

#: Names by which this machine calls itself: others in a Host header are how a web page reaches a service that is not meant
#: for it (DNS rebinding).
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")
#: How a process that uvicorn starts is told what to serve.
_ENVIRONMENT = "NEWSTOPICS_SERVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a request may take."""

    #: Bytes of a body.
    max_bytes: int = 2_000_000
    #: Seconds for a body to come, and for an answer to be made.
    seconds: float = 30.0
    #: Requests that are answered at a time, and that may wait beside them. Labeling is Python: a second thread in one
    #: process answers no more in all; further processes do (`--workers`).
    threads: int = 1
    waiting: int = 64


class _Desk:
    """Answers in threads; refuses when too many wait."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pool = ThreadPoolExecutor(limits.threads, "label")
        self._busy = 0

    async def do(self, work: Callable[..., Any], *given: object) -> Any:  # noqa: ANN401 - what `work` returns
        """Return `work(*given)`. Raises Refused where there is no room or no time."""
        if self._busy >= self._limits.threads + self._limits.waiting:
            raise Refused(f"{self._busy} requests are being answered; try again", 503)
        loop = asyncio.get_running_loop()
        self._busy += 1
        future = self._pool.submit(work, *given)
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._done) if not loop.is_closed() else None)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._limits.seconds)
        except TimeoutError:
            raise Refused(f"no answer within {self._limits.seconds:g} s; send less at a time", 504) from None

    def _done(self) -> None:
        self._busy -= 1


def application(service: Service, limits: Limits | None = None, *, hosts: tuple[str, ...] = LOOPBACK) -> Starlette:
    """Return the ASGI application. `hosts`: names that a request may call it by; ("*",) is any."""
    try:
        from starlette.applications import Starlette
        from starlette.exceptions import HTTPException
        from starlette.middleware import Middleware
        from starlette.middleware.trustedhost import TrustedHostMiddleware
        from starlette.responses import JSONResponse
        from starlette.routing import Route
    except ImportError:
        raise MissingExtra("topics serve", "serve") from None
    from topics.service_openapi import openapi

    limits = limits or Limits()
    desk = _Desk(limits)
    document = openapi(limits.max_bytes)

    def reply(answer: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:  # noqa: ANN401 - JSON
        return JSONResponse(answer, status, {"artifact-digest": service.about["digest"], **(headers or {})})

    def asked(question: str) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                raw = await _body(request, limits)
                return reply(await desk.do(service.answer, question, raw))
            except Refused as error:
                return reply({"error": str(error)}, error.status, {"retry-after": "1"} if error.status == 503 else None)
            except Exception as error:  # whatever it is: one line for who asked, one for who runs this
                fault = one_line(f"{type(error).__name__}: {error}")
                print(f"topics: /{question}: a fault in the service: {fault}", file=sys.stderr, flush=True)
                return reply({"error": f"a fault in the service: {type(error).__name__}"}, 500)

        return endpoint

    async def health(request: Request) -> Response:  # noqa: ARG001 - as starlette calls it
        return reply(service.health())

    async def described(request: Request) -> Response:  # noqa: ARG001 - as starlette calls it
        return reply(document)

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        paths = "POST /predict, /segment, /explain; GET /health, /openapi.json"
        return reply({"error": f"{one_line(request.method)} of this path is not answered; there are: {paths}"}, status,
                     dict(getattr(error, "headers", None) or {}))  # fmt: skip

    routes = [Route(f"/{question}", asked(question), methods=["POST"]) for question in ("predict", "segment", "explain")]
    routes += [Route("/health", health, methods=["GET"]), Route("/openapi.json", described, methods=["GET"])]
    guards = [] if "*" in hosts else [Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)]
    return Starlette(routes=routes, middleware=guards, exception_handlers={HTTPException: refused})


async def _body(request: Request, limits: Limits) -> bytes:
    """Return the body of a request. Raises Refused where it is too large, too slow or of another type."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":  # also what a form of some web page cannot send
        raise Refused("the body must be application/json", 415)
    told = request.headers.get("content-length", "0")
    too_large = Refused(f"the body is larger than {limits.max_bytes:,} bytes; send less at a time", 413)
    if told.isdigit() and int(told[:20]) > limits.max_bytes:
        raise too_large
    raw = bytearray()
    try:
        async with asyncio.timeout(limits.seconds):
            async for chunk in request.stream():
                raw += chunk
                if len(raw) > limits.max_bytes:
                    raise too_large
    except TimeoutError:
        raise Refused(f"the body did not come within {limits.seconds:g} s", 408) from None
    return bytes(raw)


def serve(arguments: Namespace) -> None:
    """`topics serve`."""
    try:
        import uvicorn
    except ImportError:
        raise MissingExtra("topics serve", "serve") from None
    model = load(arguments.artifact)
    limits = Limits(max_bytes=int(arguments.max_mb * 1e6), seconds=arguments.seconds)
    hosts = tuple(arguments.allow_host) or (LOOPBACK if arguments.host in LOOPBACK else ("*",))
    told = {"artifact": os.path.abspath(arguments.artifact), "limits": asdict(limits), "hosts": hosts}
    if not arguments.quiet:
        print(
            f"topics: serving {one_line(arguments.artifact)} ({str(model.manifest.get('digest'))[:12]}) "
            f"on http://{arguments.host}:{arguments.port}",
            file=sys.stderr,
            flush=True,
        )
    # With one process uvicorn runs here; with several each loads the artifact itself, and the arrays are mapped once.
    app: Any = application(Service(model), limits, hosts=hosts)
    if arguments.workers > 1:
        os.environ[_ENVIRONMENT] = json.dumps(told)
        app = "topics.serve:from_environment"
    # The thread that labels must not keep the one that reads and writes waiting for 5 ms, Python's default.
    sys.setswitchinterval(0.0005)
    uvicorn.run(
        app,
        factory=arguments.workers > 1,
        host=arguments.host,
        port=arguments.port,
        workers=arguments.workers,
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=int(limits.seconds) + 1,
    )


def from_environment() -> Starlette:
    """Return the application that the environment describes: how further processes of `topics serve` begin."""
    told = json.loads(os.environ[_ENVIRONMENT])
    try:
        return application(Service(load(told["artifact"])), Limits(**told["limits"]), hosts=tuple(told["hosts"]))
    except TopicsError as error:
        raise SystemExit(f"topics: {one_line(str(error))}") from None
