"""Public SPARQL in processes that can be killed.

`controle` refuses what must never run (updates, federation, unknown graphs), `trames` is the language of the
pipe, `ouvrier` is the process that runs queries, `reserve` is the server's side: it hands queries out and
survives what happens to them. Search never goes through here, and never waits for it.
"""
