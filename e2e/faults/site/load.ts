import { setTimeout as sleep } from 'node:timers/promises'
import { decide, Report, staff, visitor } from '../../forms/people.ts'
import { sendBy } from '../../forms/visitor.ts'
import type { Receipt } from '../../pages/report-pages.ts'
import type { Stage } from './stage.ts'

/** A person gives up no sooner than this: longer than any fault may last. */
const PATIENCE_MS = 90_000
const RATING = { r1: '4', r2: 'ontime', r3: '1', r4: '4', r5: '4', r6: 'right' }

/** A report whose receipt was shown. */
export interface Filed extends Receipt {
  readonly contactEmail: string
  readonly imeis: readonly string[]
  approved: boolean
}

/** Keeps what people were told is saved. */
export interface Told {
  readonly filed: Filed[]
  /** The addresses of the pages that thank for a rating: each has its receipt's number. */
  readonly rated: string[]
  /** The acts that nobody could finish, in words. */
  readonly stuck: string[]
}

/** Sends the same request again where it was cut off or answered 503, as a person does who presses again. */
const patiently: typeof fetch = async (input, init) => {
  const since = performance.now()
  for (;;) {
    const answer = await fetch(input, { ...init, signal: AbortSignal.timeout(30_000) }).catch(() => null)
    if (answer !== null && answer.status !== 503) return answer
    await answer?.body?.cancel()
    if (performance.now() - since > PATIENCE_MS) throw new Error(`no answer for ${PATIENCE_MS / 1000} s`)
    await sleep(500)
  }
}

/** The people who use the site: they report, rate and decide until they are told that it is enough. */
export class People {
  readonly told: Told = { filed: [], rated: [], stuck: [] }
  readonly #stage: Stage
  #over = false
  constructor(stage: Stage) {
    this.#stage = stage
    sendBy(patiently)
  }

  /** Signs in those who decide, so that faults fall on decisions and not on the two codes a minute. */
  async signIn(): Promise<void> {
    await staff('officer', 'quan-3')
    await staff('supervisor', 'quan-3')
  }

  async live(reporters: number, raters: number): Promise<void> {
    const each = (many: number, what: string, work: () => Promise<void>) =>
      Array.from({ length: many }, () => this.#go(what, work))
    await Promise.all([
      ...each(reporters, 'a report', () => this.#report()),
      ...each(raters, 'a rating', () => this.#rate()),
      this.#go('a decision', () => this.#decideNext()),
    ])
    // What was filed last is decided too.
    while (this.told.filed.some(({ approved }) => !approved) && this.told.stuck.length < 10)
      await this.#try('a decision', () => this.#decideNext())
  }

  enough(): void {
    this.#over = true
  }

  async #go(what: string, work: () => Promise<void>): Promise<void> {
    while (!this.#over) await this.#try(what, work)
  }

  async #try(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.told.stuck.push(`${what}: ${error instanceof Error ? error.message.replace(/\s+/g, ' ') : error}`)
      await sleep(1_000)
    }
  }

  async #report(): Promise<void> {
    const report = new Report()
    const { contactEmail, imei1, imei2 = '' } = report.answers
    const receipt = await report.file()
    this.told.filed.push({ ...receipt, contactEmail, imeis: [imei1, imei2], approved: false })
  }

  async #rate(): Promise<void> {
    const who = visitor()
    const page = await who.open('/danh-gia/quan-3')
    const sent = await who.submit(page, 'name="r1"', { ...RATING, serviceWhen: 'today' })
    const thanks = sent.headers.get('location') ?? ''
    if (!thanks.startsWith('/danh-gia/cam-on/')) throw new Error(`a rating was answered ${sent.status}`)
    this.told.rated.push(thanks)
    await sleep(300)
  }

  /** Takes, verifies and approves the oldest report, going on where an attempt before was cut off. */
  async #decideNext(): Promise<void> {
    const next = this.told.filed.find(({ approved }) => !approved)
    if (next === undefined) return sleep(300)
    const [found] = await this.#stage
      .query<{ state: string }>('SELECT state FROM cases WHERE number = $1', [next.number])
      .catch(() => [{ state: 'unknown' }])
    const state = found?.state ?? 'missing'
    if (state === 'submitted') await decide('officer', next.number, 'take')
    else if (state === 'under_review')
      await decide('officer', next.number, 'verify', { reason: 'Số trên hộp khớp.' })
    else if (state === 'verified') await decide('supervisor', next.number, 'approve', { reason: 'Đồng ý.' })
    else if (state === 'unknown') await sleep(300)
    else next.approved = true
  }
}
