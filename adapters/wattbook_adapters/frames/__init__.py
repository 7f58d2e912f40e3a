"""The day's tables as pandas frames, for notebooks and for teams that embed the platform."""
