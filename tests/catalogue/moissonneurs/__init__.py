"""What a harvest of the reduced corpus must bring back."""

JEUX = (
    "acteurs", "acteurs-29", "changements", "graphe", "guide", "ontologie", "relations", "territoires",
)  # fmt: skip
SERVICES = ("service-orientation", "service-sparql")
