import { z } from 'zod'
import { readCursor } from '#lib/cursor.ts'
import { addMilliseconds, DAY, fromLocal } from '#lib/time.ts'
import { dayOf } from '#lib/written-day.ts'

const text = z.string().min(1).max(100).optional().catch(undefined)
/** The log is younger than this, and PostgreSQL cannot parse dates far before our era. */
const FIRST_DAY = '2000-01-01'
const LAST_DAY = '9999-12-30'
/** A day as people write it, or as in the address of a next page. */
const date = z
  .string()
  .transform((text, context) => {
    const day = dayOf(text)
    if (day !== null && day >= FIRST_DAY && day <= LAST_DAY) return day
    context.addIssue({ code: 'custom' })
    return z.NEVER
  })
  .optional()
  .catch(undefined)
const schema = z.object({
  actor: text,
  kind: text,
  subject: text,
  act: text,
  number: text,
  /** A name or an address; the account is looked up, and the address then has `actor`. */
  person: text,
  day: date,
  from: date,
  to: date,
  alerts: z
    .unknown()
    .optional()
    .transform((sent) => {
      const cursor = readCursor(sent)
      return cursor && { raisedAt: cursor.at, id: cursor.id }
    }),
  below: z
    .string()
    .regex(/^\d{1,15}-\d{1,18}$/)
    .transform((place) => {
      const [at, id] = place.split('-')
      return { at: new Date(Number(at)), id: BigInt(id ?? 0) }
    })
    .nullable()
    .catch(null),
})

function startOf(day: string): Date {
  const [y = 0, m = 0, d = 0] = day.split('-').map(Number)
  const start = fromLocal(y, m, d, 0, 0)
  if (start === null) throw new RangeError(`${day} is no day`)
  return start
}

export type AuditQuery = Readonly<Record<string, string | string[] | undefined>>

/** Parses the address; invalid values are ignored. */
export function readAuditQuery(query: AuditQuery) {
  const { below, number, alerts, person, ...asked } = schema.parse(query)
  const { actor, kind, subject, act } = asked
  const [from, to] = [asked.from ?? asked.day, asked.to ?? asked.day]
  const start = startOf(from ?? FIRST_DAY)
  const end = addMilliseconds(startOf(to ?? LAST_DAY), DAY)
  const filter = {
    ...(actor !== undefined && { actorId: actor }),
    ...(act !== undefined && { act }),
    ...((from ?? to) !== undefined && { between: [start, end] as const }),
    ...(kind !== undefined && subject !== undefined && { subject: { kind, id: subject } }),
  }
  const kept = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined))
  return {
    filter,
    below,
    number,
    alerts,
    person,
    days: { from, to },
    /** Text that is not a day, by field, to be shown again. */
    wrong: Object.fromEntries(
      (['from', 'to'] as const).flatMap((name) => {
        const text = query[name]
        return typeof text === 'string' && text.trim() !== '' && asked[name] === undefined
          ? [[name, text.slice(0, 40)]]
          : []
      }),
    ) as Readonly<Partial<Record<'from' | 'to', string>>>,
    asked: kept as Readonly<Record<string, string>>,
  }
}

export const entryPlace = ({ at, id }: { readonly at: Date; readonly id: bigint }): string =>
  `${at.getTime()}-${id}`
