import '#server-only'
import { type AgencyLineage, lineageOf, NO_LINEAGE } from '#features/agencies/queries/lineage.ts'
import { agenciesOn, agenciesUpTo, versionsOf } from '#features/agencies/repository/agencies.ts'
import type { Agency } from '#features/agencies/rules/agency.ts'
import { type Renaming, renamingsOf, versionOn } from '#features/agencies/rules/lineage.ts'
import { dayBefore } from '#features/agencies/rules/reorganisation.ts'
import { askedQuestionnaire } from '#features/questionnaires/repository/questionnaires.ts'
import type { Questionnaire } from '#features/questionnaires/rules/questionnaire.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { randomBuffer } from '#platform/crypto.ts'
import { receiptHash } from '../commands/rate.ts'
import { standingOfReceipt } from '../repository/exclusions.ts'
import type { ReceiptStanding } from '../rules/exclusion.ts'
import type { ReceiptNumber } from '../rules/receipt.ts'
import { serviceDates } from '../rules/service-date.ts'

/** Returns the agencies that can be rated today, in the catalogue's order. */
export const agencies = (now: Instant): Promise<Agency[]> => agenciesOn(localDate(now))

/** An agency in its present or last version, which names the things bound to it even after its end. */
export interface KnownAgency extends Agency {
  readonly ended: boolean
}

/** Returns every agency that there was by today, in the catalogue's order. */
export async function knownAgencies(now: Instant): Promise<KnownAgency[]> {
  const today = localDate(now)
  const all = await agenciesUpTo(today)
  return all.map((version) => ({ ...version, ended: versionOn([version], today) === null }))
}

export interface RatingPage extends AgencyLineage {
  /** The agency as it is today, or as it was last. */
  readonly agency: Agency
  readonly questionnaire: Questionnaire
  /** The version was drawn just now: the form goes on at an address that names it, and sent back keeps it. */
  readonly drawn: boolean
  /** The days of service that can be rated here, as local dates; null when there are none any more. */
  readonly dates: { readonly first: string; readonly last: string } | null
  /** The day decides which agency is rated, or under which of its names: nothing may be said of it beforehand. */
  readonly dayMatters: boolean
  /** The names it had before, the latest first. */
  readonly renamings: readonly Renaming[]
}

/**
 * Returns what the page of a rating needs; null when there is no such agency, or nothing to ask. A closed agency is
 * rated for services of its time, up to a year back.
 *
 * @param version of the questions, where the address names one; null for a new form
 * @param from the id of a closed agency whose address led here
 */
export async function ratingPage(
  agencyId: string,
  { version, from }: { readonly version: number | null; readonly from: string | null },
  now: Instant,
): Promise<RatingPage | null> {
  const draw = randomBuffer(4).readUInt32BE() / 2 ** 32
  const today = localDate(now)
  const [versions, asked] = await Promise.all([
    versionsOf(agencyId, today),
    askedQuestionnaire(version, draw, now),
  ])
  const [begin, last] = [versions[0], versions.at(-1)]
  if (begin === undefined || last === undefined || asked === null) return null
  const open = versionOn(versions, today)
  const days = serviceDates(now)
  const dates = {
    first: [begin.validFrom, days.first].toSorted()[1] ?? days.first,
    last: open === null && last.validTo !== null ? dayBefore(last.validTo) : days.last,
  }
  const started = versions.findLast(({ validFrom }) => validFrom > days.first)?.validFrom ?? null
  const dayMatters = open === null || started !== null
  const page = {
    agency: last,
    ...asked,
    dates: dates.first <= dates.last ? dates : null,
    dayMatters,
    renamings: renamingsOf(versions),
  }
  // Where nothing has changed within the year there is nothing to read of it.
  if (open !== null && started === null && from === null) return { ...page, ...NO_LINEAGE }
  return { ...page, ...(await lineageOf(last, { started, from, today })) }
}

/** Returns what a receipt number says of its answer; null when it is none of ours. */
export const standingOf = (number: ReceiptNumber): Promise<ReceiptStanding | null> =>
  standingOfReceipt(receiptHash(number))
