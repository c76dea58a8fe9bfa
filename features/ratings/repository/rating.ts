import '#server-only'
import type { AgencyVersion } from '#features/agencies/rules/lineage.ts'
import type { VersionDates } from '#features/questionnaires/rules/version.ts'
import { queryOutsideTransaction, sql } from '#platform/db.ts'

/** The part of an agency's version that a rating of its days belongs to. */
export type RatedVersion = Pick<AgencyVersion, 'id' | 'versionId' | 'validFrom' | 'validTo'>

export interface RatingContext {
  /** The agency's versions that had begun by the day, in their order: none says that there is no such agency. */
  readonly versions: readonly RatedVersion[]
  /** When each version of the questions is asked, drafts included. */
  readonly questionnaires: readonly VersionDates[]
}

/** A point in time as JSON has it. */
type Written = string | null
interface Row {
  readonly versions: readonly RatedVersion[]
  readonly questionnaires: readonly {
    readonly version: number
    readonly publishedAt: Written
    readonly retiredAt: Written
    readonly trialPercent: number | null
    readonly trialEndsAt: Written
    readonly adoptedAt: Written
  }[]
}

const instant = (written: Written): Date | null => (written === null ? null : new Date(written))

/**
 * Returns what a rating is checked against, in one prepared statement: as two reads of the client's it took a fifth of
 * all that a rating takes.
 *
 * @param day a local date
 */
export async function ratingContext(agencyId: string, day: string): Promise<RatingContext> {
  const [row] = await queryOutsideTransaction<Row>(sql`SELECT
      (SELECT coalesce(json_agg(json_build_object('id', agency_id, 'versionId', id, 'validFrom', valid_from,
          'validTo', valid_to) ORDER BY valid_from), '[]')
        FROM agency_versions WHERE agency_id = ${agencyId} AND valid_from <= ${day}::date) AS versions,
      (SELECT coalesce(json_agg(json_build_object('version', version, 'publishedAt', published_at,
          'retiredAt', retired_at, 'trialPercent', trial_percent, 'trialEndsAt', trial_ends_at,
          'adoptedAt', adopted_at)), '[]')
        FROM questionnaires) AS questionnaires`)
  if (!row) throw new Error('rating_context answered nothing')
  return {
    versions: row.versions,
    questionnaires: row.questionnaires.map(({ publishedAt, retiredAt, trialEndsAt, adoptedAt, ...rest }) => ({
      ...rest,
      publishedAt: instant(publishedAt),
      retiredAt: instant(retiredAt),
      trialEndsAt: instant(trialEndsAt),
      adoptedAt: instant(adoptedAt),
    })),
  }
}
