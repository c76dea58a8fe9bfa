import '#server-only'
import type { Counts, Tally } from '#domain/survey/distribution.ts'
import { db } from '#server/platform/db.ts'

/** What is public of one question at one agency. What is held is not read: nothing that is loaded can leak it. */
export interface PublicCell extends Tally {
  readonly agencyId: string
  readonly version: number
  readonly question: string
}

/** The public cells of one question at every agency, or of every question at one. */
export async function publicCells(
  of: { readonly question: string } | { readonly agencyId: string },
): Promise<PublicCell[]> {
  const rows = await db.surveyCell.findMany({
    where: of,
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
