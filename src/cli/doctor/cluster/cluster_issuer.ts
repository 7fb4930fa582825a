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
  return failed(`tokens are issued by ${issuer}, the API server names ${discovered}`, {
    name: "issuer_differs",
    cause: "The API server's discovery document names another issuer than its tokens do.",
    fix: "Let the first --service-account-issuer be the one that is published, and federate that one.",
    commands: [
      `${kubectl.printed} get --raw /.well-known/openid-configuration`,
      "az aks show --name CLUSTER --resource-group RESOURCE_GROUP --query oidcIssuerProfile.issuerUrl --output tsv",
    ],
    source: PAGES.aks,
  });
}
