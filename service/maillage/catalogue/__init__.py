"""What open-data portals and programs take away: exports of the graph."""
