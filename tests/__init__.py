"""The test suite; a package only so that the layering linter can import our contract type."""
