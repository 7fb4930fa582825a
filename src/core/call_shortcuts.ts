/** The parts of a call's key, as its caller wrote them. */
export interface Spelling {
  /** The scopes, joined by a space. */
  readonly scopes: string;
  readonly tenantId: string | undefined;
  readonly fmiPath: string | undefined;
  readonly cae: boolean;
}

/** Entries, or maps of entries, by one part of a spelling. */
type Level<Entry> = Map<string | undefined, Level<Entry> | Entry>;

/**
 * Cache entries by the spelling of a call, so that a repeated call is neither parsed nor checked. Calls with and
 * without CAE have separate shortcuts.
 */
export class CallShortcuts<Entry extends object> {
  /** By scopes. */
  readonly plain: Map<string, Entry> = new Map();
  /** By scopes, then by tenant. Created with the first entry, like `fmiPaths`. */
  tenants: Map<string, Map<string, Entry>> | undefined;
  /** By scopes, then by tenant, then by path. */
  fmiPaths: Map<string, Map<string | undefined, Map<string, Entry>>> | undefined;

  add(spelling: Spelling, entry: Entry): void {
    const [root, ...keys] = this.#path(spelling);
    const last = keys.pop();
    let level = root;
    for (const key of keys) {
      let next = level.get(key) as Level<Entry> | undefined;
      if (next === undefined) level.set(key, next = new Map());
      level = next;
    }
    level.set(last, entry);
  }

  remove(spelling: Spelling): void {
    const [root, ...keys] = this.#path(spelling);
    removeFrom(root, keys);
  }

  #path({ scopes, tenantId, fmiPath }: Spelling): [Level<Entry>, ...(string | undefined)[]] {
    if (fmiPath !== undefined) {
      return [(this.fmiPaths ??= new Map()) as Level<Entry>, scopes, tenantId, fmiPath];
    }
    if (tenantId !== undefined) return [(this.tenants ??= new Map()) as Level<Entry>, scopes, tenantId];
    return [this.plain as Level<Entry>, scopes];
  }
}

/** Removes an entry, and the maps that become empty. */
function removeFrom<Entry>(level: Level<Entry>, [key, ...others]: readonly (string | undefined)[]): void {
  const next = level.get(key);
  if (next instanceof Map) {
    removeFrom(next, others);
    if (next.size > 0) return;
  }
  level.delete(key);
}
