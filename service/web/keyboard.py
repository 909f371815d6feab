"""The keys, for browsers without scripts and for people who look them up."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from service.web.pages import page

router = APIRouter()


@router.get("/keyboard")
async def keyboard(request: Request) -> Response:
    return page(request, "keyboard.html")
