import '#server-only'
import { db } from '#platform/db.ts'
import { addByChannel, type ByChannel } from '../rules/channel-split.ts'
import { addByCode, type ByCode, NO_SPLIT } from '../rules/code-split.ts'
import type { Counts, Tally } from '../rules/distribution.ts'

/**
 * The public figures of one question at one agency. Figures that are held back are not loaded, so that they cannot
 * leak.
 */
export interface PublicCell extends Tally {
  readonly agencyId: string
  readonly version: number
  readonly question: string
}

/**
 * Returns the public cells of one question (of every version, or of some) at every agency, of every question at one, or
 * all.
 */
export async function publicCells(
  of:
    | Record<string, never>
    | { readonly question: string; readonly versions?: readonly number[] }
    | { readonly agencyId: string },
): Promise<PublicCell[]> {
  const { versions, ...where } = { versions: undefined, ...of }
  const rows = await db.surveyCell.findMany({
    where: { ...where, ...(versions && { questionnaireVersion: { in: [...versions] } }) },
    select: {
      agencyId: true,
      questionnaireVersion: true,
      question: true,
      respondents: true,
      published: true,
    },
  })
  return rows.map(({ questionnaireVersion, published, ...rest }) => ({
    ...rest,
    version: questionnaireVersion,
    counts: published as Counts,
  }))
}

/** Returns the public headline figures with and without dossier code, at one agency or at all, over every version. */
export async function publicSplits(agencyId?: string): Promise<ByCode> {
  const rows = await db.surveyCodeSplit.findMany({
    where: { ...(agencyId !== undefined && { agencyId }) },
    select: { withCode: true, withoutCode: true },
  })
  return rows
    .map((row) => ({ withCode: row.withCode as Counts, withoutCode: row.withoutCode as Counts }))
    .reduce(addByCode, NO_SPLIT)
}

/** Returns the public headline figures by the way on which the form was opened, at one agency, over every version. */
export async function publicChannels(agencyId: string): Promise<ByChannel> {
  const rows = await db.surveyChannelSplit.findMany({ where: { agencyId }, select: { published: true } })
  return rows.map(({ published }) => published as ByChannel).reduce(addByChannel, {})
}

/** What of one question became public with one week of an agency's kiosks. */
export interface KioskWeek extends Tally {
  readonly agencyId: string
  readonly version: number
  readonly question: string
  /** Its Monday, a local date. */
  readonly week: string
}

/** Returns what is public of kiosks, at one agency or at all; what waits is not loaded. */
export async function publicKioskWeeks(agencyId?: string): Promise<KioskWeek[]> {
  const rows = await db.kioskWeek.findMany({
    where: { ...(agencyId !== undefined && { agencyId }) },
    orderBy: [{ week: 'asc' }, { agencyId: 'asc' }, { questionnaireVersion: 'asc' }, { question: 'asc' }],
  })
  return rows.map(({ questionnaireVersion, week, counts, ...rest }) => ({
    ...rest,
    version: questionnaireVersion,
    week: week.toISOString().slice(0, 10),
    counts: counts as Counts,
  }))
}
