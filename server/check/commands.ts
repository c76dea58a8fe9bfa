import '#server-only'
import { type ImeiFault, parseImei } from '#domain/imei/imei.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { counterFor } from '#server/limits/commands.ts'
import { countAndFind } from './repository.ts'

export interface CheckedPhone {
  /** 15 digits. */
  readonly imei: string
  /** `not_reported` says nothing of cases that two people have not acted on: they stay unseen. */
  readonly result: 'reported' | 'not_reported'
}

export type CheckRefusal =
  | { readonly kind: 'invalid'; readonly fault: ImeiFault }
  | { readonly kind: 'too_often'; readonly retryAfterSeconds: number }

/**
 * Whether a phone is reported, for anybody who asks. Nothing is kept of what was asked; every question counts
 * against the limit of its address, wrong numbers too.
 */
export async function checkPhone(
  written: string,
  address: string,
  now: Instant,
): Promise<Result<CheckedPhone, CheckRefusal>> {
  const imei = parseImei(written)
  const counter = counterFor('check_address', address, now)
  const { wait, reported } = await countAndFind({ key14: imei.ok ? imei.value.key : null, counter, now })
  if (wait > 0) return err({ kind: 'too_often', retryAfterSeconds: wait })
  if (!imei.ok) return err({ kind: 'invalid', fault: imei.error })
  return ok({ imei: imei.value.imei, result: reported ? 'reported' : 'not_reported' })
}
