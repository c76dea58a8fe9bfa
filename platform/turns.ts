import '#server-only'

interface Turns {
  running: number
  readonly waiting: (() => void)[]
}

// Next has this module once in each of its bundles; the turns are those of the whole process.
const shared = globalThis as { antamTurns?: Map<string, Turns> }
shared.antamTurns ??= new Map()
const turns = shared.antamTurns

/**
 * Runs at most `width` works of one key at a time within this process, in the order in which they come. It spares them each
 * other and nothing may depend on it: other processes have turns of their own, and a work waits no longer than `patience`.
 *
 * @param patience in milliseconds
 */
export async function inTurn<T>(
  key: string,
  { width, patience }: { readonly width: number; readonly patience: number },
  work: () => Promise<T>,
): Promise<T> {
  const mine = turns.get(key) ?? { running: 0, waiting: [] }
  turns.set(key, mine)
  if (mine.running < width) mine.running++
  else await turn(mine, patience)
  try {
    return await work()
  } finally {
    const next = mine.waiting.shift()
    if (next) next()
    else mine.running--
    if (mine.running === 0) turns.delete(key)
  }
}

/** Waits until a work that ends hands its turn on, or takes one turn more after `patience` milliseconds. */
function turn(turns: Turns, patience: number): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(() => {
      turns.waiting.splice(turns.waiting.indexOf(go), 1)
      turns.running++
      resolve()
    }, patience)
    turns.waiting.push(go)
  })
}
