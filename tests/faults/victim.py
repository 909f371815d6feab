"""A serving process that is about to suffer. The fork server that makes it has loaded everything already."""

import resource
import socket
import warnings
from multiprocessing.connection import Connection

import uvicorn

from service.doors import create_doors
from service.settings import Settings
from service.wiring import open_desk
from tests.faults.steps import Doom


def live(settings: str, listener: socket.socket, plans: Connection, largest_file: int) -> None:
    """Serves and works until it dies. `largest_file`: no file may grow beyond so many bytes, as on a full disk."""
    warnings.simplefilter("ignore")
    if largest_file:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, resource.RLIM_INFINITY))
    given = Settings.model_validate_json(settings)
    desk = open_desk(given, index=bool(given.chroma_url), ready=False)
    Doom(plans)
    config = uvicorn.Config(create_doors(desk), log_config=None, access_log=False, timeout_graceful_shutdown=4)
    uvicorn.Server(config).run([listener])
