/** Runs the code of the documents with the packed package. */
import { after, before, describe } from "node:test";
import { obtain } from "../../tools/obtain.ts";
import { succeed } from "../../tools/run.ts";
import { createArtefact } from "../package/artefact.ts";
import { testExamples } from "./examples.ts";
import { type Internet, startInternet } from "./internet.ts";
import { testNewcomer } from "./newcomer.ts";
import { type Registry, startRegistry } from "./registry.ts";

/** The environment in which the documents are followed. */
export interface Setting {
  /** For files of the tests; removed after them. */
  readonly folder: string;
  readonly tarball: string;
  readonly internet: Internet;
  readonly registry: Registry;
  /** The Node that runs TypeScript. */
  readonly node24: string;
}

describe("the documents", () => {
  const resources = new AsyncDisposableStack();
  let setting: Setting;
  before(async () => {
    const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "entra-docs-" }));
    resources.defer(() => Deno.removeSync(folder, { recursive: true }));
    const { tarball } = await createArtefact(folder);
    const pack = ["npm", "pack", "./node_modules/jose", "--silent", "--pack-destination", folder];
    const jose = (await succeed(pack)).trim();
    setting = {
      folder,
      tarball,
      internet: resources.use(await startInternet(folder)),
      registry: resources.use(await startRegistry([tarball, `${folder}/${jose}`], folder)),
      node24: await obtain("node", "24.21.0"),
    };
  });
  after(() => resources.disposeAsync());

  testNewcomer(() => setting);
  testExamples(() => setting);
});
