"""What creates the auditor's own identity: scripts to read and run, and a key pair made here.

Nothing in this package talks to a tenant. It prints; an administrator runs.
"""
