import '#server-only'
import type { Agency } from '#domain/survey/agency.ts'
import type { Questionnaire } from '#domain/survey/questionnaire.ts'
import type { ReceiptNumber } from '#domain/survey/receipt.ts'
import { type Instant, localDate } from '#domain/time.ts'
import { random } from '#server/platform/crypto.ts'
import { receiptHash } from '../commands/rate.ts'
import { agenciesOn, agencyOn } from '../repository/agencies.ts'
import { askedQuestionnaire } from '../repository/questionnaires.ts'
import { hasReceipt } from '../repository/responses.ts'

/** The agencies that can be rated today, in the catalogue's order. */
export const agencies = (now: Instant): Promise<Agency[]> => agenciesOn(localDate(now))

export interface RatingPage {
  readonly agency: Agency
  readonly questionnaire: Questionnaire
  /** The version was drawn just now: the form goes on at an address that names it, and sent back keeps it. */
  readonly drawn: boolean
}

/**
 * What the page of a rating needs; null when there is no such agency, or nothing to ask.
 *
 * @param version of the questions, where the address names one; null for a new form
 */
export async function ratingPage(
  agencyId: string,
  version: number | null,
  now: Instant,
): Promise<RatingPage | null> {
  const draw = random(4).readUInt32BE() / 2 ** 32
  const [agency, asked] = await Promise.all([
    agencyOn(agencyId, localDate(now)),
    askedQuestionnaire(version, draw, now),
  ])
  return agency && asked && { agency, ...asked }
}

/** Whether a receipt number proves a counted answer. */
export const isCounted = (number: ReceiptNumber): Promise<boolean> => hasReceipt(receiptHash(number))
