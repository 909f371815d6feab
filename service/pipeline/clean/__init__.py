from service.pipeline.clean.envelope import opened
from service.pipeline.clean.step import clean

__all__ = ["clean", "opened"]
