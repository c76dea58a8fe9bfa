import '#server-only'
import { createECDH } from 'node:crypto'
import { type CaseScope, type PhonesScope, systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, keyedHash, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import type { Services, Subscription } from './rules.ts'

export type EndpointHash = Uint8Array<ArrayBuffer>

export const isPushOn = (): boolean => env().WEB_PUSH === 'on' && env().ANTAM_PUSH_KEY !== undefined

/** Returns the key pair by which push services know us (RFC 8292), in base64url; null if push is off. */
export function pushKeys(): { readonly publicKey: string; readonly privateKey: string } | null {
  const { ANTAM_PUSH_KEY } = env()
  if (!isPushOn() || ANTAM_PUSH_KEY === undefined) return null
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(ANTAM_PUSH_KEY)
  return { publicKey: pair.getPublicKey('base64url'), privateKey: pair.getPrivateKey('base64url') }
}

export const services = (): Services => ({ hosts: env().WEB_PUSH_SERVICES, allowed: env().PUSH_ALLOW })

/**
 * Runs work on devices of any case or list: they are found by a push service or a browser's cookie, and belong to no district.
 */
export const inDevices = <T>(work: () => Promise<T>): Promise<T> => inScope(systemScope(), work)

/** Returns the case or list whose devices a browser may read and change; null if it has shown no secret. */
export function holderOf(scope: CaseScope | PhonesScope) {
  if ('registrantId' in scope)
    return { kind: 'registrant', id: scope.registrantId, within: inDevices } as const
  if (scope.kind !== 'one' || scope.access !== 'full') return null
  const within = <T>(work: () => Promise<T>): Promise<T> => inScope(scope, work)
  return { kind: 'case', id: scope.caseId, within } as const
}

export const hashEndpoint = (endpoint: string): EndpointHash => keyedHash('push-endpoint', endpoint)

export interface DeviceContent extends Subscription {
  /** Our public key that the browser was given: push services refuse a message under another key. */
  readonly by: string
  /** The number of the case; null for a list of phones. */
  readonly number: string | null
}

export const placeOf = (id: string): string => `push:${id}`

const ROW = { key: { select: { ...WRAPPED_KEY, registrant: { select: { id: true } } } } } as const

function openRow<Row extends NonNullable<Awaited<ReturnType<typeof readRow>>>>({ key, sealed, ...row }: Row) {
  const content = unseal<DeviceContent>(unwrap(row.caseId, key), placeOf(row.id), sealed)
  const { kind } = kindOf(key)
  return { ...row, ...content, kind }
}
const readRow = (id: string) =>
  db.pushDevice.findFirst({ where: { id, newsAt: { not: null } }, include: ROW })
const kindOf = ({ registrant }: { readonly registrant: object | null }) =>
  ({ kind: registrant === null ? 'case' : 'registrant' }) as const

/** A device with untold news, decrypted; null if it is gone or has been told. */
export type DueDevice = NonNullable<Awaited<ReturnType<typeof readDueDevice>>>
export const readDueDevice = (id: string) =>
  inDevices(async () => {
    const row = await readRow(id)
    return row && openRow(row)
  })

/** Records the outcome of a try, unless there is newer news by now, which has its own job. */
export const settleTry = (
  { id, newsAt }: Pick<DueDevice, 'id' | 'newsAt'>,
  data: { readonly newsAt?: null; readonly lastSuccessAt?: Instant; readonly attempts?: { increment: 1 } },
) => inDevices(() => db.pushDevice.updateMany({ where: { id, newsAt }, data }))

export async function devicesOf(scope: CaseScope | PhonesScope) {
  const holder = holderOf(scope)
  if (holder === null) return []
  const rows = await holder.within(() =>
    db.pushDevice.findMany({ where: { caseId: holder.id }, orderBy: { madeAt: 'asc' }, include: ROW }),
  )
  return rows.map((row) => {
    const { id, endpointHash, endpoint, by, madeAt, lastSuccessAt } = openRow(row)
    return { id, endpointHash, by, service: new URL(endpoint).hostname, madeAt, lastSuccessAt }
  })
}

export const isTold = (endpointHash: EndpointHash): Promise<boolean> =>
  inDevices(async () => (await db.pushDevice.count({ where: { endpointHash } })) > 0)

export async function holdersOf(tx: Tx, endpointHash: EndpointHash) {
  const rows = await tx.pushDevice.findMany({ where: { endpointHash }, select: { caseId: true, ...ROW } })
  return rows.map(({ caseId: id, key }) => ({ id, ...kindOf(key) }))
}

/** Returns the key of a case or a list, locked until the transaction ends; null once it is destroyed. */
export async function lockKey(tx: Tx, caseId: string): Promise<CaseKey | null> {
  await tx.$queryRaw`SELECT 1 FROM case_keys WHERE case_id = ${caseId}::uuid FOR NO KEY UPDATE`
  const row = await tx.caseKey.findFirst({ where: { caseId }, select: WRAPPED_KEY })
  return row === null || row.wrapped.length === 0 ? null : unwrap(caseId, row)
}
