"""Bytes of requests and answers, as gateways meet them."""
