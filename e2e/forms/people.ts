import { join } from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import { type CaseDecision, moveOf } from '#features/cases/decisions/rules.ts'
import { restsOnProof } from '#features/cases/proof/rules.ts'
import { type Answers, newAnswers } from '../answers.ts'
import { freshCode } from '../codes.ts'
import type { DemoAccount } from '../demo-account.ts'
import { account, dataDir, productUrl } from '../fixtures.ts'
import { Outbox } from '../outbox.ts'
import type { Receipt } from '../pages/report-pages.ts'
import { photo } from '../photo.ts'
import { enter, sharedSession } from '../sessions.ts'
import { agreeingIn, formWith } from './form.ts'
import { type Answer, type Changes, errorsOn, type Insisted, Visitor } from './visitor.ts'

export const STEP = 'name="step"'
export const outbox = () => new Outbox(join(dataDir(), 'outbox'))

let insistence: Insisted[] | null = null

/** Makes each visitor created during `work` send each form several times. Returns all answers. */
export async function insisting(work: () => Promise<unknown>): Promise<readonly Insisted[]> {
  const all: Insisted[] = []
  insistence = all
  await work().finally(() => {
    insistence = null
  })
  return all
}

/** Returns the redirect, the errors and the confirmation of an answer, for comparison. */
const saidBy = (answer: Answer) => ({
  status: answer.status,
  to: answer.headers.get('location'),
  faults: errorsOn(answer),
  refused: answer.body.includes('data-error-summary'),
  done: /<p role="status"[^>]*>([^<]*)/.exec(answer.body)?.[1] ?? null,
})

/** Expects that a form which was sent several times succeeded, with the same answer each time. */
export function expectAlike({ form, answers }: Insisted): void {
  const [first] = answers.map(saidBy)
  expect(first, form).toMatchObject({ faults: {}, refused: false })
  expect(first?.to ?? first?.done, form).toBeTruthy()
  for (const one of answers) expect(saidBy(one), form).toEqual(first)
}

export function visitor(): Visitor {
  const who = new Visitor(productUrl())
  who.insistence = insistence
  return who
}

/** Checks an answer's status, and that it is an HTML page in one of our languages. */
export function expectWords(answer: Answer, status = 200): void {
  expect(answer.status, answer.path).toBe(status)
  expect(answer.body).toMatch(/<html lang="(vi|en)"/)
}

const pick = (answers: Answers, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, answers[name] ?? '']))

const INCIDENT = ['incidentType', 'incidentWhen', 'incidentAt', 'district', 'place', 'story']
const PHONE = ['imei1', 'imei2', 'brand', 'model', 'colour', 'serialNumber', 'phoneNumber1']
const CONTACT = ['contactEmail', 'contactPhone']
const PERSON = ['fullName', 'idKind', 'nationalId', 'address']

export interface Proof {
  readonly name: string
  readonly content: Buffer
  readonly kind: string
}

/** Fills in a report by plain forms, and keeps the page that it has reached. */
export class Report {
  readonly who = visitor()
  readonly answers: Answers
  page: Answer | null = null
  /** The proof files, or the IMEI on the label to draw; if undefined, a photo without readable numbers. */
  readonly #proof: string | readonly Proof[] | undefined
  /** The number of codes that the contact received before this report. */
  readonly #codesBefore: number
  constructor(changes: Record<string, string> = {}, proof?: string | readonly Proof[]) {
    this.answers = newAnswers(changes)
    this.#proof = proof
    this.#codesBefore = outbox().codesTo(this.answers.contactEmail).length
  }

