"""Questions of 5.17."""
