import { randomBytes, randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SmsGateway } from '../../../tools/gateways/sms.ts'
import { decide, Report, staff, visitor } from '../../forms/people.ts'
import { errorsOn, sendBy } from '../../forms/visitor.ts'
import type { Receipt } from '../../pages/report-pages.ts'
import { photo } from '../../photo.ts'

/** A person gives up only after this time, which is longer than any fault may last. */
const PATIENCE_MS = 90_000
export const RATING = { serviceWhen: 'today', r1: '4', r2: 'ontime', r3: '1', r4: '4', r5: '4', r6: 'right' }
/** People send no new report while this many wait for a decision, because every report has to be decided in the end. */
const WAITING = 6
/** Bytes of a large proof: more than one part in a multipart upload. */
const LARGE = 9 * 1024 * 1024

/** A report whose receipt was shown to its person. */
export interface Filed extends Receipt {
  readonly contact: string
  approved: boolean
}

/** The successes that people were told of. */
export interface Told {
  readonly filed: Filed[]
  /** The addresses of the thanks pages of ratings. Each contains its receipt's number. */
  readonly rated: string[]
  /** The acts that could not be finished, as text. */
  readonly stuck: string[]
  /** Number of times that a person sent a proof again because it could not be stored. */
  proofsAgain: number
}

/** The parts of a site that people need besides its pages. */
export interface Place {
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>
  /** The gateway with the codes of people who give a phone number; null if all give an e-mail address. */
  readonly sms: SmsGateway | null
}

/** The message above a form that cannot be taken now. The form keeps its input. */
const BUSY: string = JSON.parse(readFileSync('messages/vi/faults.json', 'utf8')).general.busy
const asksAgain = async (answer: Response): Promise<boolean> =>
  answer.status === 503 || (answer.status === 200 && (await answer.clone().text()).includes(BUSY))

/** Repeats a request that was cut off, answered 503, or answered with the busy message, like a person who presses again. */
const patiently: typeof fetch = async (input, init) => {
  const since = performance.now()
  for (;;) {
    const answer = await whole(input, init).catch(() => null)
    if (answer !== null && !(await asksAgain(answer))) return answer
    if (performance.now() - since > PATIENCE_MS) throw new Error(`no answer for ${PATIENCE_MS / 1000} s`)
    await sleep(500)
  }
}

/** Returns an answer after reading all of it, because it may be cut off in the middle. */
const whole: typeof fetch = async (input, init) => {
  const answer = await fetch(input, { ...init, signal: AbortSignal.timeout(30_000) })
  const body = await answer.arrayBuffer()
  return new Response(body.byteLength > 0 ? body : null, answer)
}

/** The people who use the site. They report, rate and decide until `enough` is called. */
export class People {
  readonly told: Told = { filed: [], rated: [], stuck: [], proofsAgain: 0 }
  readonly #place: Place
  #over = false
  #reports = 0
  constructor(place: Place) {
    this.#place = place
    sendBy(patiently)
  }

  /** Signs in the people who decide, so that faults hit decisions and not sign-ins, of which there are only two a minute. */
  async signIn(): Promise<void> {
    await staff('officer', 'quan-3')
    await staff('supervisor', 'quan-3')
  }

  async live(reporters: number, raters: number): Promise<void> {
    const each = (many: number, what: string, work: () => Promise<void>) =>
      Array.from({ length: many }, () => this.#go(what, work))
    await Promise.all([
      ...each(reporters, 'a report', () => this.#reportNext()),
      ...each(raters, 'a rating', () => this.#rate()),
      this.#go('a decision', () => this.#decideNext()),
    ])
    // Decides the remaining reports too.
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

  #reportNext(): Promise<void> {
    const waiting = this.told.filed.filter(({ approved }) => !approved).length
    return waiting < WAITING ? this.report() : sleep(300)
  }

  /** Makes a report, with a code by mail and by SMS in turn. A proof that could not be stored is sent again, as its page asks. */
  async report(way: { readonly large?: true; readonly proofBy?: typeof fetch } = {}): Promise<void> {
    const { sms } = this.#place
    const phone = sms && this.#reports++ % 2 === 1 ? `090${randomInt(1_000_000, 9_999_999)}` : null
    const proof = way.large && [{ name: 'hop.jpg', content: await largePhoto(), kind: 'box' }]
    const report = new Report(phone === null ? {} : { contactEmail: '', contactPhone: phone }, proof)
    if (sms && phone !== null) report.code = () => codeBySms(sms, phone)
    await report.toEvidence()
    const { proofBy } = way
    // Only the upload itself uses `proofBy`. The page after it is requested as usual.
    if (proofBy) report.who.way = (input, init) => (init?.body ? proofBy : patiently)(input, init)
    const since = performance.now()
    for (let isStored = false; !isStored; ) {
      isStored = await report.prove().then(
        () => true,
        async (error: unknown) => {
          const isRefused = report.page !== null && errorsOn(report.page).evidence !== undefined
          if (!isRefused || performance.now() - since > PATIENCE_MS) throw error
          this.told.proofsAgain++
          await sleep(1_000)
          return false
        },
      )
      report.who.way = null
    }
    const receipt = await report.finish()
    const contact = phone === null ? report.answers.contactEmail : internationally(phone)
    this.told.filed.push({ ...receipt, contact, approved: false })
  }

  async #rate(): Promise<void> {
    const who = visitor()
    const page = await who.open('/danh-gia/quan-3')
    const sent = await who.submit(page, 'name="r1"', RATING)
    const thanks = sent.headers.get('location') ?? ''
    if (!thanks.startsWith('/danh-gia/cam-on/')) throw new Error(`a rating was answered ${sent.status}`)
    this.told.rated.push(thanks)
    await sleep(300)
  }

  /** Takes, verifies and approves the oldest report, and resumes where an earlier attempt was cut off. */
  async #decideNext(): Promise<void> {
    const next = this.told.filed.find(({ approved }) => !approved)
    if (next === undefined) return sleep(300)
    const [found] = await this.#place
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

const internationally = (phone: string): string => `+84${phone.slice(1)}`

async function codeBySms(sms: SmsGateway, phone: string): Promise<string> {
  const since = performance.now()
  while (performance.now() - since < PATIENCE_MS) {
    const own = sms.taken.filter(({ to }) => to === internationally(phone))
    const code = /(?<!\d)\d{6}(?!\d)/.exec(own.at(-1)?.text ?? '')?.[0]
    if (code) return code
    await sleep(300)
  }
  throw new Error('no code came by SMS')
}

/** Returns a photo that metadata makes large. It contains no readable number. */
async function largePhoto(): Promise<Buffer> {
  const { buffer } = await photo()
  const comments = Array.from({ length: Math.ceil(LARGE / 65_000) }, () => {
    const text = randomBytes(65_000)
    const head = Buffer.from([0xff, 0xfe, 0, 0])
    head.writeUInt16BE(text.length + 2, 2)
    return Buffer.concat([head, text])
  })
  return Buffer.concat([buffer.subarray(0, 2), ...comments, buffer.subarray(2)])
}
