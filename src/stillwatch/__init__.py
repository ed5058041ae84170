"""Stillwatch finds industrial distillation campaigns in the traffic of a language-model API."""
