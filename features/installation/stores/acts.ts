import '#server-only'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { log } from '#platform/log.ts'
import { type Storage, stores } from '#platform/storage.ts'
import { noteStoreSeen } from '#platform/unseen-stores.ts'
import { readLease, releaseLeases, renewLease, takeStoreLease } from './data.ts'
import { TOKENS_KEPT } from './rules.ts'

/** Milliseconds between two checks, and until the next one after a missing token. */
const TIMES = { every: 15_000, again: 3_000 }
/** Milliseconds after which the holder writes the next token. A copy of the disk has only older ones. */
const NEXT_TOKEN_AFTER_MS = 60_000
/** A single miss does not count: it may be a file that is being written, or the cache of a network disk. */
const MISSES_IN_A_ROW = 2

interface Memory {
  misses: number
  /** When this process last wrote a token, by its own clock; null while it holds no lease. */
  wroteAt: number | null
}

export const makeMemory = (): Memory => ({ misses: 0, wroteAt: null })

/** Checks once that a process sees the store of the others; null while unknown, false after two misses in a row. */
export async function proveStore(storage: Storage, process: string, memory: Memory, now = performance.now()) {
  const [lease, tokens] = [await readLease(storage.name, process), await storage.liveTokens()]
  const { step, sees } = judgeLook(lease, tokens)
  memory.misses = sees === false ? memory.misses + 1 : 0
  const missed = memory.misses >= MISSES_IN_A_ROW
  if (step === 'release' && missed) await releaseLeases(process, storage.name)
  if (step === 'renew' || (step === 'take' && (await takeStoreLease(storage.name, process)))) {
    const due = step === 'take' || memory.wroteAt === null || now - memory.wroteAt >= NEXT_TOKEN_AFTER_MS
    const next = due ? randomUUID() : null
    // The token goes to the store first: a process that reads it from the database can then find it.
    if (next !== null) await storage.setLiveTokens([next, ...tokens].slice(0, TOKENS_KEPT))
    if (await renewLease(storage.name, process, next)) memory.wroteAt = next === null ? memory.wroteAt : now
    return true
  }
  memory.wroteAt = null
  return sees === false && !missed ? null : sees
}

/** Seconds after which another process may take the lease without the token: after a restore none finds it. */
const TAKEOVER_SECONDS = 60

/**
 * Decides the next step, and whether this process sees the same store as the others: null if that is unknown, as while no
 * process holds the lease.
 *
 * @param tokens the last tokens in the store that this process sees, newest first
 * @returns `take`: no process holds the lease, and this one may. `renew`: this one holds it. `release`: this one holds it but
 * does not find the token.
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

/** Checks the stores of this process repeatedly, for readiness. A store that does not answer changes nothing. */
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
    // A store that does not answer must not stop the process from ending.
    await Promise.race([looking, sleep(1_000, undefined, { ref: false })])
    await releaseLeases(process).catch(() => {})
  }
}
