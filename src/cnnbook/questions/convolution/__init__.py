"""Questions of 5.14."""
