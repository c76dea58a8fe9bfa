import type { PhotoAnswer, PhotoFault, PhotoRequest } from './device-messages.ts'

/** Time limits in ms. They are longer than the slowest phone that we tried takes. */
const BARCODES_MS = 40_000
const TEXT_MS = 180_000

interface ReadingEvents {
  readonly shown: (copy: Blob) => void
  readonly reduced: (copy: Blob) => void
  readonly progress: (percent: number) => void
  readonly found: (imeis: readonly string[]) => void
  readonly failed: (why: PhotoFault | 'unavailable' | 'slow') => void
}

export interface Reading {
  readonly readText: () => void
  readonly stop: () => void
}

const makeWorker = (): Worker =>
  new Worker(new URL('./device-worker.ts', import.meta.url), { type: 'module' })

/** A prepared worker that waits for the first photo. */
let waiting: Worker | null = null

/** Prepares a worker while a photo is taken or chosen, to save loading time. If that fails, the photo gets its own worker. */
export function prepareReading(): void {
  if (waiting !== null) return
  try {
    const worker = makeWorker()
    const drop = () => {
      if (waiting !== worker) return
      waiting = null
      worker.terminate()
    }
    worker.addEventListener('error', drop)
    worker.addEventListener('message', ({ data }: MessageEvent<PhotoAnswer>) => {
      if (data.told === 'unavailable') drop()
    })
    waiting = worker
    worker.postMessage({ ask: 'ready' } satisfies PhotoRequest)
  } catch {}
}

export function startReading(file: File, events: ReadingEvents): Reading {
  let worker: Worker
  let timer: ReturnType<typeof setTimeout> | undefined
  let offered = false
  const end = () => {
    clearTimeout(timer)
    worker?.terminate()
  }
  const failed: ReadingEvents['failed'] = (why) => {
    end()
    // Numbers that were already found stay on the page.
    if (!offered) events.failed(why)
  }
  const ask = (request: PhotoRequest, within: number) => {
    timer = setTimeout(() => failed('slow'), within)
    worker.postMessage(request)
  }
  try {
    worker = waiting ?? makeWorker()
    waiting = null
  } catch {
    setTimeout(() => events.failed('unavailable'))
    return { readText: () => {}, stop: () => {} }
  }
  worker.addEventListener('error', () => failed('unavailable'))
  worker.addEventListener('messageerror', () => failed('unavailable'))
  worker.addEventListener('message', ({ data }: MessageEvent<PhotoAnswer>) => {
    switch (data.told) {
      case 'shown':
        return events.shown(data.copy)
      case 'reduced':
        return events.reduced(data.copy)
      case 'progress':
        return events.progress(data.percent)
      case 'found':
        offered ||= data.imeis.length > 0
        // With a number found, the timer keeps running: the worker searches for another until then, and its end frees the memory.
        if (!offered) clearTimeout(timer)
        return events.found(data.imeis)
      case 'fault':
        return failed(data.fault)
      case 'unavailable':
        return failed('unavailable')
    }
  })
  ask({ ask: 'barcodes', file }, BARCODES_MS)
  return { readText: () => ask({ ask: 'text' }, TEXT_MS), stop: end }
}
