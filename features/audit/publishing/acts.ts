import '#server-only'
import type { Instant } from '#lib/time.ts'
import { bodyOf } from '#lib/transparency/cosignature.ts'
import { writeVerifier } from '#lib/transparency/note.ts'
import { sameHash } from '#lib/transparency/tree.ts'
import { env } from '#platform/env.ts'
import { log } from '#platform/log.ts'
import { logStore, type PublicStore } from '#platform/public-store.ts'
import { sha256 } from '#platform/signatures.ts'
import { clearTrouble, reportTrouble } from '#platform/troubles.ts'
import { findNewestHead, listStatedBreaks, readLogSigners } from '../sealing/data.ts'
import { askWitnesses } from '../witnesses/acts.ts'
import { findPublishable, listWitnesses, readQuorum } from '../witnesses/data.ts'
import { findHead, listHeadSizes, readTile } from './data.ts'
import {
  CHECKPOINT,
  CHECKPOINT_HEADERS,
  fullTiles,
  isWhole,
  partialTiles,
  readTilePath,
  TILE_HEADERS,
  type Tile,
  tilePath,
  WIDTH,
  writePolicy,
} from './rules.ts'

/** Milliseconds. An old log's remaining tiles wait for the next minute, so that sealing is not delayed. */
const LONGEST = 30_000

/**
 * Updates the log's public files to its newest head: tiles, the witnesses' signatures, and, with enough of them, the public
 * checkpoint. Each step may be repeated, and the process may stop between any two.
 */
export async function publishLog(now: Instant): Promise<void> {
  const head = await findNewestHead()
  if (!head) return
  const store = logStore()
  // First, because carriers wait for it and an old log's tiles take long.
  await keepPolicy(store, now)
  const shown = await readShown(store)
  const until = performance.now() + LONGEST
  const done = await writeTiles(store, await findBeginning(store, shown), head.size, until)
  if (!done) return log().info({ size: head.size }, 'the tiles of the audit log are still being written')
  await askWitnesses(head, now)
  const next = await findPublishable()
  if (next && next.note !== shown) await putText(store, CHECKPOINT, next.note)
}

/** Does the same as {@link publishLog}, and reports a failing store to health and operators. */
export async function publishOrReport(now: Instant): Promise<void> {
  try {
    await publishLog(now)
    await clearTrouble('audit-tiles')
  } catch (err) {
    await reportTrouble('audit-tiles', 'behind', {})
    log().error({ err }, 'the public files of the audit log were not written')
  }
}

const putText = (store: PublicStore, path: string, text: string): Promise<void> =>
  store.put(path, Buffer.from(text), CHECKPOINT_HEADERS)

const readShown = async (store: PublicStore): Promise<string | null> => {
  const bytes = await store.get(CHECKPOINT)
  return bytes && Buffer.from(bytes).toString()
}

/** Returns the lowest tile to write. Tiles before it exist and have not changed. */
async function findBeginning(store: PublicStore, shown: string | null): Promise<number> {
  const there = await countFullTiles(store)
  if (shown === null) return there
  const kept = await findHead(Number(shown.split('\n')[1]))
  if (kept && bodyOf(kept.note) === bodyOf(shown)) return there
  // The log was resumed after a break: the tiles of lost entries belong to another history.
  const from = (await listStatedBreaks()).at(-1)?.from.size ?? 0
  return Math.min(there, Math.floor(from / WIDTH))
}

/** Counts the full tiles of the lowest level by binary search: they have no gaps. */
async function countFullTiles(store: PublicStore): Promise<number> {
  const has = async (index: number) => (await store.get(tilePath({ level: 0, index, width: WIDTH }))) !== null
  let high = 1
  while (await has(high - 1)) high *= 2
  let low = Math.floor(high / 2)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (await has(middle - 1)) low = middle
    else high = middle
  }
  return low
}

