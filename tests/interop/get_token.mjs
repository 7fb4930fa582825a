/** A workload on @azure/identity alone. Prints what its token says, or its error. */
import { WorkloadIdentityCredential } from "@azure/identity";

const credential = new WorkloadIdentityCredential({ disableInstanceDiscovery: true });
try {
  const { token } = await credential.getToken("https://vault.azure.net/.default");
  const { aud, appid, tid } = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  const isOwn = appid === process.env.AZURE_CLIENT_ID && tid === process.env.AZURE_TENANT_ID;
  console.log(JSON.stringify({ audience: aud, isOwn }));
} catch (error) {
  console.log(JSON.stringify({ name: error.name, message: error.message }));
}
