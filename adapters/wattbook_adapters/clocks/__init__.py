"""Where the present instant comes from."""