/** Writes the tiles from lowest tile `from` up to `size` entries; returns false if the time was up before. */
async function writeTiles(store: PublicStore, from: number, size: number, until: number): Promise<boolean> {
  const full = Math.floor(size / WIDTH)
  for (let index = from; index < full; index++) {
    if (performance.now() > until) return false
    for (const tile of fullTiles(index)) await writeTile(store, tile)
    await dropPartials(store, index)
  }
  for (const tile of partialTiles(size)) await writeTile(store, tile)
  return true
}

async function writeTile(store: PublicStore, tile: Tile): Promise<void> {
  const bytes = await readTile(tile)
  if (!bytes) throw new Error(`the audit tree lacks what ${tilePath(tile)} is made of`)
  await store.put(tilePath(tile), bytes, TILE_HEADERS)
}

/** Removes partial tiles that are full now, as readers of the log expect (c2sp.org/tlog-tiles). */
async function dropPartials(store: PublicStore, index: number): Promise<void> {
  const sizes = await listHeadSizes(index * WIDTH, (index + 1) * WIDTH)
  for (const size of sizes) {
    const width = size % WIDTH
    for (const level of [0, 'entries'] as const) await store.remove(tilePath({ level, index, width }))
  }
  if ((index + 1) % WIDTH !== 0) return
  for (let level = 1, end = (index + 1) / WIDTH; ; level++, end /= WIDTH) {
    for (let width = 1; width < WIDTH; width++) await store.remove(tilePath({ level, index: end - 1, width }))
    if (end % WIDTH !== 0) return
  }
}

/** Compares every published tile with the database, and rewrites missing, cut or changed ones. Returns their paths. */
export async function mendTiles(): Promise<string[]> {
  const store = logStore()
  const head = await findNewestHead()
  const mended: string[] = []
  if (!head) return mended
  const mend = async (tile: Tile) => {
    const [wanted, there] = [await readTile(tile), await store.get(tilePath(tile))]
    if (!wanted || (there && sameHash(there, wanted))) return
    await store.put(tilePath(tile), wanted, TILE_HEADERS)
    mended.push(tilePath(tile))
  }
  for (let index = 0; index < Math.floor(head.size / WIDTH); index++)
    for (const tile of fullTiles(index)) await mend(tile)
  for (const tile of partialTiles(head.size)) await mend(tile)
  return mended
}

/**
 * Writes a year's policy of trusted logs and witnesses. If it changes during the year, each day's file stays beside it, so that
 * it is known who had to sign an earlier proof.
 */
async function keepPolicy(store: PublicStore, now: Instant): Promise<void> {
  const year = now.getUTCFullYear()
  const { PUBLIC_URL: url, WITNESSES_DEMO } = env()
  const logs = (await readLogSigners()).map((one) => writeVerifier(sha256, one))
  const text = writePolicy(year, logs, await listWitnesses(), {
    quorum: readQuorum(),
    url: url ? `${url.replace(/\/$/, '')}/log` : null,
    demo: WITNESSES_DEMO === 'on',
  })
  const path = `policy/${year}.txt`
  const there = await store.get(path)
  if (there && Buffer.from(there).toString() === text) return
  await putText(store, `policy/${now.toISOString().slice(0, 10)}.txt`, text)
  await putText(store, path, text)
}

/** Returns one of the log's files with its headers; null if it is missing or incomplete. */
export async function readLogFile(
  path: string,
): Promise<{ readonly bytes: Uint8Array; readonly headers: Readonly<Record<string, string>> } | null> {
  const tile = readTilePath(path)
  if (!tile && path !== CHECKPOINT && !/^policy\/\d{4}(?:-\d\d-\d\d)?\.txt$/.test(path)) return null
  const bytes = await logStore().get(path)
  if (!bytes || (tile && !isWhole(tile, bytes))) return null
  return { bytes, headers: tile ? TILE_HEADERS : CHECKPOINT_HEADERS }
}
