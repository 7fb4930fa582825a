#!/usr/bin/env bash
# Creates what the workload needs: a managed identity, the federated credential that trusts its service account, its
# roles, and the workload itself. May be run again.
set -euo pipefail
cd "$(dirname "$0")"

: "${RESOURCE_GROUP:?the resource group of the cluster}"
: "${CLUSTER:?the name of the AKS cluster, with --enable-oidc-issuer and --enable-workload-identity}"
: "${KEY_VAULT:?the name of a key vault with role-based access control, and a secret signing-key}"
: "${STORAGE_ACCOUNT:?the name of a storage account, with a blob hello.txt in the container messages}"
: "${IMAGE:?the image of the service}"
IDENTITY=${IDENTITY:-message-service}
NAMESPACE=messages
SERVICE_ACCOUNT=message-service

issuer=$(az aks show --resource-group "$RESOURCE_GROUP" --name "$CLUSTER" \
  --query oidcIssuerProfile.issuerUrl --output tsv)
az identity create --resource-group "$RESOURCE_GROUP" --name "$IDENTITY" --output none
CLIENT_ID=$(az identity show --resource-group "$RESOURCE_GROUP" --name "$IDENTITY" --query clientId --output tsv)
principal=$(az identity show --resource-group "$RESOURCE_GROUP" --name "$IDENTITY" \
  --query principalId --output tsv)

# Entra compares issuer and subject exactly.
az identity federated-credential create --resource-group "$RESOURCE_GROUP" --identity-name "$IDENTITY" \
  --name "$CLUSTER" --issuer "$issuer" --subject "system:serviceaccount:$NAMESPACE:$SERVICE_ACCOUNT" \
  --audiences api://AzureADTokenExchange --output none

assign() {
  az role assignment create --assignee-object-id "$principal" --assignee-principal-type ServicePrincipal \
    --role "$1" --scope "$2" --output none
}
assign "Key Vault Secrets User" "$(az keyvault show --name "$KEY_VAULT" --query id --output tsv)"
assign "Storage Blob Data Reader" "$(az storage account show --name "$STORAGE_ACCOUNT" --query id --output tsv)"

KEY_VAULT_URL=$(az keyvault show --name "$KEY_VAULT" --query properties.vaultUri --output tsv)
STORAGE_URL=$(az storage account show --name "$STORAGE_ACCOUNT" --query primaryEndpoints.blob --output tsv)
for name in CLIENT_ID IMAGE KEY_VAULT_URL STORAGE_URL; do
  substitutions+=(-e "s|\${$name}|${!name}|g")
done
for manifest in namespace service_account deployment service; do
  sed "${substitutions[@]}" "manifests/$manifest.yaml" | kubectl apply -f -
done
kubectl --namespace "$NAMESPACE" rollout status deployment/message-service
