"""The HTML report: its template, style and scripts, and what fills them."""
