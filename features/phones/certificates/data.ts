import '#server-only'
import { parseCaseSecret } from '#features/cases/unlock/rules.ts'
import { digestOf } from '#features/exchange/lists/data.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import type { PhonesScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash, unseal, unwrap } from '#platform/crypto.ts'
import { db } from '#platform/db.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inPhones } from '../registrants/data.ts'
import { readStatement } from './rules.ts'

export interface SealedCertificate {
  readonly code: string
  /** The signed statement: a JWS in compact form. */
  readonly token: string
}

export const certificatePlace = (id: string): string => `certificate:${id}`
export const codeHash = (code: string): Uint8Array<ArrayBuffer> => keyedHash('certificate', code)

const ROW = {
  ...{ id: true, phoneId: true, sealed: true, madeAt: true, expiresAt: true },
  phone: {
    select: { registrantId: true, state: true, reportId: true, key: { select: WRAPPED_KEY } },
  },
} as const

const open = ({
  sealed,
  phone: { key, ...phone },
  ...row
}: Prisma.PhoneCertificateGetPayload<{ select: typeof ROW }>) => ({
  ...row,
  phone,
  ...unseal<SealedCertificate>(unwrap(row.phoneId, key), certificatePlace(row.id), sealed),
})

export async function certificateBy(typed: string) {
  const code = parseCaseSecret(typed)
  if (!code.ok) return null
  const where = { codeHash: codeHash(code.value) }
  const row = await inPhones(() => db.phoneCertificate.findFirst({ where, select: ROW }))
  return row && open(row)
}

/** Returns a certificate for its page; an expired one (`over`) shows none of its claims. */
export async function shownCertificate(typed: string, now: Instant) {
  const found = await certificateBy(typed)
  if (found === null) return null
  if (found.expiresAt <= now) return { over: true as const, until: found.expiresAt }
  const [, payload = ''] = found.token.split('.')
  const statement = readStatement(Buffer.from(payload, 'base64url').toString())
  if (statement === null) throw new Error('a certificate that cannot be read')
  return { over: false as const, ...found, statement, digest: digestOf(found.token) }
}

export async function readCertificateCode(scope: PhonesScope, id: string): Promise<string | null> {
  const where = { id, phone: { registrantId: scope.registrantId } }
  const row = await inPhones(() => db.phoneCertificate.findFirst({ where, select: ROW }))
  return row && open(row).code
}

/** Returns the newest valid certificate of each phone, by phone id. */
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
