import '#server-only'
import type { PublicTable } from '#features/audit/published/rules.ts'
import { readInvited } from '#features/ratings/invitations/data.ts'
import { listVolumes } from '#features/ratings/volumes/data.ts'
import { db, sql } from '#platform/db.ts'
import { readPublicKioskWeeks, readPublicParts, readSameNetwork } from '../data.ts'
import { firstDay, type Month, monthOfDay } from '../rules.ts'
import { addByChannel, addByCode, type ByChannel, NO_SPLIT } from '../splits/rules.ts'
import { type Counts, total } from '../tally-rules.ts'
import type { AgencyTable } from './rules.ts'

export async function listTableMonths(): Promise<Month[]> {
  const rows = await db.$queryRaw<{ month: Date }[]>(sql`
    SELECT month FROM survey_months UNION SELECT month FROM survey_same_network
    UNION SELECT date_trunc('month', week)::date FROM survey_kiosk_weeks ORDER BY 1`)
  return rows.map(({ month }) => monthOfDay(month))
}

export async function readAgencyTables(
  month: Month,
  agency?: string,
): Promise<(PublicTable & { readonly content: AgencyTable })[]> {
  const [rows, beside, weeks] = await Promise.all([
    db.surveyMonth.findMany({
      where: { month: firstDay(month), ...(agency !== undefined && { agencyId: agency }) },
      orderBy: [{ questionnaireVersion: 'asc' }, { question: 'asc' }],
    }),
    readSameNetwork({ from: month, to: month }),
    readPublicKioskWeeks(agency),
  ])
  const told = rows.map(({ agencyId, questionnaireVersion, question, respondents, counts }) => ({
    agencyId,
    ...{ questionnaire: questionnaireVersion, question, respondents, counts: counts as Counts },
  }))
  const kiosks = weeks
    .filter(({ week }) => week.startsWith(month))
    .map(({ agencyId, version, week, question, respondents, counts }) => ({
      agencyId,
      ...{ questionnaire: version, week, question, respondents, counts },
    }))
  const agencies = new Set([...told, ...beside, ...kiosks].map(({ agencyId }) => agencyId))
  const own = <T extends { readonly agencyId: string }>(id: string, some: readonly T[]) =>
    some.filter(({ agencyId }) => agencyId === id).map(({ agencyId: _, ...row }) => row)
  return [...agencies]
    .filter((id) => agency === undefined || id === agency)
    .toSorted()
    .map((id) => ({
      name: `results.${id}.${month}`,
      content: {
        agency: id,
        month,
        questions: own(id, told),
        sameNetwork: own(id, beside)[0]?.answers ?? 0,
        kiosks: own(id, kiosks),
      },
    }))
}

/** Returns agencies' public headline by dossier code, channel and part, with the answers of invited people. */
export async function readSplitTables(agency?: string): Promise<PublicTable[]> {
  const where = agency === undefined ? {} : { agencyId: agency }
  const [codes, channels, parts, { cells }] = await Promise.all([
    db.surveyCodeSplit.findMany({ where, select: { agencyId: true, withCode: true, withoutCode: true } }),
    db.surveyChannelSplit.findMany({ where, select: { agencyId: true, published: true } }),
    readPublicParts(agency),
    readInvited(agency),
  ])
  const ids = new Set([...codes, ...channels, ...cells, ...parts].map(({ agencyId }) => agencyId))
  return [...ids].toSorted().flatMap((id) => {
    const byCode = codes
      .filter(({ agencyId }) => agencyId === id)
      .map(({ withCode, withoutCode }) => ({
        withCode: withCode as Counts,
        withoutCode: withoutCode as Counts,
      }))
      .reduce(addByCode, NO_SPLIT)
    const byChannel = channels
      .filter(({ agencyId }) => agencyId === id)
      .map(({ published }) => published as ByChannel)
      .reduce(addByChannel, {})
    const invited = cells.filter(({ agencyId }) => agencyId === id).map(({ agencyId: _, ...row }) => row)
    const byPart = parts.flatMap(({ agencyId, ...part }) => (agencyId === id ? [part] : []))
    const told =
      total(byCode.withCode) > 0 ||
      Object.keys(byChannel).length > 0 ||
      invited.length > 0 ||
      byPart.length > 0
    const content = {
      ...{ agency: id, codes: byCode, channels: byChannel },
      ...(invited.length > 0 && { invited }),
      ...(byPart.length > 0 && { parts: byPart }),
    }
    return told ? [{ name: `results.${id}.splits`, content }] : []
  })
}

/** Returns the numbers of cases that agencies finished, one table per month. */
export async function readVolumeTables(): Promise<PublicTable[]> {
  const months = Map.groupBy(await listVolumes(), ({ month }) => month)
  return [...months].map(([month, rows]) => ({
    name: `volumes.${month}`,
    content: {
      month,
      volumes: rows.map(({ agencyId, procedure, cases, source, toldOn }) => ({
        ...{ agency: agencyId, procedure, cases, source, as_of: toldOn },
      })),
    },
  }))
}
