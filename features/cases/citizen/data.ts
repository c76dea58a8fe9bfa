import '#server-only'
import { OPEN_SELECT, type OpenTexts, openTexts } from '#features/reporting/fields/columns-rules.ts'
import type { StaffRole } from '#generated/prisma/client.ts'
import { type CaseScope, systemScope } from '#lib/access/scope.ts'
import { type CaseKey, unseal, unwrap } from '#platform/crypto.ts'
import { db } from '#platform/db.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import type { EventWords } from '../particulars/rules.ts'
import { caseInScope } from '../record/data.ts'
import { stateOf } from '../record/state-rules.ts'
import { type CitizenEvent, deciderOf, type EventMove } from '../timeline/rules.ts'

export interface CitizenRecord {
  readonly unitId: string
  readonly incidentAt: Date
  readonly locale: string
  readonly earlier: { readonly number: string } | null
  readonly events: readonly CitizenEvent[]
  /** When the files that there were were deleted, their time being over; null otherwise. */
  readonly filesDeletedAt: Date | null
  /** Only for full access. */
  readonly phone:
    | (OpenTexts & {
        readonly imeis: readonly string[]
        /** Those of them that are not blocked although the case is in force: each waits for a paper of its own. */
        readonly waiting: readonly string[]
      })
    | null
}

/** Returns what the citizen's page shows of a case beside its snapshot. Nothing sealed is opened for status access. */
export async function citizenRecord(scope: CaseScope, caseId: string): Promise<CitizenRecord | null> {
  const row = await inScope(scope, () =>
    db.case.findFirst({
      where: { AND: [{ id: caseId }, caseInScope(scope)] },
      select: {
        unitId: true,
        state: true,
        incidentAt: true,
        locale: true,
        erasedAt: true,
        ...OPEN_SELECT,
        evidenceErasedAt: true,
        key: { select: { ...WRAPPED_KEY, proofVersion: true } },
        imeis: { select: { imei: true, isPublic: true }, orderBy: { ordinal: 'asc' } },
        earlierId: true,
        events: { where: { visible: true }, orderBy: { seq: 'desc' } },
      },
    }),
  )
  if (!row) return null
  // The data of an erased case is gone: there is nothing to open.
  const full = scope.kind === 'one' && scope.access === 'full' && row.erasedAt === null
  const key = full ? unwrap(caseId, row.key) : null
  const imeis = row.imeis.map(({ imei }) => imei)
  const inForce = stateOf(row.state).block === 'in_force'
  const waiting = inForce ? row.imeis.flatMap(({ imei, isPublic }) => (isPublic ? [] : [imei])) : []
  return {
    unitId: row.unitId,
    incidentAt: row.incidentAt,
    locale: row.locale,
    filesDeletedAt: row.key.proofVersion > 0 ? row.evidenceErasedAt : null,
    earlier: full && row.earlierId !== null ? await numberOfOwn(row.earlierId, caseId) : null,
    events: row.events.map((event) => toCitizenEvent(event, key)),
    phone: full ? { ...openTexts(row), imeis, waiting } : null,
  }
}

/**
 * Returns the number of an earlier case on the phone, which lies outside the scope of the one that follows it; null where
 * it has neither the contact nor the id number of that one: it is another person's.
 */
const numberOfOwn = (id: string, caseId: string) =>
  inScope(systemScope(), async () => {
    const kind = { in: ['contact' as const, 'national_id' as const] }
    const own = await db.blindIndex.findMany({ where: { caseId, kind }, select: { hash: true } })
    const same = { kind, hash: { in: own.map(({ hash }) => hash) } }
    const where = { id, key: { blindIndex: { some: same } } }
    return db.case.findFirst({ where, select: { number: true } })
  })

interface EventRow {
  readonly seq: number
  readonly at: Date
  readonly move: string
  readonly from: CitizenEvent['from']
  readonly to: CitizenEvent['to']
  readonly actorKind: string
  readonly actorRole: StaffRole | null
  readonly actorUnitId: string | null
  readonly reasonCode: string | null
  readonly sealed: Uint8Array | null
}

function toCitizenEvent(row: EventRow, key: CaseKey | null): CitizenEvent {
  const words = key && row.sealed ? unseal<EventWords>(key, `event:${row.seq}`, row.sealed) : {}
  const { seq, at, from, to, reasonCode } = row
  return {
    seq,
    at,
    move: row.move as EventMove,
    from,
    to,
    ...deciderOf(row),
    reasonCode,
    message: words.message ?? null,
    ...(words.correction && { correction: words.correction }),
  }
}

/** Holds the hash of a case's secret, with which a typed secret is compared. */
export interface CaseSecretHash {
  readonly id: string
  readonly secretHash: Uint8Array
  readonly locale: string
  readonly erasedAt: Date | null
}

/** Returns the hash of a case's secret; null where there is no case of that number. */
export const secretHashOf = (number: string): Promise<CaseSecretHash | null> =>
  inScope(systemScope(), () =>
    db.case.findFirst({
      where: { number },
      select: { id: true, secretHash: true, locale: true, erasedAt: true },
    }),
  )
