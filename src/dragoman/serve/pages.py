"""The pages of the browser: the files of a folder, and the first page for every path that is no file.

The folder holds what ``web/`` is built into. Its program asks the API like anybody else; so pages hold no data and need no token.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from dragoman.serve.gate import is_api
from dragoman.serve.problems import problem

BUILT = Path(__file__).parent / "static"
# Names under it carry a digest of what they hold.
ASSETS = "assets/"
# Attributes alone may bring style: programs set them for what they draw. Style sheets and scripts are files of ours.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS = {"Content-Security-Policy": POLICY, "Cross-Origin-Opener-Policy": "same-origin"}
# Browsers refuse a script that does not say it is one, and systems differ in what they call it.
_TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".json": "application/json", ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json", ".wasm": "application/wasm",
}  # fmt: skip
_UNBUILT = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Dragoman</title></head><body>
<h1>The pages are not built</h1>
<p>This copy of Dragoman was not installed from a package and has no pages yet. Build them with Node.js, in the folder of the
project:</p>
<pre>cd web
npm ci
npm run build</pre>
<p>The API answers without them: <a href="/api/v1/version">/api/v1/version</a>.</p>
</body></html>
"""


class Pages:
    """Answers paths that are not the API's, and hands on the rest.

    Args:
        app: What answers the API.
        folder: Where the pages are; None for those of the package.
    """

    def __init__(self, app: ASGIApp, folder: Path | None = None) -> None:
        self.app = app
        self.folder = folder or BUILT

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or is_api(scope["path"]):
            await self.app(scope, receive, send)
            return
        response = await self._answer(scope)
        await response(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response:
        path = scope["path"]
        if scope["method"] not in ("GET", "HEAD"):
            return problem("method_not_allowed", f'"{path[:200]}" answers only GET, HEAD, not {scope["method"]}.', headers={"Allow": "GET, HEAD"})  # fmt: skip
        if not self.folder.joinpath("index.html").is_file():
            return Response(
                _UNBUILT, headers={**_HEADERS, "Cache-Control": "no-cache"}, media_type="text/html"
            )
        files = StaticFiles(directory=self.folder)
        # Without "." and "..", so that a file is told by where it is.
        name = files.get_path(scope).replace(os.sep, "/")
        try:
            response = await files.get_response(name, scope)
        except HTTPException:
            # A program that misses one of its files must not be handed a page in its place.
            if name.startswith(ASSETS):
                return problem("not_found", f'there is no file "{path[:200]}".')
            name = "index.html"
            response = await files.get_response(name, scope)
        _finish(response, name)
        return response


def _finish(response: Response, name: str) -> None:
    """Put on the headers of a file."""
    is_lasting = name.startswith(ASSETS)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_lasting else "no-cache"
    for header, value in _HEADERS.items():
        response.headers[header] = value
    kind = _TYPES.get(PurePosixPath(name).suffix.lower())
    if kind is not None and "content-type" in response.headers:
        response.headers["Content-Type"] = kind
