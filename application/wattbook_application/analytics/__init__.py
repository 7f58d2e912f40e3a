"""The analytics flow: collection, features, inference, aggregation, confidence, decision."""
