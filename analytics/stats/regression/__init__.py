"""Regressions: judged by wild bootstraps, and out of sample."""
