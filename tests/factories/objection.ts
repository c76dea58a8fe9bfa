import { randomBytes, randomUUID } from 'node:crypto'
import { contactHash } from '#features/contact-codes/data.ts'
import { beginObjection, saveHolder, sendObjection } from '#features/disputes/drafts/acts.ts'
import { hashCookie } from '#features/disputes/drafts/data.ts'
import { HOLDER_CONSENTS } from '#features/disputes/drafts/rules.ts'
import type { EvidenceKind } from '#features/evidence/files/rules.ts'
import { seal, unwrap } from '#platform/crypto.ts'
import { db } from '#tests/db.ts'
import { must } from '#tests/must.ts'

export interface ObjectionOptions {
  readonly now?: Date
  readonly email?: string
  readonly nationalId?: string
  /** True if the phone is shown at a police post, not on a photo. */
  readonly inspection?: boolean
}

export interface MadeObjection {
  readonly id: string
  readonly number: string
  readonly cookie: string
}

/** Makes a file of a draft or objection, as if it had been uploaded. */
export async function addFile(id: string, kind: EvidenceKind, createdAt: Date): Promise<string> {
  const key = await db.caseKey.findFirstOrThrow({ where: { caseId: id } })
  const fileId = randomUUID()
  await db.evidence.create({
    data: {
      id: fileId,
      caseId: id,
      kind,
      state: 'ready',
      sealed: seal(unwrap(id, key), `evidence:${fileId}`, { fileName: null }),
      mediaType: 'image/jpeg',
      byteSize: 1,
      sha256: randomBytes(32),
      originalKey: '-',
      createdAt,
    },
  })
  return fileId
}

/** Makes a draft of an objection that is ready to be sent. Returns its browser's cookie. */
export async function makeObjectionDraft(imei: string, options: ObjectionOptions = {}): Promise<string> {
  const now = options.now ?? new Date()
  const email = options.email ?? `${randomUUID()}@example.vn`
  const cookie = must(await beginObjection({ imei, locale: 'vi', address: randomUUID(), now }))
  const { id } = await db.objection.update({
    where: { cookieHash: hashCookie(cookie) },
    data: {
      contactHash: contactHash({ kind: 'email', value: email }),
      inspection: options.inspection ?? false,
    },
  })
  if (!options.inspection) await addFile(id, 'screen', now)
  const typed = {
    fullName: 'Trần Văn Bình',
    idKind: 'cccd',
    nationalId: options.nationalId ?? '079191054321',
    contactEmail: email,
    story: 'Tôi mua máy này ở tiệm trên đường Hùng Vương, có hóa đơn.',
  }
  const saved = await saveHolder({ cookie, typed, locale: 'vi', address: randomUUID(), now })
  if (!saved.ok || Object.keys(saved.value).length > 0) throw new Error(JSON.stringify(saved))
  return cookie
}

export const CONSENTED = HOLDER_CONSENTS.map(({ field }) => field)

/** Makes a sent objection to the block of a phone, as its holder's browser would have sent it. */
export async function makeObjection(imei: string, options: ObjectionOptions = {}): Promise<MadeObjection> {
  const now = options.now ?? new Date()
  const cookie = await makeObjectionDraft(imei, options)
  const sent = must(await sendObjection({ cookie, consents: CONSENTED, locale: 'vi', now }))
  return { ...sent, cookie }
}
