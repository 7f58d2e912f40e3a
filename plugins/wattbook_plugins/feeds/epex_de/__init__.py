"""German day-ahead prices of 2012 to 2017, packaged with their licence."""
