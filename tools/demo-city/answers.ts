import { randomUUID } from 'node:crypto'
import { type AgencyKind, groupOf } from '#features/agencies/rules.ts'
import type { AuditedAct } from '#features/audit/entries/acts.ts'
import { HEADLINE, type Question, type Questionnaire } from '#features/questionnaires/questions/rules.ts'
import { weigh } from '#features/ratings/invitations/weights-rules.ts'
import { isDoubtful } from '#features/ratings/masking/rules.ts'
import { type Cell, countBatch, EMPTY_CELL, releaseBatch } from '#features/ratings/publication/rules.ts'
import { WHOLE_CITY } from '#features/results/benchmarks/rules.ts'
import { FACETS, type Parts, releaseParts } from '#features/results/parts/rules.ts'
import { compareArms, type TrialFigures, type TriedAnswer } from '#features/results/questions/trial-rules.ts'
import { firstDay, type Month, monthOf, monthOfDay, monthsLater } from '#features/results/rules.ts'
import { NO_CODE_SPLIT, releaseSplit, splitBatch } from '#features/results/splits/rules.ts'
import { addTally, NO_TALLY, type Tally, total } from '#features/results/tally-rules.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import { MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { randomBuffer } from '#platform/crypto.ts'
import type { Chance } from './chance.ts'
import { PROCEDURES, RIGHT } from './opinions.ts'
import { areaAt, DEMO, MAIN, SECOND } from './places.ts'
import { COMMENTS, REPLIES, SUGGESTIONS } from './voices.ts'

const isCounted = ({ options }: Question): boolean => options.length > 0

export interface SurveyRows {
  readonly responses: Prisma.SurveyResponseCreateManyInput[]
  readonly receipts: Prisma.SurveyReceiptCreateManyInput[]
  readonly comments: Prisma.SurveyCommentCreateManyInput[]
  readonly replies: Prisma.AgencyReplyCreateManyInput[]
  readonly suggestions: Prisma.SurveySuggestionCreateManyInput[]
  readonly tallies: Prisma.SurveyTallyCreateManyInput[]
  readonly cells: Prisma.SurveyCellCreateManyInput[]
  readonly months: Prisma.SurveyMonthCreateManyInput[]
  readonly splits: Prisma.SurveyCodeSplitCreateManyInput[]
  readonly parts: Prisma.SurveyPartCreateManyInput[]
  readonly benchmarks: Prisma.SurveyBenchmarkCreateManyInput[]
  readonly volumes: Prisma.SurveyVolumeCreateManyInput[]
  readonly trials: Prisma.QuestionnaireCreateManyInput[]
  readonly forms: Prisma.TrialFormsCreateManyInput[]
  readonly draws: Prisma.SurveyDrawCreateManyInput[]
  readonly strata: Prisma.SurveyStratumCreateManyInput[]
  readonly invited: Prisma.InvitedResponseCreateManyInput[]
  readonly invitedCells: Prisma.InvitedCellCreateManyInput[]
  readonly acts: AuditedAct[]
}

export interface Agency {
  readonly id: string
  readonly versionId: string
  readonly kind: AgencyKind
}

/** The staff who answer comments and who manage the questions. */
export interface Voices {
  readonly viewer: AuditedAct['actor']
  readonly manager: AuditedAct['actor']
}

/** The number of months with answers, including the current one. */
const MONTHS = 12

/** The agencies that drew and invited people, and how many cases of each procedure they listed. */
const INVITING: readonly string[] = [SECOND, MAIN, 'so-tu-phap']
const LISTED = { '1.000894': 260, '2.000815': 120, '1.004873': 60 } as const

/** The agencies of a trial with enough answers, and the number of answers at each. */
const TRYING: readonly string[] = [SECOND, MAIN, areaAt(8)]
const TRIED = 30

type Tone = keyof typeof COMMENTS
const toneOf = (overall: number): Tone => (overall >= 4 ? 'good' : overall === 3 ? 'fair' : 'bad')

