"""Static files under names that change with their content, so that browsers may keep them for good."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException, Response

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_GOOD = "public, max-age=31536000, immutable"

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Asset:
    name: str
    content: bytes
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """By the plain name, such as `app.css`."""
    return {path.name: _asset(path) for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}


def address_of(name: str) -> str:
    """Where the browser finds it. Raises KeyError."""
    return f"/static/{assets()[name].name}"


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Asset(f"{path.stem}.{digest}{path.suffix}", content, TYPES[path.suffix])


@router.get("/static/{name}")
async def static(name: str) -> Response:
    found = next((asset for asset in assets().values() if asset.name == name), None)
    if found is None:
        raise HTTPException(404)
    return Response(found.content, media_type=found.media_type, headers={"Cache-Control": FOR_GOOD})
