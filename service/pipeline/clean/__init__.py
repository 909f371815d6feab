from service.pipeline.clean.envelope import address_of, opened
from service.pipeline.clean.step import clean, own

__all__ = ["address_of", "clean", "opened", "own"]
