import '#server-only'
import { availableParallelism } from 'node:os'
import type { PosterProps } from '#features/agencies/paper/poster.ts'
import type { DecisionLetterProps } from '#features/cases/paper/decision-letter.ts'
import type { PhonePaperProps } from '#features/phones/paper/phone-paper.ts'
import type { PersonalDataProps } from '#features/privacy/paper/personal-data.ts'
import type { CodeSheetProps } from '#features/questionnaires/paper/code-sheet.ts'
import type { SlipsProps } from '#features/ratings/paper/slips.ts'
import type { ReceiptProps } from '#features/reporting/paper/receipt.ts'
import { MINUTE } from '#lib/time.ts'
import { ChildWorker } from '#platform/child-worker.ts'
import { Overloaded } from '#platform/overload.ts'
import { withSemaphore } from '#platform/semaphore.ts'
import { sharingProcesses } from '#platform/web-processes.ts'

/** The content of a paper that the web server needs; drawing.ts makes a PDF of it. */
export type Paper =
  | { readonly kind: 'receipt'; readonly props: ReceiptProps }
  | { readonly kind: 'personal_data'; readonly props: PersonalDataProps }
  | { readonly kind: 'decision_letter'; readonly props: DecisionLetterProps }
  | { readonly kind: 'phone'; readonly props: PhonePaperProps }
  | { readonly kind: 'poster'; readonly props: PosterProps }
  | { readonly kind: 'code_sheet'; readonly props: CodeSheetProps }
  | { readonly kind: 'slips'; readonly props: SlipsProps }

/** The case or receipt that a paper is for, and the address of the request (`clientAddress`). */
export interface PaperOwner {
  readonly owner: string
  readonly address: string
}

/**
 * Returns how many papers this process draws at once: at most two, leaving one core for page views; one, where other
 * processes draw too.
 */
const atOnce = () => Math.max(1, Math.min(2, availableParallelism() - 1, Math.floor(2 / sharingProcesses())))
/** The most papers being drawn or waiting: in total, per address and per owner. */
const PLACES = { all: 12, address: 6, owner: 2 } as const
/** Returns the most papers being drawn or waiting in this process: its share of the total, but enough for one address. */
const placesHere = () => Math.max(PLACES.address, Math.ceil(PLACES.all / sharingProcesses()))
/** Seconds until a refused request may be repeated. */
const RETRY_AFTER = 10
/** How long an idle process is kept, in milliseconds. */
const IDLE = MINUTE
const PROCESS = { script: 'features/papers/drawing.ts', heapMb: 256, timeLimit: MINUTE } as const

export type DrawPaper = (paper: Paper) => Promise<Uint8Array>
type Drawer = ChildWorker<Paper, Uint8Array>

// Next loads this module once in each of its bundles, but the limits are for the whole process.
const shared = globalThis as {
  antamPapers?: {
    readonly places: Map<string, number>
    readonly idle: Map<Drawer, NodeJS.Timeout>
  }
}
shared.antamPapers ??= { places: new Map(), idle: new Map() }
const room = shared.antamPapers

const taken = (name: string): number => room.places.get(name) ?? 0

function occupy(name: string, change: 1 | -1): void {
  const count = taken(name) + change
  if (count === 0) room.places.delete(name)
  else room.places.set(name, count)
}

/**
 * Runs `work` while a place is reserved for its paper, so that nothing is read or recorded for a paper that would not
 * be drawn. `work` must not hold a database connection while it draws.
 *
 * @throws Overloaded when no place is left, or drawing took too long or too much memory
 */
export async function withPaper<T>({ owner, address }: PaperOwner, work: (draw: DrawPaper) => Promise<T>) {
  const limits = {
    all: placesHere(),
    [`address ${address}`]: PLACES.address,
    [`owner ${owner}`]: PLACES.owner,
  }
  if (Object.entries(limits).some(([name, limit]) => taken(name) >= limit)) throw new Overloaded(RETRY_AFTER)
  const names = Object.keys(limits)
  for (const name of names) occupy(name, 1)
  try {
    return await work(draw)
  } finally {
    for (const name of names) occupy(name, -1)
  }
}

const draw = (paper: Paper): Promise<Uint8Array> =>
  withSemaphore('papers', { limit: atOnce() }, async () => {
    const drawer = idleDrawer() ?? new ChildWorker<Paper, Uint8Array>(PROCESS)
    try {
      return await drawer.ask(paper)
    } finally {
      if (drawer.isAlive) keep(drawer)
    }
  })

function idleDrawer(): Drawer | undefined {
  for (const [drawer, timer] of room.idle) {
    clearTimeout(timer)
    room.idle.delete(drawer)
    if (drawer.isAlive) return drawer
  }
  return undefined
}

function keep(drawer: Drawer): void {
  const end = () => {
    room.idle.delete(drawer)
    drawer.end()
  }
  const timer = setTimeout(end, IDLE)
  timer.unref()
  room.idle.set(drawer, timer)
}
