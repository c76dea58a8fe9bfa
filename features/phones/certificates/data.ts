import '#server-only'
import { parseCaseSecret } from '#features/cases/unlock/rules.ts'
import { digestOf } from '#features/exchange/lists/data.ts'
import type { PhonesScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, keyedHash, seal, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inPhones } from '../registrants/data.ts'
import { readStatement } from './rules.ts'

interface SealedCertificate {
  readonly code: string
  /** The signed statement: a JWS in its compact form. */
  readonly token: string
}

const place = (id: string): string => `certificate:${id}`
const codeHash = (code: string): Uint8Array<ArrayBuffer> => keyedHash('certificate', code)

export async function insertCertificate(
  tx: Tx,
  row: {
    readonly id: string
    readonly key: CaseKey
    readonly code: string
    readonly token: string
    readonly madeAt: Instant
    readonly expiresAt: Instant
  },
): Promise<void> {
  const { id, key, code, token, madeAt, expiresAt } = row
  const sealed = seal(key, place(id), { code, token } satisfies SealedCertificate)
  await tx.phoneCertificate.create({
    data: { id, phoneId: key.caseId, codeHash: codeHash(code), sealed, madeAt, expiresAt },
    select: { id: true },
  })
}

const ROW = {
  ...{ id: true, phoneId: true, sealed: true, madeAt: true, expiresAt: true },
  phone: {
    select: { registrantId: true, state: true, reportId: true, key: { select: WRAPPED_KEY } },
  },
} as const

type Row = NonNullable<Awaited<ReturnType<typeof readRow>>>
const readRow = (where: { codeHash: Uint8Array<ArrayBuffer> }, tx: Tx) =>
  tx.phoneCertificate.findFirst({ where, select: ROW })

const open = ({ sealed, phone: { key, ...phone }, ...row }: Row) => ({
  ...row,
  phone,
  ...unseal<SealedCertificate>(unwrap(row.phoneId, key), place(row.id), sealed),
})

/** A certificate, opened. */
export type Certificate = ReturnType<typeof open>

/** Returns the certificate of a code as it was typed or scanned; null for none. */
export async function certificateBy(typed: string, tx: Tx = db): Promise<Certificate | null> {
  const code = parseCaseSecret(typed)
  if (!code.ok) return null
  const row = await inPhones(() => readRow({ codeHash: codeHash(code.value) }, tx))
  return row && open(row)
}

/** Returns a certificate as a page shows it: `over` shows nothing of what it said. */
export async function shownCertificate(typed: string, now: Instant) {
  const found = await certificateBy(typed)
  if (found === null) return null
  if (found.expiresAt <= now) return { over: true as const, until: found.expiresAt }
  const [, payload = ''] = found.token.split('.')
  const statement = readStatement(Buffer.from(payload, 'base64url').toString())
  if (statement === null) throw new Error('a certificate that cannot be read')
  return { over: false as const, ...found, statement, digest: digestOf(found.token) }
}

/** Returns the code of a certificate of this list. */
export async function codeOf(scope: PhonesScope, id: string): Promise<string | null> {
  const where = { id, phone: { registrantId: scope.registrantId } }
  const row = await inPhones(() => db.phoneCertificate.findFirst({ where, select: ROW }))
  return row && open(row).code
}

/** Returns the newest certificate of each phone that is still shown, by phone. */
export async function certificatesOf(phoneIds: readonly string[], now: Instant) {
  const rows = await inPhones(() =>
    db.phoneCertificate.findMany({
      where: { phoneId: { in: [...phoneIds] }, expiresAt: { gt: now } },
      orderBy: { madeAt: 'asc' },
      select: ROW,
    }),
  )
  return new Map(rows.map(open).map(({ phoneId, code, expiresAt }) => [phoneId, { code, expiresAt }]))
}
