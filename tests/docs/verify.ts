/** Step `docs` of `npm run verify`: what the papers print is done as they print it, with the packed package. */
import { conclude, succeed } from "../../tools/verify/checks.ts";
import { createArtefact } from "../package/artefact.ts";
import { obtain } from "../../tools/verify/obtain.ts";
import { checkExamples } from "./examples.ts";
import { startInternet } from "./internet.ts";
import { checkNewcomer } from "./newcomer.ts";
import { startRegistry } from "./registry.ts";

const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "entra-docs-" }));
try {
  const { tarball } = await createArtefact(folder);
  const jose = await succeed([
    "npm",
    "pack",
    "./node_modules/jose",
    "--silent",
    "--pack-destination",
    folder,
  ]);
  const node24 = await obtain("node", "24.21.0");
  await using internet = await startInternet(folder);
  await using registry = await startRegistry([tarball, `${folder}/${jose.trim()}`], folder);
  await checkNewcomer(folder, internet, registry, node24);
  await checkExamples(tarball, folder, internet, node24);
} finally {
  Deno.removeSync(folder, { recursive: true });
}
conclude();
