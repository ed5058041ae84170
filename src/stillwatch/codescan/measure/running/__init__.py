"""Cases are run: each is a Flask module that is sent the payloads of its category while its sinks are watched."""
