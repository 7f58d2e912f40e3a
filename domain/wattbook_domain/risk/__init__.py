"""Risk: the limits, the gate that alone approves, exposure, the kill latch, VaR and shortfall."""
