"""Making and ending matches, behind gates that keep young people safe."""
