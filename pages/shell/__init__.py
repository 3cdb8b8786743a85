"""The only code that imports streamlit; page discovery skips folders, so nothing here is a page."""
