"""The stewards' workbook: actors, publics, activities, skills and relations, as a spreadsheet and back.

`colonnes.toml` says what the sheets and columns are; `modele` adds what the shapes know of them. From there:

    export   etat (graph → rows) → cellules (terms → text) → xlsx | csv_
    import   xlsx | csv_ → lecture (text → rows) → comparaison (rows ↔ state) → ecriture (files) → validation
"""
