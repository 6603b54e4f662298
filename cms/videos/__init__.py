"""Videos: what editors say of them and what machines do with them; uploads."""
