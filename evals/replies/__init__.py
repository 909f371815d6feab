"""What proposals from sent replies are worth, on simulated weeks with planted truths."""
