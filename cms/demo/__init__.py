"""Demo content, made by code; all of it marked contoh."""
