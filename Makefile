# Siar. `make run` and `make test` are the two that matter; `make help` lists all.
.PHONY: help run test check
help: ; @grep -E '^[a-z-]+:' Makefile
