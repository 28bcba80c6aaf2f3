"""A relation on one page, written from records: every sentence ends in its evidence."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dragoman.answer.asking import check_period, to_day
from dragoman.answer.briefs import get_brief, to_html, to_markdown
from dragoman.relate.groups import side_of
from dragoman.serve.answers import asking
from dragoman.serve.asked import Page

router = APIRouter(tags=["relations"])
_FORMS = {"markdown": "text/markdown; charset=utf-8", "html": "text/html; charset=utf-8"}
_SHAPES: dict[int | str, dict[str, Any]] = {
    200: {"content": {form.partition(";")[0]: {"schema": {"type": "string"}} for form in _FORMS.values()}}
}


@router.get("/brief", summary="A relation on one page", response_class=Response, responses=_SHAPES)
def brief(request: Request, asked: Annotated[Page, Query()]) -> Response:
    """Write one page on how two sides get on: time line, turning points, open threats and promises, sources.

    No text generator takes part: sentences are composed from records, and each ends in a link to its evidence on the page.
    """
    since, until = to_day("since", asked.since), to_day("until", asked.until)
    check_period(since, until, today=datetime.now(UTC).date())
    codes = request.app.state.serving.ontology
    first, second = (side_of(words, ontology=codes) for words in (asked.first, asked.second))
    with asking(request, as_of=asked.as_of) as now:
        found = get_brief(now.store, first, second, ontology=codes, since=since, until=until, as_of=now.as_of)
        page = to_html(found) if asked.format == "html" else to_markdown(found)
        return now.send(page.encode, _FORMS[asked.format], headers=_policy(page))


def _policy(page: str) -> dict[str, str]:
    """Return the policy that lets a page use the style it brings, and nothing else."""
    styles = re.findall(r"<style>(.*?)</style>", page, re.S)
    hashes = [base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in styles]
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes) or "'none'"
    return {"Content-Security-Policy": f"default-src 'none'; style-src {allowed}; frame-ancestors 'none'"}
