from service.pipeline.clean.envelope import opened
from service.pipeline.clean.step import clean, own

__all__ = ["clean", "opened", "own"]
