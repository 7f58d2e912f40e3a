"""Output of weather-driven assets. What is here is simulated, and says so."""
