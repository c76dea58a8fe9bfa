import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import { draftExpiry } from '#features/cases/rules/clocks.ts'
import { checkPhone } from '#features/check/acts.ts'
import { parseImei } from '#lib/imei/imei.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { newCaseKey, randomBuffer } from '#platform/crypto.ts'
import { env } from '#platform/env.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { draftTransaction, insertDraft, lockDraft, saveDraft } from '../drafts/data.ts'
import { objectionNumbers } from '../rules/number.ts'
import { drawWord } from '../rules/word.ts'

export interface Beginning {
  readonly imei: string
  readonly locale: 'vi' | 'en'
  /** The sender's network address, for the rate limits. */
  readonly address: string
  readonly now: Instant
}

/** Keys of messages' `faults`. */
export type BeginFault = { readonly imei1: string } | { readonly form: string; readonly seconds?: number }

/**
 * Begins an objection to the block of a phone. It says of the phone what the public check says, and counts as one: a
 * case that two people have not acted on stays unseen. Answers the key of the browser's draft.
 */
export async function beginObjection({
  imei,
  locale,
  address,
  now,
}: Beginning): Promise<Result<string, BeginFault>> {
  const checked = await checkPhone(imei, address, now)
  if (!checked.ok) {
    const { error } = checked
    return error.kind === 'too_often'
      ? err({ form: 'check.too_often', seconds: error.retryAfterSeconds })
      : err({ imei1: `report.imei.${error.fault}` })
  }
  if (checked.value.result === 'not_reported') return err({ imei1: 'objection.not_blocked' })
  const { allowed } = await withinLimit('objection_address', address, now)
  const phone = parseImei(checked.value.imei)
  if (!allowed || !phone.ok) return err({ form: 'objection.too_often' })
  const { key, stored } = newCaseKey(randomUUID())
  const cookie = randomBuffer(32).toString('base64url')
  await draftTransaction(async (tx) => {
    await insertDraft(tx, {
      key,
      stored,
      cookie,
      number: objectionNumbers.draw(randomBuffer),
      locale,
      imei: phone.value.imei,
      key14: phone.value.key,
      word: drawWord(randomBuffer),
      now,
      dueAt: draftExpiry(now, env().RETAIN_DRAFT_DAYS),
    })
    const subject = { kind: 'objection', id: key.caseId } as const
    await audit(tx, { actor: { kind: 'citizen' }, act: 'objection.start', subject, at: now })
  })
  return ok(cookie)
}

/** Draws another word, for a photo that was not taken in time; photos beside the earlier word no longer count. */
export const renewWord = (cookie: string | null, now: Instant): Promise<boolean> =>
  draftTransaction(async (tx) => {
    const draft = cookie === null ? null : await lockDraft(tx, cookie, now)
    if (draft) await saveDraft(tx, draft, { word: { text: drawWord(randomBuffer), at: now } })
    return draft !== null
  })

/** Keeps whether the holder would rather show the phone at a police post. */
export const chooseInspection = (
  cookie: string | null,
  inspection: boolean,
  now: Instant,
): Promise<boolean> =>
  draftTransaction(async (tx) => {
    const draft = cookie === null ? null : await lockDraft(tx, cookie, now)
    if (draft) await saveDraft(tx, draft, { inspection })
    return draft !== null
  })
