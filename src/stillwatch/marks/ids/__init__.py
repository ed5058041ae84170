"""Minted ids: tool-call, response and reasoning ids that name, to their provider alone, whom they were made for.

A client that keeps a conversation going sends the ids of its history back. Where an id was minted for one account and
comes back under another, both belong to one pipeline, and no statistics are needed to say so.
"""
