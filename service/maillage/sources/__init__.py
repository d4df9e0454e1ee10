"""Living sources: one way in, from an edition of an open source to reviewed Turtle.

flux (bounded reading) → annuaire, data_inclusion… (records → Notice) → rapprochement (which known body) →
difference (proposed changes) → revue (text, CSV, HTML) → application (Turtle, one file a source, edition and
département). What the corpus holds is read by `connu`, what stewards decided by `decisions`.
"""
