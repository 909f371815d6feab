from service.pipeline.clean.step import clean

__all__ = ["clean"]
