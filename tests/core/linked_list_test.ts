import assert from "node:assert/strict";
import { test } from "node:test";
import { LinkedList, ListElement } from "../../src/core/linked_list.ts";

class Item extends ListElement {
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }
}

function listOf(...names: string[]): { list: LinkedList<Item>; items: Item[] } {
  const list = new LinkedList<Item>();
  const items = names.map((name) => new Item(name));
  for (const item of items) list.append(item);
  return { list, items };
}

/** Empties a list from its first element on. */
function drain(list: LinkedList<Item>): string {
  let names = "";
  for (let first = list.first; first; first = list.first) {
    names += first.name;
    list.remove(first);
  }
  return names;
}

test("elements come out in the order in which they were appended", () => {
  const { list } = listOf("a", "b", "c");
  assert.equal(list.size, 3);
  assert.equal(drain(list), "abc");
  assert.equal(list.size, 0);
  assert.equal(list.first, undefined);
});

for (const [index, rest] of ["bc", "ac", "ab"].entries()) {
  test(`element ${index} of three can be removed and appended again`, () => {
    const { list, items } = listOf("a", "b", "c");
    list.remove(items[index]!);
    assert.equal(list.size, 2);
    list.append(items[index]!);
    assert.equal(list.size, 3);
    assert.equal(drain(list), rest + items[index]!.name);
  });

  test(`element ${index} of three can be moved to the end`, () => {
    const { list, items } = listOf("a", "b", "c");
    list.moveToEnd(items[index]!);
    assert.equal(list.size, 3);
    assert.equal(drain(list), rest + items[index]!.name);
  });
}
