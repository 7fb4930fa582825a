import assert from "node:assert/strict";
import { test } from "node:test";
import { FileReads } from "../../src/core/file_reads.ts";
import { ManualClock } from "../../src/testing/mod.ts";
import { Harness, rejection } from "../support/harness.ts";

const PATH = "/token";

/** Files whose reads end when the test decides. */
function setUp() {
  const harness = new Harness();
  const clock = new ManualClock();
  const started: { path: string; end: (content: string | Error) => void }[] = [];
  const runtime = {
    ...harness.runtime,
    readTextFile: (path: string) =>
      new Promise<string>((resolve, reject) =>
        started.push({
          path,
          end: (content) => content instanceof Error ? reject(content) : resolve(content),
        })
      ),
  };
  return { clock, started, files: new FileReads(runtime, clock, 100) };
}

test("a read joins the one that is running; the next one starts another", async () => {
  const { files, started } = setUp();
  const joined = [files.read(PATH), files.read(PATH)];
  assert.equal(started.length, 1);
  started[0]!.end("one");
  assert.deepEqual(await Promise.all(joined), ["one", "one"]);
  const later = files.read(PATH);
  started[1]!.end("two");
  assert.equal(await later, "two");
});

test("reads of two paths do not wait for each other", async () => {
  const { files, started } = setUp();
  const reads = [files.read("/a"), files.read("/b")];
  started[1]!.end("b");
  started[0]!.end("a");
  assert.deepEqual(await Promise.all(reads), ["a", "b"]);
});

test("a failure is shared as well, and the next read starts another", async () => {
  const { files, started } = setUp();
  const joined = [files.read(PATH), files.read(PATH)].map(rejection);
  started[0]!.end(new Error("EIO"));
  assert.deepEqual((await Promise.all(joined)).map(({ message }) => message), ["EIO", "EIO"]);
  const later = files.read(PATH);
  started[1]!.end("two");
  assert.equal(await later, "two");
});

for (const [outcome, end] of [["ends", "old"], ["fails", new Error("EIO")]] as const) {
  test(`reading again starts when the running read ${outcome}, once for all who wait for it`, async () => {
    const { files, started } = setUp();
    const first = files.read(PATH).catch(() => "failed");
    const again = [files.readAgain(PATH), files.readAgain(PATH)];
    assert.equal(started.length, 1);
    started[0]!.end(end);
    await first;
    const joined = files.read(PATH);
    assert.equal(started.length, 2);
    started[1]!.end("new");
    assert.deepEqual(await Promise.all([...again, joined]), ["new", "new", "new"]);
  });
}

test("reading again with nothing running starts at once", async () => {
  const { files, started } = setUp();
  const again = files.readAgain(PATH);
  started[0]!.end("new");
  assert.equal(await again, "new");
});

test("after a minute, a second read may start next to one that hangs, but no third", async () => {
  const { clock, files, started } = setUp();
  void files.read(PATH);
  await clock.advance(60_000);
  void files.read(PATH);
  assert.equal(started.length, 1);
  await clock.advance(1);
  const second = files.read(PATH);
  assert.equal(started.length, 2);
  await clock.advance(3_600_000);
  void files.read(PATH);
  assert.equal(started.length, 2);
  started[1]!.end("replaced");
  assert.equal(await second, "replaced");
  const third = files.read(PATH);
  started[2]!.end("again");
  assert.equal(await third, "again");
});

test("reading again does not wait for a read that hangs", async () => {
  const { clock, files, started } = setUp();
  void files.read(PATH);
  await clock.advance(60_001);
  const again = files.readAgain(PATH);
  started[1]!.end("new");
  assert.equal(await again, "new");
});

test("a change of the time of day neither hides a read that hangs nor makes one appear to hang", async () => {
  const { clock, files, started } = setUp();
  void files.read(PATH);
  clock.jump(3_600_000);
  void files.read(PATH);
  assert.equal(started.length, 1);
  clock.jump(-7_200_000);
  await clock.advance(60_001);
  const again = files.readAgain(PATH);
  assert.equal(started.length, 2);
  started[1]!.end("new");
  assert.equal(await again, "new");
});

test("a custom runtime that throws rejects", async () => {
  const harness = new Harness();
  const readTextFile = () => {
    throw new Error("no files here");
  };
  const files = new FileReads({ ...harness.runtime, readTextFile }, harness.clock, 100);
  assert.equal((await rejection(files.read(PATH))).message, "no files here");
});
