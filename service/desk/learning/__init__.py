"""What is learned from people, who decides where they disagree, and what follows for the playbook."""
