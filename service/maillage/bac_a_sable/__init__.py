"""Public SPARQL, stored queries and trials of files, in processes that can be killed.

`reserve` is the server's side: it hands demands out and survives what happens to them. `trames` is the
language of the pipe, `confinement` the processes behind it. `controle` refuses queries that must never run
(updates, federation, unknown graphs), `ouvrier` runs the others. Search never goes through here, and never
waits for it.
"""
