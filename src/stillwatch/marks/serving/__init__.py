"""Marks where tokens are drawn: processors of logits for transformers, vLLM and SGLang, and how they learn the cohort.

Each server has a module of its own, whose docstring says how to use it. None imports its server before that server
imports it. The cohort comes from the gateway's header, which `entrance` hands to the process that draws as a ticket.
"""
