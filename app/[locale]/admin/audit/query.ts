import { z } from 'zod'

const text = z.string().min(1).max(100).optional().catch(undefined)
const schema = z.object({
  actor: text,
  kind: text,
  subject: text,
  below: z
    .string()
    .regex(/^\d{1,18}$/)
    .transform(BigInt)
    .nullable()
    .catch(null),
})

export type Query = Readonly<Record<string, string | string[] | undefined>>

/** What the address asks for; what makes no sense asks for nothing. */
export function readQuery(query: Query) {
  const { actor, kind, subject, below } = schema.parse(query)
  if (kind !== undefined && subject !== undefined)
    return { filter: { subject: { kind, id: subject } }, below }
  return { filter: actor === undefined ? {} : { actorId: actor }, below }
}
