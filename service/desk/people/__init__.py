"""Who may do what: people, teams, keys, and how one comes in."""
