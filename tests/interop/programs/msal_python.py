"""The confidential client of MSAL for Python. Its tokens are verified by PyJWT."""
import json
import os
from urllib.request import urlopen

import jwt
import msal

AUTHORITY = os.environ["AZURE_AUTHORITY_HOST"] + os.environ["AZURE_TENANT_ID"]
SCOPES = ["https://vault.azure.net/.default"]


def acquire(attempt):
    if attempt["kind"] == "secret":
        credential = attempt["secret"]
    else:
        with open(attempt["tokenFilePath"], encoding="utf-8") as file:
            credential = {"client_assertion": file.read()}
    client = msal.ConfidentialClientApplication(
        attempt["clientId"], authority=AUTHORITY, client_credential=credential, instance_discovery=False)
    result = client.acquire_token_for_client(SCOPES)
    if "access_token" not in result:
        return {"error": result["error_description"]}
    return {"token": result["access_token"], "claims": verify(result["access_token"])}


def verify(token):
    with urlopen(AUTHORITY + "/discovery/v2.0/keys") as response:
        keys = {key["kid"]: key for key in json.load(response)["keys"]}
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, jwt.algorithms.RSAAlgorithm.from_jwk(json.dumps(key)), algorithms=["RS256"],
                      audience="https://vault.azure.net")


print(json.dumps({attempt["name"]: acquire(attempt) for attempt in json.loads(os.environ["ATTEMPTS"])}))
