"""The stored queries: `.rq` files, their typed parameters, their binding to validated terms."""
