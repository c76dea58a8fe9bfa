import '#server-only'
import { findAgenciesUpTo } from '#features/agencies/data.ts'
import { AGENCY_GROUPS, type Agency, type AgencyGroup, groupOf } from '#features/agencies/rules.ts'
import { kindOf, type Question } from '#features/questionnaires/questions/rules.ts'
import { listAllVersions, listPublishedQuestionnaires } from '#features/questionnaires/versions/data.ts'
import {
  type AskedQuestion,
  askedQuestions,
  currentVersion,
  mayDecide,
  type Trial,
  trialEnd,
  trialsBy,
  type VersionState,
  versionState,
  versionsInOrder,
} from '#features/questionnaires/versions/rules.ts'
import { wholeTens } from '#features/ratings/comments/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { readDispersion, readPublicCells, readQuestionTrend } from '../data.ts'
import { addTally, NO_TALLY, type Tally, withDispersion } from '../tally-rules.ts'
import type { CityTrend } from '../trend/rules.ts'
import { type TrialFigures, trialFiguresSchema } from './trial-rules.ts'

export interface QuestionOfCity extends AskedQuestion {
  readonly trials: readonly Trial[]
  readonly city: Tally
  readonly groups: Readonly<Record<AgencyGroup, Tally>>
  /** The agencies with public answers, in the catalogue's order. */
  readonly agencies: readonly { readonly agency: Agency; readonly tally: Tally }[]
  /** Null where this kind of question has no figure. */
  readonly trend: CityTrend | null
}

/** Returns the questions with a page: those of the version in use first, those on trial last. */
export async function listQuestionsByVersion(now: Instant) {
  const all = await listPublishedQuestionnaires(now)
  const trials = trialsBy(all, now)
  return versionsInOrder(all, now).map(({ one, use }) => ({
    ...one,
    use,
    trial: trials.find(({ version }) => version === one.version) ?? null,
  }))
}

/** Returns one question over all agencies and all versions that ask the same; null where it was never asked. */
export async function readQuestionResults(
  version: number,
  key: string,
  now: Instant,
): Promise<QuestionOfCity | null> {
  const all = await listPublishedQuestionnaires(now)
  const asked = askedQuestions(all, now).find(
    ({ question, versions }) => question.key === key && versions.includes(version),
  )
  if (asked === undefined) return null
  const { question, versions } = asked
  const { headline } = kindOf(question.kind)
  const [known, cells, { factor }, trend] = await Promise.all([
    findAgenciesUpTo(localDate(now)),
    readPublicCells({ question: key, versions }),
    readDispersion(now),
    headline && readQuestionTrend(key, now, versions, headline),
  ])
  const tallies = new Map<string, Tally>()
  for (const { agencyId, respondents, counts } of cells)
    tallies.set(agencyId, addTally(tallies.get(agencyId) ?? NO_TALLY, { respondents, counts }))
  const tallyOf = ({ id }: Agency): Tally => tallies.get(id) ?? NO_TALLY
  const sum = (some: readonly Agency[]) =>
    withDispersion(some.map(tallyOf).reduce(addTally, NO_TALLY), factor)
  const group = (name: AgencyGroup) => sum(known.filter(({ kind }) => groupOf(kind) === name))
  const [districts, departments] = AGENCY_GROUPS
  return {
    ...asked,
    trials: trialsBy(all, now).filter((trial) => versions.includes(trial.version)),
    city: sum(known),
    groups: { [districts]: group(districts), [departments]: group(departments) },
    agencies: known
      .map((agency) => ({ agency, tally: withDispersion(tallyOf(agency), factor) }))
      .filter(({ tally }) => tally.respondents > 0),
    trend,
  }
}

export interface TrialPage {
  readonly version: number
  readonly percent: number
  readonly state: VersionState
  readonly from: Instant
  /** The first moment after it. */
  readonly until: Instant
  /** The version that everybody else got when the trial began. */
  readonly control: number
  /** The planned number of people; null for a trial that began before plans existed. */
  readonly size: number | null
  readonly points: number | null
  /** The number of people who have answered, rounded down to the ten. It is all that is known before the trial has its size. */
  readonly tried: number
  /** Null until the trial has its size; null forever if it was stopped before. */
  readonly figures: TrialFigures | null
  /** The questions by key, as the trial asks them, or as the control does where the trial does not. */
  readonly questions: ReadonlyMap<string, Question>
  readonly mayDecide: boolean
  readonly adopted: boolean
  readonly decisionVi: string | null
  readonly decisionEn: string | null
}

/** Returns a trial with its plan and, once it has its size, its result; null before it has begun. */
export async function readTrialPage(
  actor: StaffActor,
  version: number,
  now: Instant,
): Promise<TrialPage | null> {
  if (!may(actor.role, 'survey:read')) return null
  const all = await listAllVersions()
  const one = all.find((other) => other.version === version)
  if (one === undefined || one.trialPercent === null || one.publishedAt === null) return null
  const state = versionState(one, all, now)
  if (state === 'scheduled' || state === 'cancelled') return null
  const others = all.filter((other) => other.version !== version)
  const control = currentVersion(others, one.publishedAt)
  if (control === null) return null
  const read = trialFiguresSchema.safeParse(one.trialFigures)
  return {
    ...{ version, percent: one.trialPercent, state, from: one.publishedAt, until: trialEnd(one, all) ?? now },
    ...{ control: control.version, size: one.trialSize ?? null, points: one.trialPoints },
    tried: one.trialSize == null ? 0 : wholeTens(await countTried(version)),
    figures: read.success ? read.data : null,
    questions: new Map([...control.questions, ...one.questions].map((question) => [question.key, question])),
    ...{ mayDecide: mayDecide(one, now), adopted: one.adoptedAt !== null },
    ...{ decisionVi: one.decisionVi, decisionEn: one.decisionEn },
  }
}

/** Counts the people who have answered a trial at agencies with ten or more answers, since only those are compared. */
async function countTried(trial: number): Promise<number> {
  const rows = await db.$queryRaw<{ people: number }[]>`
    SELECT count(*)::int AS people FROM survey_responses
    WHERE trial = ${trial}::int AND questionnaire_version = ${trial}::int AND NOT same_network AND NOT counted
    GROUP BY agency_id HAVING count(*) >= ${MIN_PUBLIC_GROUP}`
  return rows.reduce((sum, { people }) => sum + people, 0)
}

export async function addForms(trial: number, version: number, forms: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO survey_trial_forms AS f (trial, version, forms) VALUES (${trial}::int, ${version}::int, ${forms}::int)
    ON CONFLICT (trial, version) DO UPDATE SET forms = f.forms + excluded.forms`
}

/** Returns the agencies whose answers were held for a trial, and whose people the tally does not count yet. */
export async function findHeldAgencies(version: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT agency_id AS id FROM survey_tallies t WHERE questionnaire_version = ${version}::int AND waiting_people < (
      SELECT count(*) FROM survey_responses r WHERE r.agency_id = t.agency_id AND r.questionnaire_version = t.questionnaire_version
        AND NOT r.counted AND NOT r.same_network AND NOT r.repeated)
    ORDER BY 1`
  return rows.map(({ id }) => id)
}
