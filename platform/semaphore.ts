import '#server-only'

interface Semaphore {
  running: number
  readonly waiting: (() => void)[]
}

// One per process: each of Next's bundles contains this module, but a key counts for the whole process.
const shared = globalThis as { antamSemaphores?: Map<string, Semaphore> }
shared.antamSemaphores ??= new Map()
const semaphores = shared.antamSemaphores

/**
 * Runs `work` once fewer than `limit` works of its key run in this process, in order of arrival. Other processes count
 * separately.
 */
export async function withSemaphore<T>(
  key: string,
  {
    limit,
    patience,
  }: {
    readonly limit: number
    /** Milliseconds after which a work runs anyway; without it, it waits without limit. */
    readonly patience?: number
  },
  work: () => Promise<T>,
): Promise<T> {
  const mine = semaphores.get(key) ?? { running: 0, waiting: [] }
  semaphores.set(key, mine)
  if (mine.running < limit) mine.running++
  else await turn(mine, patience)
  try {
    return await work()
  } finally {
    const next = mine.waiting.shift()
    if (next) next()
    else mine.running--
    if (mine.running === 0) semaphores.delete(key)
  }
}

/** Waits until an ending work passes its place on, or takes an extra place after `patience` milliseconds. */
function turn(mine: Semaphore, patience: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer)
      resolve()
    }
    const goAhead = () => {
      mine.waiting.splice(mine.waiting.indexOf(go), 1)
      mine.running++
      resolve()
    }
    const timer = patience === undefined ? undefined : setTimeout(goAhead, patience)
    mine.waiting.push(go)
  })
}
