"""Ingest: tables of texts to documents, and near-duplicates among them."""
