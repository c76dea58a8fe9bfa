import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { HEADLINE, hasFigures } from '#features/questionnaires/questions/rules.ts'
import { listAllVersions, lockVersions, type Version } from '#features/questionnaires/versions/data.ts'
import { askedQuestions, currentVersion, isHeld, wasPublic } from '#features/questionnaires/versions/rules.ts'
import { publish } from '#features/ratings/publication/acts.ts'
import { firstDay, monthOf } from '#features/results/rules.ts'
import { MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { minuteCounts } from '#platform/minute-counts.ts'
import { readDispersion } from '../data.ts'
import { addForms, findHeldAgencies } from './data.ts'
import { compareArms, type TrialFigures, type TriedAnswer } from './trial-rules.ts'

const forms = minuteCounts('forms of a trial', (key, count) => {
  const [trial = 0, version = 0] = key.split(' ').map(Number)
  return addForms(trial, version, count)
})

/** Counts a form that was assigned by draw: the share that comes back shows which version people gave up on. */
export const countForm = (trial: number, version: number): void => forms.count(`${trial} ${version}`)

export const writeForms = forms.flush

/**
 * Checks whether each planned trial has its size. If so, computes the result once and publishes the trial's answers;
 * the trial can then be decided. For a trial that ended before, publishes only the answers to questions that others
 * were asked too, without a comparison.
 */
export async function tendTrials(now: Instant): Promise<void> {
  const planned = async () =>
    (await listAllVersions()).filter((one) => one.trialSize != null && wasPublic(one, now))
  for (const one of await planned()) if (isHeld(one)) await transaction((tx) => reach(tx, one.version, now))
  for (const one of await planned()) if (!isHeld(one)) await releaseHeld(one, now)
}

async function reach(tx: Tx, version: number, now: Instant): Promise<void> {
  await lockVersions(tx)
  const all = await listAllVersions(tx)
  const one = all.find((other) => other.version === version)
  if (one?.trialSize == null || one.publishedAt === null || !isHeld(one)) return
  const control = currentVersion(
    all.filter((other) => other.version !== version),
    one.publishedAt,
  )
  if (control === null) return
  // An answer that comes meanwhile waits until figures and release are written, and is in neither: it would be their difference.
  await tx.$queryRaw`
    SELECT FROM survey_tallies WHERE questionnaire_version = ${version}::int ORDER BY agency_id FOR UPDATE`
  const [answers, { factor: dispersion }] = await Promise.all([
    readTriedAnswers(tx, { trial: version, control: control.version, since: one.publishedAt }),
    readDispersion(now),
  ])
  const of = ({ questions }: Version) => questions.filter(({ kind }) => hasFigures(kind))
  const compared = compareArms({ trial: of(one), control: of(control) }, answers, dispersion)
  if (compared.answers.trial < one.trialSize) return
  const given = await readForms(tx, version)
  const figures: TrialFigures = {
    ...{ ...compared, control: control.version, dispersion },
    forms: { trial: given.get(version) ?? 0, control: given.get(control.version) ?? 0 },
  }
  const data = { reachedAt: now, trialFigures: figures }
  await tx.questionnaire.update({ where: { version }, data, select: { version: true } })
  const { agencies } = compared
  await audit(tx, {
    actor: { kind: 'system' },
    act: 'questionnaire.trial_reached',
    subject: { kind: 'questionnaire', id: String(version) },
    facts: { size: one.trialSize, agencies, ...compared.answers },
    at: now,
  })
  await releaseHeld({ ...one, reachedAt: now }, now, (release) => release(tx))
}

/** Returns the waiting answers to a trial and the public ones to its control, of while the trial ran. */
const readTriedAnswers = (
  tx: Tx,
  { trial, control, since }: { readonly trial: number; readonly control: number; readonly since: Instant },
): Promise<TriedAnswer[]> => tx.$queryRaw<TriedAnswer[]>`
  SELECT agency_id AS "agencyId", questionnaire_version = ${trial}::int AS trial, answers FROM survey_responses
  WHERE trial = ${trial}::int AND NOT same_network AND received_month >= ${firstDay(monthOf(since))}::date
    AND (questionnaire_version = ${trial}::int OR questionnaire_version = ${control}::int AND counted)`

async function readForms(tx: Tx, trial: number): Promise<Map<number, number>> {
  const rows = await tx.trialForms.findMany({ where: { trial } })
  return new Map(rows.map(({ version, forms }) => [version, forms]))
}

/**
 * Publishes the held answers of a trial: with its figures in their transaction, otherwise each agency in its own, because a city
 * has two hundred agencies.
 */
async function releaseHeld(
  one: Version,
  now: Instant,
  within: (release: (tx: Tx) => Promise<void>) => Promise<void> = transaction,
): Promise<void> {
  const agencies = await findHeldAgencies(one.version)
  if (agencies.length === 0) return
  const alike = askedQuestions(
    (await listAllVersions()).filter((other) => wasPublic(other, now)),
    now,
  )
    .filter(({ versions }) => versions.length > 1 && versions.includes(one.version))
    .map(({ question }) => question)
  const questions = one.reachedAt === null ? alike : one.questions
  // The headline is in every version, with the same options.
  const told = questions.some(({ key }) => key === HEADLINE)
    ? questions
    : [...one.questions.filter(({ key }) => key === HEADLINE), ...questions]
  const of = { ...one, questions: told }
  for (const agencyId of agencies)
    await within(async (tx) => {
      // Fewer than ten people wait for others, as with all answers.
      if (await takeHeld(tx, agencyId, one.version)) await publish(tx, agencyId, of, now)
    })
}

/** Locks an agency's tally and counts its held people. With ten, the waiting answers count as published (true). */
async function takeHeld(tx: Tx, agencyId: string, version: number): Promise<boolean> {
  await tx.$queryRaw`
    SELECT FROM survey_tallies WHERE agency_id = ${agencyId} AND questionnaire_version = ${version}::int FOR UPDATE`
  const people = await tx.surveyResponse.count({
    where: { agencyId, questionnaireVersion: version, counted: false, sameNetwork: false, repeated: false },
  })
  if (people === 0) return false
  const due = people >= MIN_PUBLIC_GROUP
  await tx.$executeRaw`
    UPDATE survey_tallies SET published = published + CASE WHEN ${due}::boolean THEN waiting ELSE 0 END,
      waiting = CASE WHEN ${due}::boolean THEN 0 ELSE waiting END, batches = batches + CASE WHEN ${due}::boolean THEN 1 ELSE 0 END,
      waiting_people = CASE WHEN ${due}::boolean THEN 0 ELSE ${people}::int END
    WHERE agency_id = ${agencyId} AND questionnaire_version = ${version}::int`
  return due
}
