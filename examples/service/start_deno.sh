#!/bin/sh
# Starts the service on Deno with the permissions that it needs in this pod, and no others.
set -eu

host() {
  without_scheme=${1#*://}
  echo "${without_scheme%%/*}"
}

hosts=$(host "$AZURE_AUTHORITY_HOST"),$(host "$KEY_VAULT_URL"),$(host "$STORAGE_URL")
exec deno run --no-prompt --cached-only \
  --allow-env=AZURE_CLIENT_ID,AZURE_TENANT_ID,AZURE_FEDERATED_TOKEN_FILE,AZURE_AUTHORITY_HOST,KEY_VAULT_URL,STORAGE_URL,PORT \
  --allow-read="$AZURE_FEDERATED_TOKEN_FILE" \
  --allow-net="0.0.0.0:${PORT:-8080},$hosts" \
  main.ts
