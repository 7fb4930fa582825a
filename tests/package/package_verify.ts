/** Tests the packed package where people install it. */
import { after, before, describe } from "node:test";
import { type Artefact, createArtefact } from "./artefact.ts";
import { testBundles } from "./bundles.ts";
import { testColdKeys } from "./cold_keys.ts";
import { testContents } from "./contents.ts";
import { type Emulator, startEmulator } from "./emulator.ts";
import { testLateLoading } from "./late_loading.ts";
import { testPermissions } from "./permissions.ts";
import { testRuntimes } from "./runtimes.ts";
import { testSingleBinary } from "./single_binary.ts";
import { testSources } from "./sources.ts";
import { testTypes } from "./types.ts";

/** The packed package, and the folders that it is tested in. */
export interface Setting {
  readonly artefact: Artefact;
  readonly emulator: Emulator;
  /** For files of the tests; removed after them. */
  readonly folder: string;
}

describe("the packed package", () => {
  const resources = new AsyncDisposableStack();
  let setting: Setting;
  before(async () => {
    const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "entra-" }));
    resources.defer(() => Deno.removeSync(folder, { recursive: true }));
    const artefact = await createArtefact(folder);
    setting = { folder, artefact, emulator: resources.use(await startEmulator(artefact.consumer)) };
  });
  after(() => resources.disposeAsync());

  const get = () => setting;
  testContents(get);
  testTypes(get);
  testSources();
  testRuntimes(get);
  testLateLoading(get);
  testColdKeys(get);
  testSingleBinary(get);
  testPermissions(get);
  testBundles(get);
});
