"""How sure a figure is: the statistics that evaluation shares with the test that every refit must pass."""

from service.learning.paired import design_effect, mcnemar_p, mean_interval, smallest_difference

__all__ = ["design_effect", "mcnemar_p", "mean_interval", "smallest_difference"]
