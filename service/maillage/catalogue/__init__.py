"""What portals and programs take away: the catalogue (DCAT-AP), the files to download, VoID.

What is offered stands in `donnees/catalogue.ttl`; `jeux` reads it. `fabrique` makes the files of a version,
in a process of its own, once; `depot` is the server's side of it. `dcat` and `void` describe what was made.
"""
