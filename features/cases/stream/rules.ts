import { may, type StaffRole } from '#lib/access/roles.ts'
import { type QueueFilter, readFilter, WHOLE_QUEUE, writeQueueFilter } from '../queue/rules.ts'

export interface Stream {
  readonly filter: QueueFilter
  readonly done: number
}

const MOST_DONE = 9_999

/** The list of a person who has chosen none: what waits for them. */
export const usualStream: Stream = { filter: { ...WHOLE_QUEUE, view: 'todo' }, done: 0 }

/** Checks whether `todo` shows this role what waits for a second person. */
export const isForSecond = (role: StaffRole): boolean => may(role, 'case:approve')

/** Writes a stream for an address: `view-approve.kind-robbed.n-6`. */
export function writeStream({ filter, done }: Stream): string {
  const choices = { ...writeQueueFilter(filter), view: filter.view, n: done > 0 ? String(done) : undefined }
  return Object.entries(choices)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}-${value}`]))
    .join('.')
}

/** Reads a stream from an address. Parts without a meaning count as absent; null without a view. */
export function readStream(text: unknown, units: readonly { readonly id: string }[]): Stream | null {
  if (typeof text !== 'string' || text.length > 200) return null
  const sent = new Map(
    text.split('.').flatMap((part): [string, string][] => {
      const at = part.indexOf('-')
      return at < 1 ? [] : [[part.slice(0, at), part.slice(at + 1)]]
    }),
  )
  if (!sent.has('view')) return null
  const { filter } = readFilter((name) => sent.get(name) ?? null, units)
  const done = /^\d{1,4}$/.exec(sent.get('n') ?? '')
  return { filter, done: done ? Math.min(Number(done[0]), MOST_DONE) : 0 }
}

export const oneDone = (stream: Stream): Stream => ({
  ...stream,
  done: Math.min(stream.done + 1, MOST_DONE),
})

/** Returns the position of a case among all that a person works through, including those they have decided. */
export function positionIn(
  { done }: Pick<Stream, 'done'>,
  { count, before, key }: { readonly count: number; readonly before: number; readonly key: unknown },
): { readonly at: number; readonly of: number } {
  // A case that has left the list, for example because it was taken, counts as the one being worked on.
  return key === null ? { at: done + 1, of: done + count + 1 } : { at: done + before + 1, of: done + count }
}
