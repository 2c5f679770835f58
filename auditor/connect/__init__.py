"""The way to the services: clouds, TLS, sign-in, and one client each for Graph and Exchange.

A client sends one request once and hands back what came: retrying, paging and judging are the
collector's. Import the modules where they are used; they are slow to load.
"""
