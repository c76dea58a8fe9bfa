import '#server-only'
import { cookies } from 'next/headers'
import { DAY, HOUR } from '#domain/time.ts'
import { env } from '#server/platform/env.ts'
import { cookieName, cookieOptions } from './cookies.ts'

/**
 * The two cookies of somebody who reports: the key of the draft, and, once it is sent, of the receipt. Both are
 * the same random key: it moves from the one to the other, so that a new report leaves the last receipt alone.
 */
const DRAFT = 'antam-draft'
const RECEIPT = 'antam-receipt'

const read = async (name: string): Promise<string | null> =>
  (await cookies()).get(cookieName(name))?.value ?? null

/** The key of the draft that this browser writes, or null. It says nothing about whether there is such a draft. */
export const draftCookie = (): Promise<string | null> => read(DRAFT)

/** Every key with which this browser may have sent a report. */
export async function receiptCookies(): Promise<string[]> {
  const keys = await Promise.all([read(DRAFT), read(RECEIPT)])
  return keys.filter((key) => key !== null)
}

/** Gives this browser a draft. It forgets it when it is closed, unless the person says that the device is theirs. */
export async function setDraftCookie(key: string, ownDevice: boolean): Promise<void> {
  const age = ownDevice ? { maxAge: (env().RETAIN_DRAFT_DAYS * DAY) / 1000 } : {}
  ;(await cookies()).set(cookieName(DRAFT), key, { ...cookieOptions(), ...age })
}

/** After sending: the key opens the receipt from now on, and no draft. */
export async function keepReceiptCookie(key: string, ownDevice: boolean): Promise<void> {
  const jar = await cookies()
  const age = ownDevice ? { maxAge: (24 * HOUR) / 1000 } : {}
  jar.set(cookieName(RECEIPT), key, { ...cookieOptions(), ...age })
  if (jar.get(cookieName(DRAFT))?.value === key) jar.delete({ name: cookieName(DRAFT), ...cookieOptions() })
}
