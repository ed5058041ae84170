"""An identity provider on loopback that speaks OpenID Connect, and can be told to lie in any one way."""

import base64
import hashlib
import json
import time
from urllib.parse import parse_qs, urlencode

from joserfc import jwk, jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.routing import Route


class Provider:
    """`lies` change what it says: claims, header, the key that signs, and whole answers by path."""

    def __init__(self):
        self.address = ""
        self.reset()

    def reset(self):
        """An honest provider again."""
        self.keys = [jwk.generate_key("EC", "P-256", {"kid": "one", "use": "sig"})]
        self.email = "ana@acme.example"
        self.secret = "s3cret-of-the-client"
        self.codes = {}
        self.claims = {}
        self.header = {}
        self.signer = None
        self.answers = {}
        self.configuration = {}
        self.token = None
        self.ahead = 0  # seconds by which its clock is wrong

    def app(self):
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._configuration),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/jwks", self._jwks),
            ]
        )

    async def _configuration(self, _request):
        if "configuration" in self.answers:
            return self.answers["configuration"]
        return JSONResponse(
            {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256", "ES256"],
                "authorization_response_iss_parameter_supported": True,
            }
            | self.configuration
        )

    async def _authorize(self, request: Request):
        asked = dict(request.query_params)
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.address}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back)}", status_code=302)

    async def _token(self, request: Request):
        said = (await request.body()).decode()  # read in any case: else the connection may be reset
        if "token" in self.answers:
            return self.answers["token"]
        form = {name: values[0] for name, values in parse_qs(said).items()}
        asked = self.codes.pop(form["code"], None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        basic = base64.b64encode(f"{form['client_id']}:{self.secret}".encode()).decode()
        if asked is None or asked["code_challenge"] != challenge:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        if request.headers.get("authorization") != f"Basic {basic}":
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        return JSONResponse(
            {
                "access_token": "access",
                "token_type": "Bearer",
                "id_token": self.token or self.id_token(asked["client_id"], asked["nonce"]),
            }
        )

    async def _jwks(self, _request):
        if "jwks" in self.answers:
            return self.answers["jwks"]
        return JSONResponse({"keys": [one.as_dict(private=False) for one in self.keys]})

    def id_token(self, client_id, nonce):
        now = int(time.time()) + self.ahead
        half = hashlib.sha256(b"access").digest()[:16]
        claims = {
            "iss": self.address,
            "sub": "user-1",
            "aud": client_id,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": nonce,
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
            "email": self.email,
            "email_verified": True,
        } | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "ES256", "kid": "one"} | self.header
        return jwt.encode(header, claims, self.signer or self.keys[0], algorithms=[header["alg"]])


def text(content, status=200):
    return PlainTextResponse(content if isinstance(content, str) else json.dumps(content), status_code=status)
