"""Questions of 5.16."""
