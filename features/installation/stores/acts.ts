import '#server-only'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { log } from '#platform/log.ts'
import { type Storage, stores } from '#platform/storage.ts'
import { noteStoreSeen } from '#platform/unseen-stores.ts'
import { readLease, releaseLeases, renewLease, takeStoreLease } from './data.ts'
import { TOKENS_KEPT } from './rules.ts'

/** Says how often a process looks, and how soon again where it did not find its token, in milliseconds. */
const TIMES = { every: 15_000, again: 3_000 }
/**
 * The age of a token, in milliseconds, at which its holder writes the next one. A copy of the disk has only older
 * tokens.
 */
const NEXT_TOKEN_AFTER_MS = 60_000
/**
 * The number of misses in a row that count. One alone may be a file that is being written, or the cache of a network
 * disk.
 */
const MISSES_IN_A_ROW = 2

interface Memory {
  misses: number
  /** When it last wrote a token, by its own clock; null while it holds nothing. */
  wroteAt: number | null
}

export const makeMemory = (): Memory => ({ misses: 0, wroteAt: null })

/**
 * Looks once in a store for the token that its holder wrote, or writes it as the holder. Returns whether this process
 * sees the same store as the others; null where that cannot be told yet. False takes two misses in a row.
 *
 * @param process the id of this process, which is the holder's name
 */
export async function proveStore(storage: Storage, process: string, memory: Memory, now = performance.now()) {
  const [lease, tokens] = [await readLease(storage.name, process), await storage.liveTokens()]
  const { step, sees } = judgeLook(lease, tokens)
  memory.misses = sees === false ? memory.misses + 1 : 0
  const missed = memory.misses >= MISSES_IN_A_ROW
  if (step === 'release' && missed) await releaseLeases(process, storage.name)
  if (step === 'renew' || (step === 'take' && (await takeStoreLease(storage.name, process)))) {
    const due = step === 'take' || memory.wroteAt === null || now - memory.wroteAt >= NEXT_TOKEN_AFTER_MS
    const next = due ? randomUUID() : null
    // The token is written to the store first: a process that reads it from the database then finds it in the store.
    if (next !== null) await storage.setLiveTokens([next, ...tokens].slice(0, TOKENS_KEPT))
    if (await renewLease(storage.name, process, next)) memory.wroteAt = next === null ? memory.wroteAt : now
    return true
  }
  memory.wroteAt = null
  return sees === false && !missed ? null : sees
}

/**
 * Seconds since a holder last renewed its lease. From then on a process takes the store although it does not find the
 * token, because after a restore no process finds it.
 */
const TAKEOVER_SECONDS = 60

/**
 * Decides the next step, and tells whether this process sees the same store as the others: null where that cannot be
 * told, as while no process holds the store.
 *
 * @param tokens the last tokens that lie in the store which this process sees, the newest first
 * @returns `take`: no process holds the store, and this one may. `renew`: this one holds it and says so again. `release`:
 * this one holds it but does not find the token.
 */
function judgeLook(
  { token, held, mine, idleSeconds }: Awaited<ReturnType<typeof readLease>>,
  tokens: readonly string[],
): { readonly step: 'take' | 'renew' | 'release' | 'wait'; readonly sees: boolean | null } {
  const there = token !== null && tokens.includes(token)
  if (held && mine)
    return there || token === null ? { step: 'renew', sees: true } : { step: 'release', sees: false }
  if (held) return { step: 'wait', sees: token === null ? null : there }
  // Processes that find the token come first: they see the store that was used before.
  const may = there || token === null || (idleSeconds ?? TAKEOVER_SECONDS) >= TAKEOVER_SECONDS
  return { step: may ? 'take' : 'wait', sees: null }
}

/**
 * Looks in the stores of this process again and again, for readiness to report, until the returned function is called.
 * A database or store that does not answer changes nothing here: readiness reports it in other words.
 */
export function watchStores(process: string, { every, again } = TIMES): () => Promise<void> {
  const { main, also } = stores('evidence')
  const watched = [main, ...(also ? [also] : [])].map((storage) => ({ storage, memory: makeMemory() }))
  let timer: NodeJS.Timeout | undefined
  let ended = false
  const look = async () => {
    for (const { storage, memory } of watched) {
      const before = memory.misses >= MISSES_IN_A_ROW
      const sees = await proveStore(storage, process, memory).catch((err: unknown) => {
        log().debug({ err }, 'could not look through the store')
        return undefined
      })
      if (sees === undefined) continue
      noteStoreSeen(storage.name, storage.place, sees !== false)
      if (sees === false && !before)
        log().error({ place: storage.place }, 'this process does not see the files that the others see')
    }
    const missed = watched.some(({ memory }) => memory.misses > 0 && memory.misses < MISSES_IN_A_ROW)
    if (ended) return
    timer = setTimeout(lookAgain, missed ? again : every).unref()
  }
  let looking = look()
  const lookAgain = () => {
    looking = look()
  }
  return async () => {
    ended = true
    clearTimeout(timer)
    // A store that does not answer keeps no process from ending.
    await Promise.race([looking, sleep(1_000, undefined, { ref: false })])
    await releaseLeases(process).catch(() => {})
  }
}
