"""What a call shows of its account's bound key, from the request as LiteLLM received it.

The headers that hooks are given for everybody's use lack the API key. LiteLLM keeps all of them apart, under
`secret_fields`, which it sets itself and takes out of what clients send. Of a header that was sent twice it keeps one.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from stillwatch.gateways.caller import Caller, api_keys
from stillwatch.gateways.showing import Showing

OWN_HEADER = "x-litellm-api-key"


def shown(caller: Caller, data: Mapping[str, Any]) -> Showing | None:
    """None where this LiteLLM does not hand on the request's headers, its method or its address."""
    secret, request = data.get("secret_fields"), data.get("proxy_server_request")
    raw = secret.get("raw_headers") if isinstance(secret, Mapping) else None
    if not isinstance(raw, Mapping) or not isinstance(request, Mapping):
        return None
    method, url = request.get("method"), request.get("url")
    if not isinstance(method, str) or not isinstance(url, str):
        return None
    headers = [(str(name).lower(), value) for name, value in raw.items() if isinstance(value, str)]
    token = _token(caller, headers)
    return Showing(method=method, path=urlsplit(url).path, headers=headers, token=token)


def _token(caller: Caller, headers: Iterable[tuple[str, str]]) -> str:
    """The key that LiteLLM told the account by, which it knows by its hash; the first one where that is another."""
    pairs = list(headers)
    values = [value.rpartition(" ")[2] for _, value in pairs]  # the header with the key can have any name
    of_account = (one for one in values if one and sha256(one.encode()).hexdigest() == caller.api_key_id)
    first = next(iter(api_keys(pairs)), "") or next(
        (value for name, value in pairs if name == OWN_HEADER), ""
    )
    return next(of_account, first)
