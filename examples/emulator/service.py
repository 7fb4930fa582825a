"""A service with workload identity: GET /token says which identity it has got a token for."""
import base64
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msal

AUTHORITY = os.environ["AZURE_AUTHORITY_HOST"] + os.environ["AZURE_TENANT_ID"]


def get_token():
    """Reads the projected token for every request, since it is rotated."""
    with open(os.environ["AZURE_FEDERATED_TOKEN_FILE"], encoding="utf-8") as file:
        credential = {"client_assertion": file.read()}
    client = msal.ConfidentialClientApplication(
        os.environ["AZURE_CLIENT_ID"], authority=AUTHORITY, client_credential=credential, instance_discovery=False)
    return client.acquire_token_for_client(["https://vault.azure.net/.default"])


def claims_of(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        result = get_token() if self.path == "/token" else {"error_description": "not found"}
        is_granted = "access_token" in result
        body = {"client": claims_of(result["access_token"])["appid"]} if is_granted else {
            "error": result["error_description"]}
        self.send_response(200 if is_granted else 502)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())


if __name__ == "__main__":
    ThreadingHTTPServer(("", int(os.environ["PORT"])), Handler).serve_forever()
