"""What the market prices the Fed to do, and how good its odds were."""
