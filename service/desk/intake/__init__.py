"""A message's way in: admitted, stored, waiting, triaged once."""
