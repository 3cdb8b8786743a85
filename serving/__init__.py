"""What the server says beside the pages: health, short links with their previews, headers. Starlette only, no streamlit."""
