import '#server-only'
import { cookies } from 'next/headers'
import type { DraftCookie } from '#features/reporting/drafts/rules.ts'
import { DAY, HOUR } from '#lib/time.ts'
import { sealForCookie, unsealForCookie } from '#platform/crypto.ts'
import { env } from '#platform/env.ts'
import { cookieName, cookieOptions } from './cookies.ts'
import { forgetResuming } from './resume.ts'
import { currentStaff } from './session.ts'

/**
 * A reporter's cookies: the key of the draft, and after sending, of the receipt. It is the same random key, moved from the
 * draft cookie to the list of receipts, so that each recent receipt opens for 24 hours. Receipts from a borrowed device have a
 * cookie of their own, which ends with the browser session.
 */
const DRAFT = 'antam-draft'
const RECEIPTS = 'antam-receipts'
const OWN_RECEIPTS = 'antam-own-receipts'

/** Newest first, per cookie. The number is limited because every request carries the cookies. */
const RECEIPTS_KEPT = 5
const BETWEEN = '.'

const keysIn = (jar: Awaited<ReturnType<typeof cookies>>, name: string): string[] =>
  (jar.get(cookieName(name))?.value ?? '').split(BETWEEN).filter((key) => key !== '')

async function read(...names: string[]): Promise<DraftCookie[]> {
  const jar = await cookies()
  const values = names.flatMap((name) => keysIn(jar, name))
  if (values.length === 0) return []
  const officerId = (await currentStaff())?.id ?? null
  return values.map((value) => ({ value, officerId }))
}

/** Returns the key of this browser's draft, or null. The draft itself may no longer exist. */
export const draftCookie = async (): Promise<DraftCookie | null> => (await read(DRAFT))[0] ?? null

export const receiptCookies = (): Promise<DraftCookie[]> => read(DRAFT, RECEIPTS, OWN_RECEIPTS)

/**
 * Returns the keys under which this browser may have sent its last report: that of its draft, which may be a case by now, or
 * without a draft those of its receipts. With a draft, earlier receipts do not count: they are not the answer to a new report.
 */
export async function lastSentCookies(): Promise<DraftCookie[]> {
  const draft = await draftCookie()
  return draft === null ? read(RECEIPTS, OWN_RECEIPTS) : [draft]
}

/** Sets this browser's draft. It ends with the browser session, unless the person says that the device is theirs. */
export async function setDraftCookie(key: string, ownDevice: boolean): Promise<void> {
  const age = ownDevice ? { maxAge: (env().RETAIN_DRAFT_DAYS * DAY) / 1000 } : {}
  ;(await cookies()).set(cookieName(DRAFT), key, { ...cookieOptions(), ...age })
}

/** Moves the key of a sent report from the draft to the receipts. */
export async function keepReceiptCookie(key: string, ownDevice: boolean): Promise<void> {
  const jar = await cookies()
  const [name, age] = ownDevice ? [OWN_RECEIPTS, { maxAge: (24 * HOUR) / 1000 }] : [RECEIPTS, {}]
  const kept = [key, ...keysIn(jar, name).filter((one) => one !== key)].slice(0, RECEIPTS_KEPT)
  jar.set(cookieName(name), kept.join(BETWEEN), { ...cookieOptions(), ...age })
  if (jar.get(cookieName(DRAFT))?.value === key) jar.delete({ name: cookieName(DRAFT), ...cookieOptions() })
}

/** Tells whether a report was sent in this browser session from a device that its person did not call their own. */
export const hasBorrowedReceipt = async (): Promise<boolean> => keysIn(await cookies(), RECEIPTS).length > 0

/** Deletes this browser's draft and receipts. A signed-in person stays signed in. */
export async function forgetReports(): Promise<void> {
  const jar = await cookies()
  for (const name of [DRAFT, RECEIPTS, OWN_RECEIPTS])
    jar.delete({ name: cookieName(name), ...cookieOptions() })
  await forgetResuming('report')
}

const FILE_NAME = 'draft-file-name'

/** Seals a file's name for use in an address, so that nobody else can read or forge it. Null without a draft. */
export async function sealForDraft(fileName: string): Promise<string | null> {
  const cookie = await draftCookie()
  return cookie && Buffer.from(sealForCookie(cookie.value, FILE_NAME, fileName)).toString('base64url')
}

/** Opens a name from {@link sealForDraft}; null if this browser's draft did not seal it. */
export async function openForDraft(sealed: string): Promise<string | null> {
  const cookie = await draftCookie()
  return cookie && unsealForCookie<string>(cookie.value, FILE_NAME, Buffer.from(sealed, 'base64url'))
}
