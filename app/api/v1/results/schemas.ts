import { z } from 'zod'
import { CITY } from '#cities/city.ts'
import { AGENCY_KINDS } from '#features/agencies/rules.ts'
import { QUESTION_KINDS } from '#features/questionnaires/questions/rules.ts'
import { ANSWER_CHANNELS } from '#features/ratings/rating/rules.ts'
import { FACETS } from '#features/results/parts/rules.ts'
import { MONTH } from '#features/results/rules.ts'
import type { AnswerOf } from '#lib/answer.ts'
import { MIN_KIOSK_GROUP, MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'

/** The format of the answer, for clients that cannot set `Accept`. */
export const formatSchema = z
  .enum(['json', 'csv'])
  .optional()
  .describe('`csv` or `json`, where `Accept` cannot say so')

const agency = z.string().meta({
  description: 'the agency’s id, which never changes',
  examples: [CITY.example],
})
const month = z.string().regex(MONTH).describe('in which the answers became public')
const question = z.string().meta({ examples: ['r1'] })
const day = z.iso.date()
const text = z.object({ vi: z.string(), en: z.string() })

export const agencyPathSchema = z.object({ agency: z.string().describe('the agency’s id') })
export const monthPathSchema = z.object({
  month: z.string().regex(MONTH).describe('`YYYY-MM`'),
})
export const questionPathSchema = z.object({
  version: z
    .string()
    .regex(/^[1-9]\d{0,5}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(999_999))
    .describe('the version of the questions'),
  question: question.describe('the question’s key'),
})

const optional = (what: string, none: string) =>
  z.number().min(0).max(1).nullable().describe(`${what}; ${none}`)

const SHARE_OF = {
  satisfied: 'the share that chose the top two of five',
  low: 'lower bound of its 95 % Wilson interval, widened by the dispersion',
  high: 'upper bound of its 95 % Wilson interval, widened by the dispersion',
}
const SUPPRESSED = 'null where it is suppressed'
const SHARE = {
  satisfied: optional(SHARE_OF.satisfied, SUPPRESSED),
  low: optional(SHARE_OF.low, SUPPRESSED),
  high: optional(SHARE_OF.high, SUPPRESSED),
}

const FIGURES = {
  responses: z
    .int()
    .min(0)
    .describe(
      'public answers, each of one network, agency and day: moves by tens, the oldest first; 0 where suppressed',
    ),
  suppressed: z.boolean().describe('fewer than ten people have answered'),
  ...SHARE,
}

export const figuresSchema = z.object(FIGURES).meta({ id: 'SurveyFigures' })
export type SurveyFigures = AnswerOf<typeof figuresSchema>

const dispersionSchema = z
  .object({
    factor: z
      .number()
      .min(1)
      .describe('every interval and limit is that of so many times fewer people; 1 while it is not known'),
    compared: z
      .number()
      .min(1)
      .describe('χ² of every comparison is divided by it; 2 is assumed while it is not known'),
    values: z.int().min(0).describe('months of agencies that it was found of; 0 while it is not known'),
    from: month.nullable(),
    to: month.nullable(),
    smallestDifference: z.number().describe('a smaller difference puts no agency into a band'),
  })
  .describe('by how much answers vary more than independent ones: Spiegelhalter 2005, winsorised by a tenth')
  .meta({ id: 'Dispersion' })

const TOTALS = {
  ...FIGURES,
  sameNetwork: z
    .int()
    .min(0)
    .describe(
      'answers that are kept and added to nothing, as their network had one in the figures for the same agency and day; each month’s down to the ten',
    ),
}
const totalsSchema = z.object(TOTALS).meta({ id: 'SurveyTotals' })

const PAST = {
  endedOn: day.nullable().describe('the first day on which the agency was no more; null while it is open'),
  successors: z
    .array(z.string())
    .nullable()
    .describe('who has its tasks today; the figures stay the agency’s own'),
  formerNames: z
    .array(text)
    .describe('the names it had before, the latest first; the figures are those of all its names'),
  nameSince: day.nullable().describe('the first day of its present name; null where it never had another'),
}

const DATED = {
  asOf: day.describe('the day of the figures'),
  licence: z.string().meta({ examples: ['CC BY 4.0'] }),
}
/** An answer before its day and licence are added. */
export type Undated<Dated> = Omit<Dated, keyof typeof DATED>

const AGENCY_FIGURES = {
  agency,
  name: text,
  kind: z.enum(AGENCY_KINDS),
  ...TOTALS,
  band: z
    .enum(['above', 'same', 'below'])
    .nullable()
    .describe(
      'beside all others of its group that existed when it did: a two-sided score test at 5 % with the dispersion, corrected by Holm’s method over the group, and a difference of ten points or more; null below 30 answers, where the others together have fewer, and within a month',
    ),
  visible: optional(
    'the smallest difference from the others of its group that so many answers could show',
    'null where it is not compared',
  ),
  cases: z.int().nullable().describe('finished cases in the months that are told; null where none is'),
  perThousand: z
    .number()
    .nullable()
    .describe(
      'answers for a thousand cases in these months; null where cases are not told, or fewer than answers',
    ),
  ...PAST,
}

export const agencyFiguresSchema = z.object(AGENCY_FIGURES).meta({ id: 'AgencyFigures' })
export type AgencyFiguresAnswer = AnswerOf<typeof agencyFiguresSchema>

const weightedSchema = z
  .object({
    agencies: z.int().describe('those whose share is public and whose cases are told'),
    cases: z.int(),
    satisfied: z.number(),
    low: z.number(),
    high: z.number(),
  })
  .nullable()
  .describe(
    'the share with each agency weighing as much as its cases, with the 95 % interval of a stratified mean; null where fewer than five agencies tell theirs, and within a month',
  )

const OF_CITY = {
  dispersion: dispersionSchema,
  weighted: weightedSchema,
  city: totalsSchema,
  groups: z.object({ districts: totalsSchema, departments: totalsSchema }),
  agencies: z.array(agencyFiguresSchema),
  former: z.array(agencyFiguresSchema).describe('reorganised away; their answers are in the totals'),
}
export const cityResultsSchema = z.object({ ...DATED, ...OF_CITY }).meta({ id: 'CityResults' })
export type CityResultsAnswer = AnswerOf<typeof cityResultsSchema>

export const monthResultsSchema = z
  .object({ ...DATED, month: z.string(), ...OF_CITY })
  .meta({ id: 'MonthResults' })
export type MonthResultsAnswer = AnswerOf<typeof monthResultsSchema>

const limit = (side: string) => optional(`${side} 3σ limit of the p-chart`, 'null below six months')

const monthFiguresSchema = z
  .object({
    month,
    responses: z.int().min(MIN_PUBLIC_GROUP),
    ...SHARE,
    lowerLimit: limit('lower'),
    upperLimit: limit('upper'),
    outside: z.boolean().describe('beyond its limits'),
    rule: z
      .enum(['one_network', 'all'])
      .describe(
        'how its answers were added up: of a network, agency and day one, or all of them as before the change of the rule',
      ),
  })
  .meta({ id: 'MonthFigures' })
export type MonthFigures = AnswerOf<typeof monthFiguresSchema>

const months = z.array(monthFiguresSchema).describe('the last 24; months without public answers are left out')
export const monthsSchema = z.object({ ...DATED, months }).meta({ id: 'Months' })
export type MonthsAnswer = AnswerOf<typeof monthsSchema>
export const agencyMonthsSchema = z.object({ ...DATED, agency, months }).meta({ id: 'AgencyMonths' })
export type AgencyMonthsAnswer = AnswerOf<typeof agencyMonthsSchema>

const ASKED = {
  questionnaire: z.int().describe('the version of the questions'),
  versions: z
    .array(z.int())
    .describe(
      'every version that asks it in the same words and with the same options: their answers are added up',
    ),
  use: z
    .enum(['current', 'past', 'trial'])
    .describe('asked of everybody now, asked once, or asked on trial alone'),
}

const trials = z
  .array(
    z.object({
      questionnaire: ASKED.questionnaire,
      percent: z.int().describe('of the forms that got it'),
      from: day,
      until: day.describe('its last day'),
      size: z
        .int()
        .nullable()
        .describe(
          'how many people were to answer it before anything of it is public; null of one without a plan',
        ),
      reached: z.boolean().describe('so many have; else nothing of what it alone asks is public'),
    }),
  )
  .describe('versions that are or were on trial beside the one in use')

const options = z.array(z.object({ option: z.string(), text })).describe('what each option’s code means')

const UNANSWERED = 'null where nobody has answered'
const counts = z.array(
  z.object({
    option: z.string(),
    count: z.int().min(0),
    share: optional('of the respondents', UNANSWERED),
    low: optional(SHARE_OF.low, UNANSWERED),
    high: optional(SHARE_OF.high, UNANSWERED),
  }),
)
const TALLY = {
  respondents: z
    .int()
    .min(0)
    .describe('people who answered: fewer than the counts together where several options may be chosen'),
  satisfied: optional(SHARE_OF.satisfied, 'of a question with a scale').optional(),
  low: optional(SHARE_OF.low, 'of a question with a scale').optional(),
  high: optional(SHARE_OF.high, 'of a question with a scale').optional(),
}

const tallySchema = z.object({ ...TALLY, counts }).meta({ id: 'QuestionTally' })
export type QuestionTally = AnswerOf<typeof tallySchema>

export const agencyResultsSchema = z
  .object({
    ...DATED,
    ...AGENCY_FIGURES,
    dispersion: dispersionSchema,
    group: totalsSchema.describe('everybody of its group together'),
    months: z.array(monthFiguresSchema),
    before: z.array(monthFiguresSchema).describe('of those whose tasks it took over, added up'),
    codes: z
      .object({ with: figuresSchema, without: figuresSchema })
      .nullable()
      .describe(
        'the headline of those with and without dossier code; up to some tens behind it. Null where they are not told apart yet: each side needs ten people',
      ),
    channels: z
      .array(z.object({ channel: z.enum(ANSWER_CHANNELS), figures: figuresSchema }))
      .nullable()
      .describe(
        'the headline by the way on which the form was opened: the site, a poster; in steps of thirty, ten on each way. Null where they are not told apart yet',
      ),
    parts: z
      .array(z.object({ facet: z.enum(FACETS), value: z.string(), figures: figuresSchema }))
      .describe(
        'the headline by month of service, procedure and state of the case, as far as it is told apart; up to some tens behind it. `/api/v1/results/parts` has the counts',
      ),
    kiosks: z
      .object({
        headline: figuresSchema,
        week: day.describe('the Monday of the last week of which something is public'),
      })
      .nullable()
      .describe(
        'the headline of answers given at kiosks, which are in no other figure; by whole weeks, from thirty on. `/api/v1/results/kiosks` has every question and week',
      ),
    predecessors: z
      .array(z.object({ on: day, agencies: z.array(agency) }))
      .describe('whose tasks it took over, the latest first'),
    renamings: z
      .array(
        z.object({
          on: day,
          before: text,
          after: text,
          basis: z.string().nullable().describe('the legal basis, in Vietnamese'),
        }),
      )
      .describe('the names it had before, the latest first; the figures are those of all its names'),
    trials,
    questions: z
      .array(
        z.object({
          ...ASKED,
          question,
          text,
          options,
          suppressed: z.boolean().describe('too few have answered it'),
          ...TALLY,
          counts: counts.nullable(),
        }),
      )
      .describe('each once: those of the version in use first, those of a trial last'),
    texts: z
      .array(
        z.object({
          questionnaire: ASKED.questionnaire,
          question,
          text,
          answers: z
            .int()
            .min(MIN_PUBLIC_GROUP)
            .nullable()
            .describe(
              'people who answered, down to the ten; null under ten. What they wrote is never public',
            ),
        }),
      )
      .describe('the questions that are answered in words'),
  })
  .meta({ id: 'AgencyResults' })
export type AgencyResultsAnswer = AnswerOf<typeof agencyResultsSchema>

export const questionResultsSchema = z
  .object({
    ...DATED,
    ...ASKED,
    trials,
    question,
    text,
    kind: z.enum(QUESTION_KINDS),
    options,
    city: tallySchema,
    groups: z.object({ districts: tallySchema, departments: tallySchema }),
    agencies: z.array(z.object({ agency, ...TALLY, counts })).describe('those with public answers'),
    months: z.array(monthFiguresSchema).describe('of a question with a scale'),
  })
  .meta({ id: 'QuestionResults' })
export type QuestionResultsAnswer = AnswerOf<typeof questionResultsSchema>

/** Returns the columns of a table's CSV: the fields of its rows, in order. */
const columnsOf = ({ element }: z.ZodArray<z.ZodObject>) => Object.keys(element.shape)

/** One row of the file of all answers. */
const answerRow = z.object({
  agency,
  name_vi: z.string(),
  name_en: z.string(),
  kind: z.enum(AGENCY_KINDS),
  ended_on: day.nullable(),
  successors: z.string().nullable().describe('ids with a space between'),
  questionnaire: ASKED.questionnaire,
  versions: z.string().describe('with a space between'),
  use: ASKED.use.nullable(),
  question,
  question_vi: z.string(),
  question_en: z.string(),
  option: z.string().nullable(),
  option_vi: z.string().nullable(),
  option_en: z.string().nullable(),
  count: z.int().min(0),
  respondents: TALLY.respondents,
  share: optional('of the respondents', UNANSWERED),
  low: optional(SHARE_OF.low, UNANSWERED),
  high: optional(SHARE_OF.high, UNANSWERED),
  as_of: day,
  former_name_vi: z.string().nullable().describe('with a semicolon between'),
  former_name_en: z.string().nullable().describe('with a semicolon between'),
  name_since: PAST.nameSince,
})

export const surveyAnswersSchema = z
  .object({
    ...DATED,
    answers: z
      .array(answerRow)
      .describe(
        'a row an option, with the columns of the CSV; a question answered in words has one row without an option',
      ),
  })
  .meta({ id: 'SurveyAnswers' })
export type SurveyAnswers = AnswerOf<typeof surveyAnswersSchema>
export const ANSWER_COLUMNS = columnsOf(surveyAnswersSchema.shape.answers)

/** One option at an agency's kiosks in one week. */
export const kioskRowsSchema = z
  .object({
    ...DATED,
    kiosks: z.array(
      z.object({
        agency,
        week: day.describe('the Monday of the week with which the answers became public'),
        questionnaire: ASKED.questionnaire,
        question,
        option: z.string(),
        count: z.int().min(1),
        respondents: z.int().min(MIN_KIOSK_GROUP),
        as_of: day,
      }),
    ),
  })
  .meta({ id: 'KioskRows' })
export type KioskRows = AnswerOf<typeof kioskRowsSchema>
export const KIOSK_COLUMNS = columnsOf(kioskRowsSchema.shape.kiosks)

/** One option of the headline question in one part of an agency's answers. */
export const partRowsSchema = z
  .object({
    ...DATED,
    parts: z.array(
      z.object({
        agency,
        facet: z.enum(FACETS),
        value: z.string().describe('`done` or `waiting`, a month, or the code of a procedure'),
        value_vi: z.string().describe('the name of a procedure; empty otherwise'),
        value_en: z.string(),
        option: z.string(),
        count: z.int().min(1),
        respondents: z.int().min(MIN_PUBLIC_GROUP),
        as_of: day,
      }),
    ),
  })
  .meta({ id: 'PartRows' })
export type PartRows = AnswerOf<typeof partRowsSchema>
export const PART_COLUMNS = columnsOf(partRowsSchema.shape.parts)

/** One option among people who were drawn and invited. */
export const invitedRowsSchema = z
  .object({
    ...DATED,
    invited: z.array(
      z.object({
        agency,
        month,
        service_months: z
          .string()
          .describe('the months in which the cases were finished, set apart by blanks'),
        drawn_cases: z.int().min(1).describe('the cases of which people were drawn'),
        drawn: z.int().min(1).describe('people who were invited'),
        answered: z.int().min(1).describe('how many of them answered'),
        questionnaire: ASKED.questionnaire,
        question,
        option: z.string(),
        count: z.int().min(1),
        respondents: z.int().min(MIN_PUBLIC_GROUP),
        weighted: z
          .number()
          .describe(
            'the option’s share with each procedure weighing as much as its cases; strata of fewer than ten people are joined',
          ),
        effective: z.number().describe('people of a plain sample that say as much: (Σw)² / Σw²'),
        as_of: day,
      }),
    ),
  })
  .meta({ id: 'InvitedRows' })
export type InvitedRows = AnswerOf<typeof invitedRowsSchema>
export const INVITED_COLUMNS = columnsOf(invitedRowsSchema.shape.invited)

/** The cases that one agency finished in one month. */
export const volumeRowsSchema = z
  .object({
    ...DATED,
    volumes: z.array(
      z.object({
        agency,
        month: z.string().regex(MONTH).describe('in which the cases were finished'),
        procedure: z.string().describe('its code; empty: all that are not named'),
        cases: z.int().min(0),
        source: z.string(),
        as_of: day.describe('on which it was told'),
      }),
    ),
  })
  .meta({ id: 'VolumeRows' })
export type VolumeRows = AnswerOf<typeof volumeRowsSchema>
export const VOLUME_COLUMNS = columnsOf(volumeRowsSchema.shape.volumes)

export const columnsSchema = z
  .object({
    licence: DATED.licence,
    columns: z.array(
      z.object({
        column: z.string(),
        tables: z.array(z.string()).describe('the ends of the addresses of the tables that have it'),
        meaning: text,
        values: text,
      }),
    ),
  })
  .meta({ id: 'SurveyColumns' })
export type SurveyColumns = AnswerOf<typeof columnsSchema>