  async #send(page: Answer, changes: Changes): Promise<Answer> {
    const sent = await this.who.submit(page, STEP, changes)
    expect(sent.status, JSON.stringify(errorsOn(sent))).toBe(303)
    this.page = await this.who.follow(sent)
    expect(errorsOn(this.page)).toEqual({})
    return this.page
  }

  async #answer(names: readonly string[]): Promise<void> {
    if (!this.page) throw new Error('no page is open')
    await this.#send(this.page, { ...pick(this.answers, names), step: 'next' })
  }

  async toContact(): Promise<Answer> {
    this.page = await this.who.open('/bao-mat-may')
    await this.#answer(INCIDENT)
    return this.page
  }

  async toCode(): Promise<Answer> {
    await this.toContact()
    await this.#answer(CONTACT)
    return this.page as Answer
  }

  code = (): Promise<string> => outbox().code(this.answers.contactEmail, this.#codesBefore)

  async toPhone(): Promise<Answer> {
    await this.toCode()
    return this.confirm(await this.code())
  }

  confirm(contactCode: string): Promise<Answer> {
    if (!this.page) throw new Error('no page is open')
    return this.#send(this.page, { contactCode, step: 'next' })
  }

  async toPerson(): Promise<Answer> {
    await this.toPhone()
    await this.#answer(PHONE)
    return this.page as Answer
  }

  async toEvidence(): Promise<Answer> {
    await this.toPhone()
    return this.onToEvidence()
  }

  async onToEvidence(): Promise<Answer> {
    await this.#answer(PHONE)
    await this.#answer(PERSON)
    return this.page as Answer
  }

  async toReview(): Promise<Answer> {
    await this.toEvidence()
    return this.prove()
  }

  /** Sends the proof from the open page, which is the evidence step or its error page. */
  async prove(): Promise<Answer> {
    let at = this.page
    if (!at) throw new Error('no page is open')
    const files = await this.#files()
    for (const [nth, { name, content, kind }] of files.entries()) {
      const step = nth === files.length - 1 ? 'next' : 'add'
      at = await this.#send(at, { evidence: [{ name, content }], evidenceKind: kind, step })
    }
    return at
  }

  async #files(): Promise<readonly Proof[]> {
    if (typeof this.#proof === 'object') return this.#proof
    const { name, buffer } = await photo(this.#proof)
    return [{ name, content: buffer, kind: 'box' }]
  }

  /** Hands the draft over to a browser, which continues it. Other journeys cover the earlier steps in a browser. */
  async handTo(page: Page, path: string): Promise<void> {
    const kept = [...this.who.cookies].map(([name, value]) => ({ name, value, url: productUrl() }))
    await page.context().addCookies(kept)
    await page.goto(path)
  }

  readonly consents = { consentProcessing: 'on', consentCarriers: 'on', declareTrue: 'on', step: 'send' }

  async file(): Promise<Receipt> {
    await this.toReview()
    return this.finish()
  }

  /** Sends the report from the open review, and reads the receipt. */
  async finish(): Promise<Receipt> {
    if (!this.page) throw new Error('no page is open')
    const receipt = await this.#send(this.page, this.consents)
    const [number, secret] = ['number', 'secret'].map(
      (part) => new RegExp(`data-case-${part}="([^"]+)"`).exec(receipt.body)?.[1] ?? '',
    )
    expect([number, secret], receipt.path).not.toContain('')
    return { number: number ?? '', secret: secret ?? '' }
  }
}

/** Returns a staff member in the session that all tests share. A test that ends its session uses `alone` instead. */
export async function staff(role: string, scope?: string, nth = 0): Promise<Visitor> {
  const who = visitor()
  const shared = await sharedSession(productUrl(), dataDir(), account(role, scope, nth))
  for (const [name, value] of shared) who.cookies.set(name, value)
  return who
}

/** Signs a staff member in with a separate session; `userAgent` names it in the list of their sessions. */
export const alone = (role: string, scope?: string, nth = 0, userAgent?: string): Promise<Visitor> =>
  enter(productUrl(), dataDir(), account(role, scope, nth), { userAgent })

/** Returns a code if the form that contains `marker` asks for one, as it does some time after the sign-in. */
export async function codeFor(who: DemoAccount, page: Answer, marker: string): Promise<string | undefined> {
  const asked = formWith(page.body, marker).fields.some(([name]) => name === 'otp')
  return asked ? freshCode(dataDir(), who) : undefined
}

/** Confirms, as a second person, the request whose card contains `about`. */
export async function confirmAbout(about: string, role: string, scope?: string, nth = 0): Promise<void> {
  const who = await staff(role, scope, nth)
  const list = await who.open('/quan-tri/xac-nhan')
  const card = list.body.split('data-request="').find((part) => part.includes(about)) ?? ''
  const marker = `confirm-${card.slice(0, card.indexOf('"'))}`
  const otp = await codeFor(account(role, scope, nth), list, marker)
  const done = await who.submit(list, marker, { otp })
  expect(done.status, about).toBe(303)
}

/** Opens a case's evidence if its page asks for that, and returns the page afterwards. */
export async function openProof(who: Visitor, number: string): Promise<Answer> {
  const path = `/quan-tri/ho-so/${number}`
  const page = await who.open(path)
  if (!page.body.includes('name="disclose"')) return page
  // The form already has the reason of a person who decides next. Others must give one.
  const given = formWith(page.body, 'name="disclose"').fields.find(([name]) => name === 'disclosureReason')
  const disclosureReason = given?.[1] ? String(given[1]) : 'ownership'
  const opened = await who.submit(page, 'name="disclose"', { disclose: 'open', disclosureReason })
  expect(opened.headers.get('location'), JSON.stringify(errorsOn(opened))).toContain('done=disclose')
  return who.open(path)
}

interface Words {
  readonly reason?: string
  readonly reasonCode?: string
}

/** Makes one decision on a case of Quận 3 by the plain form. Stories about the form use its page instead. */
export const decide = (
  role: 'officer' | 'supervisor',
  number: string,
  decision: CaseDecision,
  words: Words = {},
): Promise<void> => decideAs([role, 'quan-3'], number, decision, words)

/** Makes one decision as the `nth` staff member of a role and area. */
export async function decideAs(
  by: readonly [role: string, scope?: string | undefined, nth?: number],
  number: string,
  decision: CaseDecision,
  words: Words = {},
): Promise<void> {
  const who = await staff(...by)
  const rests = restsOnProof(moveOf(decision))
  const page = rests ? await openProof(who, number) : await who.open(`/quan-tri/ho-so/${number}`)
  const button = `value="${decision}"`
  const otp = await codeFor(account(...by), page, button)
  const sent = await who.submit(page, button, {
    decision,
    ...words,
    ...(rests && agreeingIn(page.body, button)),
    otp,
  })
  expect(sent.headers.get('location'), `${decision} ${JSON.stringify(errorsOn(sent))}`).toContain(
    `done=${decision}`,
  )
}

/** Files a report that an officer verifies and a supervisor approves, so that the carriers have its orders. */
export async function blocked(answers: Answers): Promise<Receipt> {
  const receipt = await new Report(answers).file()
  await decide('officer', receipt.number, 'take')
  await decide('officer', receipt.number, 'verify', { reason: 'IMEI trên nhãn hộp khớp với hồ sơ.' })
  await decide('supervisor', receipt.number, 'approve', { reason: 'Đã xem lại giấy tờ.' })
  return receipt
}

export const test = base
export { expect }
