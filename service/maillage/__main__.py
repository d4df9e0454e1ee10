"""`python -m maillage` is the `maillage` command."""

from maillage.commande.cli import main

if __name__ == "__main__":
    main()
