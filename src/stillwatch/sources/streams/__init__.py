"""Where records come from while they are made: each file of this folder follows one kind of stream."""

from stillwatch.sources.streams._following import segment
from stillwatch.sources.streams._following.catalogue import open_stream, transports
from stillwatch.sources.streams._following.interface import Delivery, Stream, Transport

__all__ = ["Delivery", "Stream", "Transport", "open_stream", "segment", "transports"]
