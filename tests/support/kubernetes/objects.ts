/** Objects of a cluster in the forms that `kubectl ... -o json` prints. */
import type {
  Container,
  Pod,
  ServiceAccount,
  Volume,
  WebhookConfiguration,
} from "../../../src/cli/kubernetes/objects.ts";

export const CLIENT_ID = "11111111-2222-3333-4444-555555555555";
export const TENANT_ID = "72f988bf-0000-0000-0000-2d7cd011db47";
export const MOUNT_PATH = "/var/run/secrets/azure/wi";
export const TOKEN_FILE = "/var/run/secrets/azure/wi/token/azure-identity-token";
const VOLUME = "azure-workload-identity-reserved-0a1b2c3d";
const ANNOTATIONS = {
  "azure.workload.identity/client-id": CLIENT_ID,
  "azure.workload.identity/tenant-id": TENANT_ID,
};

export function serviceAccount(
  annotations: Record<string, string> = ANNOTATIONS,
  metadata: Partial<ServiceAccount["metadata"]> = {},
): ServiceAccount {
  return {
    metadata: {
      name: "checkout",
      namespace: "shop",
      creationTimestamp: "2030-01-01T00:00:00Z",
      annotations,
      ...metadata,
    },
  };
}

/** A container as the webhook leaves it. */
export function container(
  env: Record<string, string | undefined> = {},
  changes: Partial<Container> = {},
): Container {
  const variables = {
    AZURE_CLIENT_ID: CLIENT_ID,
    AZURE_TENANT_ID: TENANT_ID,
    AZURE_FEDERATED_TOKEN_FILE: TOKEN_FILE,
    AZURE_AUTHORITY_HOST: "https://login.microsoftonline.com/",
    ...env,
  };
  return {
    name: "app",
    env: Object.entries(variables).flatMap(([name, value]) => value === undefined ? [] : [{ name, value }]),
    volumeMounts: [{ name: VOLUME, mountPath: MOUNT_PATH }],
    ...changes,
  };
}

/** A pod as the webhook leaves it. */
export function pod(
  spec: Partial<NonNullable<Pod["spec"]>> = {},
  metadata: Partial<NonNullable<Pod["metadata"]>> = {},
): Pod {
  return {
    metadata: {
      name: "checkout-6d4b75cb6d-x2x7k",
      namespace: "shop",
      creationTimestamp: "2030-01-02T00:00:00Z",
      labels: { "azure.workload.identity/use": "true" },
      annotations: {},
      ...metadata,
    },
    spec: {
      serviceAccountName: "checkout",
      containers: [container()],
      volumes: [tokenVolume()],
      ...spec,
    },
    status: { phase: "Running" },
  };
}

export function tokenVolume(
  changes: { audience?: string; expirationSeconds?: number; path?: string } = {},
): Volume {
  return {
    name: VOLUME,
    projected: {
      sources: [{
        serviceAccountToken: {
          audience: "api://AzureADTokenExchange",
          expirationSeconds: 3600,
          path: "token/azure-identity-token",
          ...changes,
        },
      }],
    },
  };
}

export function webhook(
  changes: NonNullable<WebhookConfiguration["webhooks"]>[number] = {},
): WebhookConfiguration {
  return {
    metadata: { name: "azure-wi-webhook-mutating-webhook-configuration" },
    webhooks: [{
      failurePolicy: "Fail",
      objectSelector: { matchLabels: { "azure.workload.identity/use": "true" } },
      namespaceSelector: {},
      ...changes,
    }],
  };
}
