import { PAGES } from "../../kubernetes/finding.ts";
import type { Check } from "../examination.ts";
import { type ClusterExamination, failed, passed } from "./examination.ts";

/** Checks that the cluster's issuer is public, and that its discovery document agrees with its tokens. */
export async function checkClusterIssuer(
  { kubectl, assertion, discovery }: ClusterExamination,
): Promise<Check> {
  const issuer = assertion?.iss ?? "";
  const { hostname } = URL.canParse(issuer) ? new URL(issuer) : { hostname: "" };
  if (!hostname || /^kubernetes(\.|$)|\.local$|\.internal$/.test(hostname)) {
    return failed(`tokens are issued by ${issuer || "an unnamed issuer"}`, {
      name: "issuer_not_public",
      cause: `The cluster's issuer is ${issuer || "not named"}, which Entra cannot reach.`,
      fix:
        "On AKS, enable the OIDC issuer. On another cluster, set --service-account-issuer to a public https URL.",
      commands: ["az aks update --name CLUSTER --resource-group RESOURCE_GROUP --enable-oidc-issuer"],
      source: PAGES.aks,
    });
  }
  const discovered = await discovery!;
  if (discovered === issuer) return passed(issuer);
  return failed(`tokens are issued by ${issuer}, but the API server publishes ${discovered}`, {
    name: "issuer_differs",
    cause: "The issuer in the API server's discovery document differs from the issuer in its tokens.",
    fix:
      "Make the published issuer the first --service-account-issuer, and use it in the federated credential.",
    commands: [
      `${kubectl.printed} get --raw /.well-known/openid-configuration`,
      "az aks show --name CLUSTER --resource-group RESOURCE_GROUP --query oidcIssuerProfile.issuerUrl --output tsv",
    ],
    source: PAGES.aks,
  });
}
