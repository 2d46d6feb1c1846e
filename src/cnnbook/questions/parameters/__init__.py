"""Questions of 5.15."""
