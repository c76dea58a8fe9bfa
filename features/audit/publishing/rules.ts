// The log's files as in c2sp.org/tlog-tiles: tiles of 256 hashes, and the entries of the lowest ones.

export const WIDTH = 256
const HASH = 32

export interface Tile {
  /** `entries`: the entries themselves; a number: how often 256 hashes were combined into one. */
  readonly level: number | 'entries'
  readonly index: number
  /** From 1 to 256 hashes or entries; below 256 the tile is partial. */
  readonly width: number
}

export function tilePath({ level, index, width }: Tile): string {
  const groups = [String(index % 1000).padStart(3, '0')]
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`)
  return `tile/${level}/${groups.join('/')}${width === WIDTH ? '' : `.p/${width}`}`
}

const PATH = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/

export function readTilePath(path: string): Tile | null {
  const [, named = '', groups = '', partial] = PATH.exec(path) ?? []
  const index = Number(groups.replaceAll(/[x/]/g, ''))
  const tile: Tile = {
    level: named === 'entries' ? named : Number(named),
    index,
    width: partial === undefined ? WIDTH : Number(partial),
  }
  return named !== '' && tile.width <= WIDTH && tilePath(tile) === path ? tile : null
}

export function partialTiles(size: number): Tile[] {
  const tiles: Tile[] = []
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / WIDTH)) {
    const tile = { index: Math.floor(count / WIDTH), width: count % WIDTH }
    if (tile.width === 0) continue
    tiles.push({ level, ...tile })
    if (level === 0) tiles.push({ level: 'entries', ...tile })
  }
  return tiles
}

/**
 * Returns the tiles that become full with the lowest tile `index`: its entries, higher tiles that end with it, and, last,
 * itself: if it exists, all the others do.
 */
export function fullTiles(index: number): Tile[] {
  const tiles: Tile[] = [{ level: 'entries', index, width: WIDTH }]
  for (let level = 1, end = index + 1; end % WIDTH === 0; level++) {
    end /= WIDTH
    tiles.push({ level, index: end - 1, width: WIDTH })
  }
  return [...tiles, { level: 0, index, width: WIDTH }]
}

export function isWhole({ level, width }: Tile, bytes: Uint8Array): boolean {
  return level === 'entries' ? readBundle(bytes)?.length === width : bytes.length === width * HASH
}

/** Concatenates entries, each after its length in two bytes. */
export function writeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bundle = new Uint8Array(entries.reduce((sum, { length }) => sum + 2 + length, 0))
  let at = 0
  for (const entry of entries) {
    if (entry.length > 0xffff) throw new RangeError('an entry is too long for a bundle')
    bundle.set([entry.length >> 8, entry.length & 0xff], at)
    bundle.set(entry, at + 2)
    at += 2 + entry.length
  }
  return bundle
}

/** Returns the entries of a bundle; null if it was cut. */
export function readBundle(bytes: Uint8Array): Uint8Array[] | null {
  const entries: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const [high, low] = bytes.subarray(at, at + 2)
    const end = at + 2 + (high ?? 0) * 256 + (low ?? 0)
    if (low === undefined || end > bytes.length) return null
    entries.push(bytes.subarray(at + 2, end))
    at = end
  }
  return entries
}

/** A tile never changes. */
export const TILE_HEADERS = {
  'content-type': 'application/octet-stream',
  'cache-control': 'public, max-age=31536000, immutable',
} as const
export const CHECKPOINT = 'checkpoint'
export const CHECKPOINT_HEADERS = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'public, max-age=5',
} as const

/**
 * Writes a year's trusted logs, witnesses and quorum, as in c2sp.org/tlog-policy. Kept beside a proof, it permanently shows who
 * had to sign it.
 */
export function writePolicy(
  year: number,
  logs: readonly string[],
  witnesses: readonly { readonly name: string; readonly line: string }[],
  {
    quorum,
    url,
    demo = false,
  }: { readonly quorum: number; readonly url: string | null; readonly demo?: boolean },
): string {
  const names = witnesses.map(({ name }) => name)
  return [
    `# The audit log of An Tam, as it is trusted in ${year}.`,
    ...(demo ? ['# demo: who runs the log runs its witnesses too. They prove nothing.'] : []),
    ...logs.map((line, at) => `log ${line}${at === 0 && url ? ` ${url}` : ''}`),
    ...witnesses.map(({ name, line }) => `witness ${name} ${line}`),
    ...(quorum === 0
      ? ['quorum none']
      : [`group witnesses ${quorum} ${names.join(' ')}`, 'quorum witnesses']),
    '',
  ].join('\n')
}
