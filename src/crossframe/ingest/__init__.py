"""Ingest: tables, saved pages and addresses to documents; attribution; near-duplicates."""
