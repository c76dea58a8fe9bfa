import '#server-only'
import type { Agency } from '#domain/survey/agency.ts'
import type { Questionnaire } from '#domain/survey/questionnaire.ts'
import type { ReceiptNumber } from '#domain/survey/receipt.ts'
import { type Instant, localDate } from '#domain/time.ts'
import { receiptHash } from '../commands/rate.ts'
import { agenciesOn, agencyOn } from '../repository/agencies.ts'
import { openQuestionnaire } from '../repository/questionnaires.ts'
import { hasReceipt } from '../repository/responses.ts'

/** The agencies that can be rated today, in the catalogue's order. */
export const agencies = (now: Instant): Promise<Agency[]> => agenciesOn(localDate(now))

export interface RatingPage {
  readonly agency: Agency
  readonly questionnaire: Questionnaire
}

/** What the page of a rating needs; null when there is no such agency, or nothing to ask. */
export async function ratingPage(agencyId: string, now: Instant): Promise<RatingPage | null> {
  const [agency, questionnaire] = await Promise.all([
    agencyOn(agencyId, localDate(now)),
    openQuestionnaire(now),
  ])
  return agency && questionnaire && { agency, questionnaire }
}

/** Whether a receipt number proves a counted answer. */
export const isCounted = (number: ReceiptNumber): Promise<boolean> => hasReceipt(receiptHash(number))
