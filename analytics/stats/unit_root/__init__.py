"""Unit roots: published constants, and the recursion for explosive spells."""
