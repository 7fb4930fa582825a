import assert from "node:assert/strict";
import { lstat, mkdtemp, readdir, readFile, readlink, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { after, test } from "node:test";
import { ClusterIssuer, ManualClock, ProjectedTokenVolume } from "../../src/testing/mod.ts";

const HOUR = 3_600_000;
const base = await mkdtemp(`${tmpdir()}/volume-test-`);
after(() => rm(base, { recursive: true }));

let count = 0;
async function mount(mint?: () => Promise<string>) {
  const folder = `${base}/${++count}/tokens`;
  const clock = new ManualClock();
  let tokens = 0;
  const volume = await ProjectedTokenVolume.create({
    folder,
    clock,
    mint: mint ?? (() => Promise.resolve(`token ${++tokens}`)),
  });
  return { folder, clock, volume, read: () => readFile(volume.tokenFilePath, "utf8") };
}

test("the folder is laid out as the kubelet does it", async () => {
  const { folder, volume, read } = await mount();
  assert.equal(volume.tokenFilePath, `${folder}/azure-identity-token`);
  const [stamped, ...rest] = (await readdir(folder)).sort();
  assert.match(stamped!, /^\.\.2030_01_01_00_00_00\.\d{1,10}$/);
  assert.deepEqual(rest, ["..data", "azure-identity-token"]);
  assert.equal(await readlink(`${folder}/..data`), stamped);
  assert.equal(await readlink(volume.tokenFilePath), "..data/azure-identity-token");
  assert.ok((await lstat(`${folder}/${stamped}/azure-identity-token`)).isFile());
  assert.equal((await stat(volume.tokenFilePath)).mode & 0o777, 0o644);
  assert.equal(await read(), "token 1");
});

test("the token file has the configured mode, whatever the umask", async () => {
  const folder = `${base}/${++count}`;
  const volume = await ProjectedTokenVolume.create({
    folder,
    mint: () => Promise.resolve("t"),
    fileMode: 0o600,
  });
  assert.equal((await stat(volume.tokenFilePath)).mode & 0o777, 0o600);
});

test("a rotation swaps ..data, leaves the file's link, and removes the old folder", async () => {
  const { folder, clock, volume, read } = await mount();
  const old = await readlink(`${folder}/..data`);
  const link = await lstat(volume.tokenFilePath);
  await clock.advance(61_000);
  await volume.rotate();
  assert.equal(await read(), "token 2");
  const names = await readdir(folder);
  assert.equal(names.length, 3);
  assert.ok(!names.includes(old) && !names.includes("..data_tmp"));
  assert.match(await readlink(`${folder}/..data`), /^\.\.2030_01_01_00_01_01\.\d+$/);
  assert.equal((await lstat(volume.tokenFilePath)).ino, link.ino);
});

test("any text can replace the token", async () => {
  const { volume, read } = await mount();
  await volume.rotate("");
  assert.equal(await read(), "");
});

test("concurrent rotations run one after the other", async () => {
  const { folder, volume, read } = await mount();
  await Promise.all(Array.from({ length: 20 }, () => volume.rotate()));
  assert.equal(await read(), "token 21");
  assert.equal((await readdir(folder)).length, 3);
});

test("a reader always sees a whole token", async () => {
  const { volume, read } = await mount();
  let isDone = false;
  const seen = new Set<string>();
  const reader = (async () => {
    while (!isDone) {
      try {
        seen.add(await read());
      } catch (error) {
        // The kubelet has this gap too: the link was followed, and the folder behind it removed, before the open.
        assert.equal((error as { code: string }).code, "ENOENT");
      }
    }
  })();
  const tokens = ["a", "b"].map((letter) => letter.repeat(100_000));
  for (let turn = 0; turn < 50; turn++) await volume.rotate(tokens[turn % 2]);
  isDone = true;
  await reader;
  seen.delete("token 1");
  assert.ok([...seen].every((text) => tokens.includes(text)));
});

test("a failed rotation is reported, and the next one works", async () => {
  let fails = false;
  const { volume, read } = await mount(() =>
    fails ? Promise.reject(new Error("no API server")) : Promise.resolve("good")
  );
  fails = true;
  await assert.rejects(volume.rotate(), { message: "no API server" });
  fails = false;
  await volume.rotate();
  assert.equal(await read(), "good");
});

test("it rotates by the clock at 80 % of the lifetime, or after a day", async () => {
  const clock = new ManualClock();
  const issuer = await ClusterIssuer.create({ clock });
  for (const [lifetimeInMs, rotatedAfterInMs] of [[HOUR, 0.8 * HOUR], [48 * HOUR, 24 * HOUR]] as const) {
    let minted = 0;
    const volume = await ProjectedTokenVolume.create({
      folder: `${base}/${++count}`,
      clock,
      mint: () => {
        minted++;
        return issuer.mint({ lifetimeInMs });
      },
    });
    await clock.advance(HOUR);
    assert.equal(minted, 1);
    await volume.startRotating();
    assert.equal(minted, 2);
    await clock.advance(rotatedAfterInMs - 1);
    assert.equal(minted, 2);
    await clock.advance(1);
    assert.equal(minted, 3);
    await volume.stopRotating();
    assert.equal(clock.pendingTimers, 0);
  }
});
