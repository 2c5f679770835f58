"""Contoso's own rules: a folder per theme, a file per rule; what begins with _ is no rule."""
