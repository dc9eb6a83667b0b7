"""Who a text is for: (from, to) names at most one match. Lines are lent here as masks, and rest before they return."""