/**
 * Writes a year of answers, in groups of ten that became public one after the other, as the product would have published
 * them.
 */
export class Answers {
  readonly rows: SurveyRows = {
    ...{ responses: [], receipts: [], comments: [], replies: [], suggestions: [] },
    ...{ tallies: [], cells: [], months: [], splits: [], parts: [], benchmarks: [], volumes: [], acts: [] },
    ...{ trials: [], forms: [] },
    ...{ draws: [], strata: [], invited: [], invitedCells: [] },
  }
  readonly #now: Instant
  readonly #chance: Chance
  readonly #questions: readonly Question[]
  readonly #all: readonly Question[]
  readonly #basis: string
  readonly #version: number
  readonly #kinds: ReadonlyMap<string, Question['kind']>
  readonly #written = new Map<Tone, number>()
  readonly #judged = new Map<string, boolean>()

  constructor(now: Instant, chance: Chance, { version, questions, legalBasis }: Questionnaire) {
    this.#all = questions
    this.#basis = legalBasis
    this.#now = now
    this.#chance = chance
    this.#version = version
    this.#questions = questions.filter(isCounted)
    this.#kinds = new Map(questions.map(({ key, kind }) => [key, kind]))
  }

  make(agencies: readonly Agency[], voices: Voices): SurveyRows {
    for (const [at, agency] of agencies.entries()) this.#addAgency(agency, at)
    for (const agency of agencies.filter(({ id }) => INVITING.includes(id))) this.#addDraw(agency)
    this.#addTrial(agencies.filter(({ id }) => TRYING.includes(id)))
    for (const reply of REPLIES) this.#addReply(reply, voices)
    this.#addSuggestions(voices)
    this.#addBenchmarks(agencies)
    return this.rows
  }

