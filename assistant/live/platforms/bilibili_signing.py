"""Signed headers of Bilibili's live open platform (open-live.bilibili.com, 签名机制)."""

import hashlib
import hmac


def signed_headers(
    key_id: str, secret: str, body: bytes, *, timestamp: int, nonce: str
) -> dict[str, str]:
    """The headers of a POST. `nonce` must be new for each.

    Authorization is the HMAC-SHA256, as lower-case hexadecimal, of the `x-bili-` headers as
    `name:value` lines in the order of their names.
    """
    headers = {
        "x-bili-accesskeyid": key_id,
        "x-bili-content-md5": hashlib.md5(body, usedforsecurity=False).hexdigest(),
        "x-bili-signature-method": "HMAC-SHA256",
        "x-bili-signature-nonce": nonce,
        "x-bili-signature-version": "1.0",
        "x-bili-timestamp": str(timestamp),
    }
    lines = "\n".join(f"{name}:{headers[name]}" for name in sorted(headers))
    signature = hmac.new(secret.encode(), lines.encode(), hashlib.sha256).hexdigest()
    return headers | {
        "Authorization": signature,
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
