import type { QueueFilter, QueueKey } from '#features/cases/queries/queue.ts'
import { CASE_STATES } from '#features/cases/rules/state.ts'
import type { Route } from '#messages/paths.ts'

/** The choices in the address of the queue. */
export interface Query {
  readonly filter: QueueFilter
  readonly from: { readonly key: QueueKey; readonly direction: 'after' | 'before' } | null
  /** A sealed search; it stands in place of the filter. */
  readonly found: string | null
}

type Sent = Readonly<Record<string, string | string[] | undefined>>

/** Reads the address; whatever is not a choice of the page is as if it were not there. */
export function readQuery(sent: Sent, areas: readonly { readonly id: string }[]): Query {
  const one = (name: string) => (typeof sent[name] === 'string' ? sent[name] : null)
  const who = one('who')
  const after = readKey(one('after'))
  const before = readKey(one('before'))
  return {
    filter: {
      state: CASE_STATES.find((state) => state === one('state')) ?? null,
      who: who === 'mine' || who === 'nobody' ? who : 'everybody',
      unitId: areas.find((area) => area.id === one('area'))?.id ?? null,
      conflicts: one('view') === 'conflicts',
    },
    from: after ? { key: after, direction: 'after' } : before && { key: before, direction: 'before' },
    found: one('found'),
  }
}

const KEY = /^(\d{1,15})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

function readKey(text: string | null): QueueKey | null {
  const [, at, id] = KEY.exec(text ?? '') ?? []
  return at && id ? { actBy: new Date(Number(at)), id } : null
}

/** Returns the filter as the address says it; what is left at its default is left out. */
export const queryOf = (filter: QueueFilter): Record<string, string | undefined> => ({
  state: filter.state ?? undefined,
  who: filter.who === 'everybody' ? undefined : filter.who,
  area: filter.unitId ?? undefined,
  view: filter.conflicts ? 'conflicts' : undefined,
})

/** Returns the link to the part of the queue that follows or precedes a row. */
export const toRoute = (
  query: Record<string, string | undefined>,
  direction: 'after' | 'before',
  { actBy, id }: QueueKey,
): Route => ({ pathname: '/admin/cases', query: { ...query, [direction]: `${actBy.getTime()}-${id}` } })
