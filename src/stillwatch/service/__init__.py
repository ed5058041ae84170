"""The service: what analysts' pages and gateways elsewhere ask over HTTP, and the process that runs it all.

`routes/` holds the operations, a file for each matter, found by walking it. An operation says once what it takes and
gives; requests are checked by it, and `/openapi.json` is made from it.
"""

from importlib.util import find_spec

from stillwatch.records import InvalidConfiguration

NEEDED = ("starlette", "uvicorn", "sqlalchemy", "cryptography", "prometheus_client")

for _name in NEEDED:
    if find_spec(_name) is None:
        raise InvalidConfiguration(f"the service needs the package {_name}: pip install 'stillwatch[live]'")
