"""The similar-day rule as a forecaster: the yardstick every other model must beat."""
