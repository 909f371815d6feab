"""The OpenID provider of single sign-on: authorization code with PKCE, as OpenID Connect Core 1.0 has it."""

import time
from collections.abc import Mapping
from typing import Any

from service.errors import FieldProblem, RefusedError, UnavailableError

SCOPE = "openid profile email"
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Never `none`, and no algorithm whose key is the client's own secret."""

TIMEOUT_S = 10.0
KNOWN_S = 3600.0
"""How long the provider's description and keys are believed."""

LEEWAY_S = 60


class OpenIdProvider:
    """One provider, known by its issuer. Nothing is loaded or asked before somebody signs in by it."""

    def __init__(self, issuer: str, client_id: str, client_secret: str) -> None:
        self.issuer = issuer.rstrip("/")
        self._client_id = client_id
        self._client_secret = client_secret
        self._known: dict[str, tuple[float, dict[str, Any]]] = {}

    async def address(self, redirect_uri: str, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes to sign in. Raises UnavailableError."""
        described = await self._described()
        async with self._client(redirect_uri) as client:
            url, _ = client.create_authorization_url(
                described["authorization_endpoint"], state=state, code_verifier=verifier, nonce=nonce
            )
        return str(url)

    async def claims(self, code: str, redirect_uri: str, nonce: str, verifier: str) -> dict[str, Any]:
        """What the provider says of whoever came back with that code, its signature checked.

        Raises UnavailableError where the provider does not answer, RefusedError where its answer is not to be believed.
        """
        described = await self._described()
        token = await self._token(described, code, redirect_uri, verifier)
        claims = await self._verified(described, str(token.get("id_token", "")), nonce)
        return await self._completed(described, token, claims)

    async def _token(self, described: Mapping[str, Any], code: str, redirect_uri: str, verifier: str) -> dict[str, Any]:
        from authlib.integrations.base_client import OAuthError  # noqa: PLC0415
        from httpx import HTTPError  # noqa: PLC0415

        try:
            async with self._client(redirect_uri) as client:
                endpoint = described["token_endpoint"]
                found: dict[str, Any] = await client.fetch_token(
                    endpoint, grant_type="authorization_code", code=code, code_verifier=verifier
                )
        except HTTPError as error:
            raise _away(error) from error
        except (OAuthError, ValueError) as error:
            raise _unbelieved("it does not take the code") from error
        return found

    async def _verified(self, described: Mapping[str, Any], id_token: str, nonce: str) -> dict[str, Any]:
        from authlib.oidc.core import CodeIDToken  # noqa: PLC0415
        from joserfc import jwt  # noqa: PLC0415
        from joserfc.errors import JoseError  # noqa: PLC0415
        from joserfc.jwk import KeySet  # noqa: PLC0415

        offered = described.get("id_token_signing_alg_values_supported", SIGNED_BY)
        algorithms = [name for name in SIGNED_BY if name in offered]
        wanted: dict[str, Any] = {name: {"essential": True} for name in ("exp", "iat", "sub")}
        wanted |= {"iss": {"essential": True, "value": described["issuer"]}}
        wanted |= {"aud": {"essential": True, "value": self._client_id}, "nonce": {"essential": True, "value": nonce}}
        for fresh in (False, True):  # once more with new keys: providers change them
            told = await self._fetched(described["jwks_uri"], fresh)
            try:
                keys = KeySet.import_key_set(told)  # type: ignore[arg-type]
                token = jwt.decode(id_token, keys, algorithms=algorithms)
                found = CodeIDToken(token.claims, token.header, wanted, {"nonce": nonce, "client_id": self._client_id})
                found.validate(leeway=LEEWAY_S)
                return dict(token.claims)
            except (JoseError, ValueError, KeyError, TypeError) as error:
                if fresh:
                    raise _unbelieved(f"its token does not hold ({type(error).__name__})") from error
        raise AssertionError  # the loop returns or raises

    async def _completed(
        self, described: Mapping[str, Any], token: Mapping[str, Any], claims: dict[str, Any]
    ) -> dict[str, Any]:
        """With what the provider tells of the person apart from the token, where it does."""
        if "userinfo_endpoint" not in described or "access_token" not in token:
            return claims
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        told = await _asked(described["userinfo_endpoint"], headers)
        if told.get("sub") != claims["sub"]:
            raise _unbelieved("it speaks of another person")
        return told | claims

    async def _described(self) -> dict[str, Any]:
        described = await self._fetched(f"{self.issuer}/.well-known/openid-configuration")
        if str(described.get("issuer", "")).rstrip("/") != self.issuer:
            raise _unbelieved("it calls itself by another name than AIGUILLEUR_OIDC_ISSUER")
        if missing := {"authorization_endpoint", "token_endpoint", "jwks_uri"} - described.keys():
            raise _unbelieved(f"its description lacks {', '.join(sorted(missing))}")
        return described

    async def _fetched(self, url: str, fresh: bool = False) -> dict[str, Any]:
        at, known = self._known.get(url, (0.0, {}))
        if known and not fresh and time.monotonic() - at < KNOWN_S:
            return known
        found = await _asked(url)
        self._known[url] = (time.monotonic(), found)
        return found

    def _client(self, redirect_uri: str) -> Any:
        from authlib.integrations.httpx_client import AsyncOAuth2Client  # noqa: PLC0415

        return AsyncOAuth2Client(
            self._client_id,
            self._client_secret or None,
            scope=SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self._client_secret else "none",
            timeout=TIMEOUT_S,
        )


async def _asked(url: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    import httpx  # noqa: PLC0415

    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
            response = await client.get(url, headers=headers)
        response.raise_for_status()
        found = response.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise _away(error) from error
    if not isinstance(found, dict):
        raise _unbelieved("it answers with something else than was asked")
    return found


def _away(error: Exception) -> UnavailableError:
    return UnavailableError(f"The provider of single sign-on does not answer ({type(error).__name__}).")


def _unbelieved(why: str) -> RefusedError:
    return RefusedError(f"The provider of single sign-on is not believed: {why}.", (FieldProblem("token", why, "sso"),))
