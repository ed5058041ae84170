"""Where records come from: each file of this folder reads one log format, found by looking at content."""

from stillwatch.sources._reading.bodies import body_facts
from stillwatch.sources._reading.catalogue import catalogue, decode
from stillwatch.sources._reading.exchange import whole
from stillwatch.sources._reading.files import Found, find, split
from stillwatch.sources._reading.interface import Block, Decoded, Source
from stillwatch.sources._reading.survey import FileSurvey, Survey, survey
from stillwatch.sources._reading.write import write

__all__ = [
    "Block",
    "Decoded",
    "FileSurvey",
    "Found",
    "Source",
    "Survey",
    "body_facts",
    "catalogue",
    "decode",
    "find",
    "split",
    "survey",
    "whole",
    "write",
]
