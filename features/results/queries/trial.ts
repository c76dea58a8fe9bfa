import '#server-only'
import { allVersions, type Version } from '#features/questionnaires/repository/questionnaires.ts'
import { hasFigures } from '#features/questionnaires/rules/question-kinds.ts'
import { HEADLINE } from '#features/questionnaires/rules/questionnaire.ts'
import {
  currentVersion,
  mayDecide,
  trialEnd,
  type VersionState,
  versionState,
} from '#features/questionnaires/rules/version.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { publishedMonths } from '../repository/report-sources.ts'
import { addTally, NO_TALLY, type Tally } from '../rules/distribution.ts'
import { type Month, monthOf } from '../rules/month.ts'
import { type ComparedQuestion, compareVersions } from '../rules/trial.ts'

export interface TrialPage {
  readonly version: number
  readonly percent: number
  readonly state: VersionState
  readonly from: Instant
  /** The first moment after it. */
  readonly until: Instant
  /** The version that everybody else was asked when it began. */
  readonly control: number
  /** The months whose publications are compared: whole ones. */
  readonly months: { readonly first: Month; readonly last: Month }
  /** Public answers to each in these months. */
  readonly answers: { readonly trial: number; readonly control: number }
  readonly questions: readonly ComparedQuestion[]
  readonly mayDecide: boolean
  readonly adopted: boolean
  readonly decisionVi: string | null
  readonly decisionEn: string | null
}

/**
 * Returns a trial beside its control, from the public figures of both over all agencies. Null when no trial of the
 * version has begun, or the person may not read the survey data.
 */
export async function trialPage(actor: StaffActor, version: number, now: Instant): Promise<TrialPage | null> {
  if (!may(actor.role, 'survey:read')) return null
  const all = await allVersions()
  const one = all.find((other) => other.version === version)
  if (one === undefined || one.trialPercent === null || one.publishedAt === null) return null
  const state = versionState(one, all, now)
  if (state === 'scheduled' || state === 'cancelled') return null
  const others = all.filter((other) => other.version !== version)
  const control = currentVersion(others, one.publishedAt)
  if (control === null) return null
  const until = trialEnd(one, all) ?? now
  const end = until < now ? until : now
  const months = { first: monthOf(one.publishedAt), last: monthOf(end) }
  const rows = await publishedMonths({ from: months.first, to: months.last })
  const figuresOf = (of: Version): Map<string, Tally> => {
    const sums = new Map<string, Tally>()
    for (const { version: asked, question, respondents, counts } of rows)
      if (asked === of.version)
        sums.set(question, addTally(sums.get(question) ?? NO_TALLY, { respondents, counts }))
    return sums
  }
  const [own, theirs] = [figuresOf(one), figuresOf(control)]
  const side = (of: Version, figures: Map<string, Tally>) => ({
    questions: of.questions.filter(({ kind }) => hasFigures(kind)),
    figures,
  })
  return {
    ...{ version, percent: one.trialPercent, state, from: one.publishedAt, until },
    ...{ control: control.version, months, mayDecide: mayDecide(one, now), adopted: one.adoptedAt !== null },
    ...{ decisionVi: one.decisionVi, decisionEn: one.decisionEn },
    answers: {
      trial: own.get(HEADLINE)?.respondents ?? 0,
      control: theirs.get(HEADLINE)?.respondents ?? 0,
    },
    questions: compareVersions(side(one, own), side(control, theirs), NO_TALLY),
  }
}
