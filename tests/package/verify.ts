/** Step `package` of `npm run verify`: what people install, tried in the places where they use it. */
import { conclude } from "../../tools/verify/checks.ts";
import { createArtefact } from "./artefact.ts";
import { checkBundles } from "./bundles.ts";
import { checkContents } from "./contents.ts";
import { startEmulator } from "./emulator.ts";
import { checkPermissions } from "./permissions.ts";
import { checkRuntimes } from "./runtimes.ts";
import { checkSources } from "./sources.ts";
import { checkTypes } from "./types.ts";

const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "entra-" }));
try {
  const artefact = await createArtefact(folder);
  await checkContents(artefact);
  await checkTypes(artefact, folder);
  await checkSources();
  await using emulator = await startEmulator(artefact.consumer);
  await checkRuntimes(artefact, emulator);
  await checkPermissions(artefact, emulator);
  await checkBundles(artefact, emulator, folder);
} finally {
  Deno.removeSync(folder, { recursive: true });
}
conclude();
