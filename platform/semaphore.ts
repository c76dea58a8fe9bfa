import '#server-only'

interface Semaphore {
  running: number
  readonly waiting: (() => void)[]
}

// Next has this module once in each of its bundles; a key is one for the whole process.
const shared = globalThis as { antamSemaphores?: Map<string, Semaphore> }
shared.antamSemaphores ??= new Map()
const semaphores = shared.antamSemaphores

/**
 * Runs `work` once fewer than `limit` works of its key run in this process; those that wait go in the order in which they
 * came. Other processes count for themselves.
 */
export async function withSemaphore<T>(
  key: string,
  {
    limit,
    patience,
  }: {
    /** The most works of the key that run at once. */
    readonly limit: number
    /** The longest wait in milliseconds, after which a work runs all the same; left out: however long it takes. */
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

/** Waits until a work that ends hands its place on, or takes one more place after `patience` milliseconds. */
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