  #addAgency(agency: Agency, at: number): void {
    const key = { agencyId: agency.id, questionnaireVersion: this.#version }
    const level = DEMO.levels[agency.id] ?? 0.66 + (((at * 7) % 11) / 11) * 0.2
    const tens = DEMO.tens[agency.id] ?? 3 + ((at * 5) % 2)
    const cells: Record<string, Cell> = {}
    const byMonth = new Map<Month, Record<string, Tally>>()
    let split = NO_CODE_SPLIT
    let parts: Parts = {}
    for (let ten = 0; ten < tens; ten++) {
      const month = monthsLater(monthOf(this.#now), Math.floor(((ten + 0.5) * MONTHS) / tens) - MONTHS + 1)
      const batch = Array.from({ length: MIN_PUBLIC_GROUP }, () =>
        this.#addAnswer(agency, month, this.#levelIn(level, month), true),
      )
      for (const [question, tally] of Object.entries(countBatch(batch))) {
        const { cell, released } = releaseBatch(
          cells[question] ?? EMPTY_CELL,
          tally,
          this.#kinds.get(question),
        )
        cells[question] = cell
        if (!released) continue
        const months = byMonth.get(month) ?? {}
        byMonth.set(month, { ...months, [question]: addTally(months[question] ?? NO_TALLY, released) })
      }
      split = releaseSplit(split, splitBatch(batch))
      parts = releaseParts(parts, batch, this.#questions, month)
    }
    const waiting = DEMO.waiting[agency.id] ?? 0
    for (let n = 0; n < waiting; n++) this.#addAnswer(agency, monthOf(this.#now), level, false)
    const { rows } = this
    // Six to fifteen answers for a thousand cases; larger agencies get fewer.
    const cases = Math.round((tens * MIN_PUBLIC_GROUP) / MONTHS / (0.006 + ((at * 5) % 10) / 1_000))
    for (let back = 1; back <= MONTHS; back++)
      rows.volumes.push({
        agencyId: agency.id,
        month: firstDay(monthsLater(monthOf(this.#now), -back)),
        procedure: '',
        cases,
        source: 'Trung tâm Phục vụ hành chính công (số liệu mẫu)',
        toldOn: firstDay(monthOf(this.#now)),
      })
    rows.tallies.push({
      ...key,
      published: tens * MIN_PUBLIC_GROUP,
      waiting,
      waitingPeople: waiting,
      batches: tens,
    })
    for (const [question, { published, held, heldPeople }] of Object.entries(cells))
      rows.cells.push({
        ...{
          ...key,
          question,
          heldPeople,
          respondents: published.respondents,
          published: { ...published.counts },
        },
        ...{ heldRespondents: held.respondents, held: { ...held.counts } },
      })
    for (const [month, tallies] of byMonth)
      for (const [question, { respondents, counts }] of Object.entries(tallies))
        rows.months.push({ ...key, question, month: firstDay(month), respondents, counts: { ...counts } })
    for (const facet of FACETS)
      for (const [value, part] of Object.entries(parts[facet] ?? {}))
        rows.parts.push({
          ...{ ...key, facet, value, respondents: total(part.published), heldPeople: part.heldPeople },
          ...{ published: { ...part.published }, held: { ...part.held } },
        })
    const { published, held } = split
    rows.splits.push({
      ...{ ...key, withCode: { ...published.withCode }, withoutCode: { ...published.withoutCode } },
      ...{ heldWithCode: { ...held.counts.withCode }, heldWithoutCode: { ...held.counts.withoutCode } },
      ...{ heldPeopleWithCode: held.people.withCode, heldPeopleWithoutCode: held.people.withoutCode },
    })
  }

  /**
   * Adds invented figures of other indices: SIPAS of the whole city, and the portal's index of each agency for last
   * month.
   */
  #addBenchmarks(agencies: readonly Agency[]): void {
    const month = monthsLater(monthOf(this.#now), -1)
    const none = { ceiling: 100, low: null, high: null, toldOn: firstDay(monthOf(this.#now)) }
    this.rows.benchmarks.push({
      ...{ ...none, agencyId: WHOLE_CITY, measure: 'sipas', period: String(Number(month.slice(0, 4)) - 1) },
      ...{ value: 83.9, low: 82.6, high: 85.1, source: 'Bộ Nội vụ (số liệu mẫu)' },
    })
    for (const [at, { id }] of agencies.entries())
      this.rows.benchmarks.push({
        ...{ ...none, agencyId: id, measure: 'qd766', period: month, value: 78 + ((at * 7) % 18) },
        source: 'Cổng Dịch vụ công quốc gia (số liệu mẫu)',
      })
  }

  /** Writes a draw of the month before last that is over: half were invited, and about one in three answered. */
  #addDraw({ id: agencyId, versionId }: Agency): void {
    const [chance, id] = [this.#chance, randomUUID()]
    const [month, released] = [-2, -1].map((back) => firstDay(monthsLater(monthOf(this.#now), back))) as [
      Date,
      Date,
    ]
    const drawnAt = addMilliseconds(released, -25 * DAY)
    const answers: { readonly stratum: string; readonly answers: Record<string, string> }[] = []
    for (const [procedure, cases] of Object.entries(LISTED)) {
      const drawn = cases / 2
      const answered = Math.round(drawn * (0.28 + 0.1 * chance.next()))
      this.rows.strata.push({ drawId: id, procedure, cases, drawn, answered })
      for (let n = 0; n < answered; n++) {
        const overall =
          chance.next() < (DEMO.levels[agencyId] ?? 0.7) - 0.05
            ? chance.next() < 0.4
              ? 5
              : 4
            : chance.whole(1, 3)
        const given = Object.fromEntries(
          this.#questions
            .filter(({ required }) => required)
            .map((question) => [
              question.key,
              question.key === HEADLINE ? String(overall) : this.#answer(question, overall),
            ]),
        )
        answers.push({ stratum: procedure, answers: given })
        this.rows.invited.push({
          ...{ id: randomUUID(), drawId: id, procedure, agencyVersionId: versionId, agencyId, counted: true },
          ...{ questionnaireVersion: this.#version, answers: given },
          serviceDate: addMilliseconds(month, chance.whole(0, 27) * DAY),
        })
        this.rows.receipts.push({ numberHash: randomBuffer(32), receivedMonth: released })
      }
    }
    const cases = Object.values(LISTED).reduce((sum, some) => sum + some, 0)
    this.rows.draws.push({
      ...{
        id,
        agencyId,
        month,
        source: 'Trung tâm Phục vụ hành chính công (số liệu mẫu)',
        cases,
        drawn: cases / 2,
      },
      ...{ answered: answers.length, listedAt: addMilliseconds(drawnAt, -DAY), drawnAt, released },
      ...{ endsAt: addMilliseconds(drawnAt, 30 * DAY), closedAt: addMilliseconds(drawnAt, 30 * DAY) },
      remindedAt: addMilliseconds(drawnAt, 10 * DAY),
    })
    for (const [question, told] of Object.entries(
      weigh(answers, new Map(Object.entries(LISTED)), this.#kinds),
    ))
      this.rows.invitedCells.push({
        ...{ agencyId, released, questionnaireVersion: this.#version, question },
        ...{ ...told, counts: { ...told.counts }, weighted: { ...told.weighted } },
      })
  }

  /**
   * Writes a trial of shorter questions that began half a year ago, had enough answers after two months, and was dropped
   * by two people.
   */
  #addTrial(agencies: readonly Agency[]): void {
    // Another city may have none of the trial's agencies.
    if (agencies.length === 0) return
    const version = this.#version + 1
    const [from, month] = [-6, -4].map((back) => firstDay(monthsLater(monthOf(this.#now), back))) as [
      Date,
      Date,
    ]
    const questions = this.#all.filter(({ key }) => key !== 'e6')
    const asked = new Set(questions.map(({ key }) => key))
    for (const agency of agencies) {
      const key = { agencyId: agency.id, questionnaireVersion: version }
      const level = (DEMO.levels[agency.id] ?? 0.7) - 0.03
      const batch = Array.from({ length: TRIED }, () => {
        const given = this.#addAnswer(agency, monthOf(month), level, true)
        const row = this.rows.responses.at(-1)
        const answers = Object.fromEntries(Object.entries(given.answers).filter(([one]) => asked.has(one)))
        Object.assign(row ?? {}, { questionnaireVersion: version, answers, trial: version })
        return { ...given, answers }
      })
      this.rows.tallies.push({ ...key, published: TRIED, waiting: 0, waitingPeople: 0, batches: 1 })
      for (const [question, tally] of Object.entries(countBatch(batch))) {
        const { cell, released } = releaseBatch(EMPTY_CELL, tally, this.#kinds.get(question))
        const { respondents, counts } = cell.published
        const held = {
          heldRespondents: cell.held.respondents,
          held: { ...cell.held.counts },
          heldPeople: cell.heldPeople,
        }
        this.rows.cells.push({ ...{ ...key, question, respondents, published: { ...counts } }, ...held })
        if (released) this.rows.months.push({ ...key, question, month, respondents, counts: { ...counts } })
      }
    }
    const compared: TriedAnswer[] = []
    for (const row of this.rows.responses) {
      const months = from <= new Date(row.receivedMonth) && new Date(row.receivedMonth) <= month
      if (!months || !row.counted || !TRYING.includes(row.agencyId)) continue
      row.trial = version
      const trial = row.questionnaireVersion === version
      compared.push({ agencyId: row.agencyId, trial, answers: row.answers as TriedAnswer['answers'] })
    }
    const told = compareArms({ trial: questions.filter(isCounted), control: this.#questions }, compared, 1)
    const reachedAt = addMilliseconds(month, 20 * DAY)
    const forms = { trial: 118, control: 124 }
    this.rows.forms.push({ trial: version, version, forms: forms.trial })
    this.rows.forms.push({ trial: version, version: this.#version, forms: forms.control })
    this.rows.trials.push({
      ...{
        version,
        baseVersion: this.#version,
        legalBasis: this.#basis,
        questions: [...questions],
        revision: 3,
      },
      reasonVi: 'Nhiều người bỏ dở ở câu cuối. Thử một bộ ngắn hơn.',
      reasonEn: 'Many people give up at the last question. A shorter form is tried.',
      ...{ publishedAt: from, trialPercent: 50, trialEndsAt: addMilliseconds(from, 120 * DAY) },
      ...{ trialSize: 66, trialPoints: 30, reachedAt },
      trialFigures: { ...told, control: this.#version, dispersion: 1, forms } satisfies TrialFigures,
      decisionVi:
        'Bỏ câu cuối không làm câu trả lời khác đi và người bỏ dở không ít hơn, nên giữ bộ đang dùng.',
      decisionEn:
        'Without the last question answers do not differ and no fewer people give up, so the form stays.',
      retiredAt: addMilliseconds(reachedAt, 6 * DAY),
    })
  }

  /** Returns a level for a month: a little better each month, and worse before Tết, when most people come. */
  #levelIn(level: number, month: Month): number {
    const rush = month.endsWith('-01') || month.endsWith('-12') ? -0.07 : 0
    const back = (firstDay(monthOf(this.#now)).getTime() - firstDay(month).getTime()) / (365 * DAY)
    return level + rush - 0.05 * back
  }

  #addAnswer({ id: agencyId, versionId, kind }: Agency, month: Month, level: number, counted: boolean) {
    const chance = this.#chance
    const content = chance.next() < level
    const overall = content
      ? chance.next() < 0.42
        ? 5
        : 4
      : chance.weighted([
          [3, 5],
          [2, 3],
          [1, 2],
        ] as const)
    const optional = chance.next() < 0.55
    const answers = Object.fromEntries(
      this.#questions
        .filter(({ required }) => required || optional)
        .map((question) => [
          question.key,
          question.key === HEADLINE ? String(overall) : this.#answer(question, overall),
        ]),
    )
    const withCode = chance.next() < 0.34
    const receivedMonth = firstDay(month)
    const last = month === monthOf(this.#now) ? Number(localDate(this.#now).slice(8)) : 28
    const serviceDate = addMilliseconds(receivedMonth, (chance.whole(1, last) - 1) * DAY)
    const procedure = chance.next() < 0.5 ? chance.weighted(PROCEDURES[groupOf(kind)]) : null
    this.rows.responses.push({
      ...{ id: randomUUID(), agencyVersionId: versionId, agencyId, questionnaireVersion: this.#version },
      ...{ serviceDate, procedure, withCode, receivedMonth, answers, counted, repeated: false },
    })
    this.rows.receipts.push({ numberHash: randomBuffer(32), receivedMonth })
    if (chance.next() < (agencyId === MAIN ? 0.4 : 0.07))
      this.#addComment(agencyId, receivedMonth, overall, counted)
    return {
      ...{ answers, withCode, procedure, repeated: false, code: String(overall) },
      serviceMonth: monthOfDay(serviceDate),
    }
  }

  /**
   * Returns an answer to one question. Better answers are likelier with a better overall rating. The options of a scale
   * are ordered from worst to best.
   */
  #answer({ key, options }: Question, overall: number): string {
    const said = RIGHT[key]
    const chance = this.#chance
    if (said) return chance.weighted(overall >= 4 ? said.content : said.not)
    const scale = options.filter(({ code }) => /^[1-5]$/.test(code))
    const near = Math.min(
      5,
      Math.max(
        1,
        overall +
          chance.weighted([
            [0, 6],
            [1, 2],
            [-1, 3],
          ] as const),
      ),
    )
    return scale[near - 1]?.code ?? options[0]?.code ?? ''
  }

  #addComment(agencyId: string, receivedMonth: Date, overall: number, released: boolean): void {
    const tone = toneOf(overall)
    const turn = this.#written.get(tone) ?? 0
    this.#written.set(tone, turn + 1)
    const text = COMMENTS[tone][turn % COMMENTS[tone].length] ?? ''
    const doubtful = this.#isDoubtful(text)
    this.rows.comments.push({
      ...{ id: randomUUID(), agencyId, receivedMonth, text, questionnaireVersion: this.#version },
      ...{ question: null, released: released && !doubtful },
      review: released ? (doubtful ? 'doubtful' : 'clear') : 'unexamined',
      heldOn: released && doubtful ? receivedMonth : null,
    })
  }

  #isDoubtful(text: string): boolean {
    const known = this.#judged.get(text) ?? isDoubtful(text)
    this.#judged.set(text, known)
    return known
  }

  #day(daysFromNow: number): Date {
    return new Date(localDate(addMilliseconds(this.#now, daysFromNow * DAY)))
  }

  #addReply(planned: (typeof REPLIES)[number], { viewer }: Voices): void {
    const { about, promise, done } = planned
    const agencyId = MAIN
    const texts: readonly string[] = COMMENTS[about]
    const publishedAt = addMilliseconds(this.#now, -planned.daysAgo * DAY)
    const answered = this.rows.comments
      .filter((one) => one.agencyId === agencyId && one.released && !one.replyId && texts.includes(one.text))
      .filter(({ receivedMonth }) => new Date(receivedMonth) < publishedAt)
      .slice(0, planned.comments)
    if (answered.length === 0) return
    const id = randomUUID()
    for (const comment of answered) comment.replyId = id
    const { saidVi, saidEn, answerVi, answerEn } = planned
    const keptAt = done ? addMilliseconds(this.#now, -done.daysAgo * DAY) : null
    this.rows.replies.push({
      ...{ id, agencyId, saidVi, saidEn, answerVi, answerEn, publishedAt },
      ...{ promiseVi: promise?.vi ?? null, promiseEn: promise?.en ?? null },
      ...{ dueOn: promise ? this.#day(promise.inDays) : null, revision: done ? 1 : 0 },
      ...{ keptAt, doneVi: done?.vi ?? null, doneEn: done?.en ?? null },
    })
    const subject = { kind: 'reply', id } as const
    const dueOn = promise ? this.#day(promise.inDays).toISOString().slice(0, 10) : null
    this.rows.acts.push({
      ...{ actor: viewer, act: 'survey.reply', subject, at: publishedAt },
      facts: { agency: agencyId, comments: answered.length, dueOn, replaces: null },
    })
    if (keptAt)
      this.rows.acts.push({
        actor: viewer,
        act: 'survey.keep_promise',
        subject,
        facts: { agency: agencyId },
        at: keptAt,
      })
  }

  #addSuggestions({ manager }: Voices): void {
    const ids = SUGGESTIONS.map(() => randomUUID())
    for (const [at, { text, state, came, into, answer }] of SUGGESTIONS.entries()) {
      const id = ids[at] ?? ''
      const receivedMonth = firstDay(monthsLater(monthOf(this.#now), -came))
      const target = into === undefined ? null : (ids[into] ?? null)
      const answeredAt = answer ? addMilliseconds(this.#now, -answer.daysAgo * DAY) : null
      const outcomeOn = answer?.inDays === undefined ? null : this.#day(answer.inDays)
      this.rows.suggestions.push({
        ...{ id, questionnaireVersion: this.#version, receivedMonth, text, state, mergedIntoId: target },
        ...{ summaryVi: answer?.summaryVi ?? null, summaryEn: answer?.summaryEn ?? null },
        ...{ answerVi: answer?.answerVi ?? null, answerEn: answer?.answerEn ?? null, answeredAt, outcomeOn },
        revision: target || answer ? 1 : 0,
      })
      const subject = { kind: 'suggestion', id } as const
      if (target)
        this.rows.acts.push({
          ...{ actor: manager, act: 'suggestion.merge', subject, facts: { into: target } },
          at: addMilliseconds(receivedMonth, 40 * DAY),
        })
      if (answeredAt)
        this.rows.acts.push({
          ...{ actor: manager, act: 'suggestion.answer', subject, at: answeredAt },
          facts: {
            from: 'new',
            to: state,
            outcomeVersion: null,
            outcomeOn: outcomeOn?.toISOString().slice(0, 10) ?? null,
          },
        })
    }
  }
}
