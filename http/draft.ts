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
 * The cookies of somebody who reports: the key of the draft, and, once it is sent, of the receipt. Both are the same
 * random key: it moves from the one to the others, where it joins those of the last reports, so that each receipt opens
 * for its 24 hours. What was sent from a borrowed device is kept apart: it is forgotten when the browser is closed.
 */
const DRAFT = 'antam-draft'
const RECEIPTS = 'antam-receipts'
const OWN_RECEIPTS = 'antam-own-receipts'

/** Of each kind, the newest: a cookie goes with every request. */
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

/**
 * Returns the key of the draft that this browser writes, or null. It says nothing about whether there is such a draft.
 */
export const draftCookie = async (): Promise<DraftCookie | null> => (await read(DRAFT))[0] ?? null

export const receiptCookies = (): Promise<DraftCookie[]> => read(DRAFT, RECEIPTS, OWN_RECEIPTS)

/**
 * Returns the keys with which this browser's last report may have been sent: that of its draft, which is a case
 * by now or gone, and where it has no draft, those of its receipts. An earlier report is no answer to a person
 * who sends another.
 */
export async function lastSentCookies(): Promise<DraftCookie[]> {
  const draft = await draftCookie()
  return draft === null ? read(RECEIPTS, OWN_RECEIPTS) : [draft]
}

/** Gives this browser a draft. It forgets it when it is closed, unless the person says that the device is theirs. */
export async function setDraftCookie(key: string, ownDevice: boolean): Promise<void> {
  const age = ownDevice ? { maxAge: (env().RETAIN_DRAFT_DAYS * DAY) / 1000 } : {}
  ;(await cookies()).set(cookieName(DRAFT), key, { ...cookieOptions(), ...age })
}

/** Keeps the key of a report that was sent: from now on it opens the receipt, and no draft. */
export async function keepReceiptCookie(key: string, ownDevice: boolean): Promise<void> {
  const jar = await cookies()
  const [name, age] = ownDevice ? [OWN_RECEIPTS, { maxAge: (24 * HOUR) / 1000 }] : [RECEIPTS, {}]
  const kept = [key, ...keysIn(jar, name).filter((one) => one !== key)].slice(0, RECEIPTS_KEPT)
  jar.set(cookieName(name), kept.join(BETWEEN), { ...cookieOptions(), ...age })
  if (jar.get(cookieName(DRAFT))?.value === key) jar.delete({ name: cookieName(DRAFT), ...cookieOptions() })
}

/** Tells whether something was sent from this browser, while it has been open, by a person who did not call the device theirs. */
export const hasBorrowedReceipt = async (): Promise<boolean> => keysIn(await cookies(), RECEIPTS).length > 0

/** Takes this browser's draft and receipts away; a person who is signed in stays signed in. */
export async function forgetReports(): Promise<void> {
  const jar = await cookies()
  for (const name of [DRAFT, RECEIPTS, OWN_RECEIPTS])
    jar.delete({ name: cookieName(name), ...cookieOptions() })
  await forgetResuming('report')
}

const FILE_NAME = 'draft-file-name'

/** Seals a file's name so that it may stand in an address: nobody else can make it or read it. Null without a draft. */
export async function sealForDraft(fileName: string): Promise<string | null> {
  const cookie = await draftCookie()
  return cookie && Buffer.from(sealForCookie(cookie.value, FILE_NAME, fileName)).toString('base64url')
}

/** Opens what {@link sealForDraft} sealed for this browser's draft; null when it cannot be opened. */
export async function openForDraft(sealed: string): Promise<string | null> {
  const cookie = await draftCookie()
  return cookie && unsealForCookie<string>(cookie.value, FILE_NAME, Buffer.from(sealed, 'base64url'))
}
