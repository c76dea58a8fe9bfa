import { randomBytes, randomInt } from 'node:crypto'
import { newCaseNumber } from '#features/cases/numbers/rules.ts'
import { newWord } from '../answers.ts'
import { behave } from '../demo-carrier.ts'
import { account } from '../fixtures.ts'
import {
  codeFor,
  confirmAbout,
  decide,
  expect,
  outbox,
  Report,
  STEP,
  staff,
  visitor,
} from '../forms/people.ts'
import type { Answer, Changes } from '../forms/visitor.ts'

/** A valid number that belongs to no case, except with a probability of 1 in 2^40. */
export const NUMBER_OF_NONE = newCaseNumber((bytes) => randomBytes(bytes))
export const NOBODY = '00000000-0000-4000-8000-000000000000'

/** A value for each parameter of an address. For a missing parameter there is no such object. */
export type Samples = Readonly<Record<string, string>>

/** Opens papers and contact, because a case's files are hidden until then. */
async function disclose(number: string, ...readers: readonly (readonly [role: string, area?: string])[]) {
  for (const [role, area] of readers) {
    const who = await staff(role, area)
    const page = await who.open(`/quan-tri/ho-so/${number}`)
    if (!page.body.includes('name="disclose"')) continue
    const opened = await who.submit(page, 'name="disclose"', { disclosureReason: 'ownership' })
    expect(opened.headers.get('location'), role).toContain('done=disclose')
  }
}

/** Submits a choice as the relay, in the form that contains `marker`. */
async function choose(path: string, marker: string, choice: Changes): Promise<void> {
  const relay = await staff('relay')
  const page = await relay.open(path)
  const otp = await codeFor(account('relay'), page, marker)
  const sent = await relay.submit(page, marker, { ...choice, otp })
  expect(sent.status, JSON.stringify(choice)).toBe(303)
}

/** Returns the batch of the orders that `work` creates. During `work`, blocks to one carrier wait for the relay. */
async function heldBack(work: () => Promise<void>): Promise<string> {
  const path = '/quan-tri/lenh/dot-gui'
  const mode = (releaseMode: string) =>
    choose(path, 'name="releaseMode"', { carrierId: 'gmobile', releaseMode })
  await mode('by_hand')
  try {
    await work()
    const { body } = await (await staff('relay')).open(path)
    return /data-release="([^"]+)"/.exec(body)?.[1] ?? ''
  } finally {
    await mode('automatic')
  }
}

/** Returns a letter with the orders that `work` creates. During `work`, a carrier receives its orders on paper. */
async function onPaper(work: () => Promise<void>): Promise<string> {
  const relay = await staff('relay')
  const way = async (one: string) => {
    await choose('/quan-tri/nha-mang/vinaphone', 'name="wayVersion"', { way: one })
    await confirmAbout('VinaPhone', 'relay', undefined, 1)
  }
  behave('vinaphone', 'away')
  try {
    await way('letter')
    await work()
    const page = await relay.open('/quan-tri/lenh/cong-van')
    const made = await relay.submit(page, 'value="vinaphone"', {})
    await way('pull')
    return made.headers.get('location')?.split('/').at(-1) ?? ''
  } finally {
    behave('vinaphone', 'apply')
  }
}

/** Makes a case of Quận 3 that two people have sent to the carriers, with its file and one of its orders. */
async function blockedCase(): Promise<Samples> {
  const report = new Report({ district: 'quan-3' })
  const { number, secret } = await report.file()
  const [officer, relay] = [await staff('officer', 'quan-3'), await staff('relay')]
  await decide('officer', number, 'take')
  await decide('officer', number, 'verify', { reason: 'Số IMEI trên hộp khớp với đơn.' })
  let release = ''
  const letter = await onPaper(async () => {
    release = await heldBack(() =>
      decide('supervisor', number, 'approve', { reason: 'Đã đối chiếu giấy tờ.' }),
    )
  })
  await disclose(number, ['officer', 'quan-3'], ['supervisor', 'quan-3'], ['city_police'])
  const id = /\/api\/evidence\/([0-9a-f-]{36})/.exec(
    (await officer.open(`/quan-tri/ho-so/${number}`)).body,
  )?.[1]
  const order = /\/quan-tri\/lenh\/([0-9a-f-]{36})"/.exec(
    (await relay.open('/quan-tri/lenh?carrier=viettel')).body,
  )?.[1]
  const drills = await relay.open('/quan-tri/dien-tap')
  const begun = await relay.submit(drills, 'name="phones"', { carrierId: 'viettel' })
  const drill = begun.headers.get('location')?.split('/').at(-1)
  const list = await officer.open('/quan-tri/may-tim-duoc')
  const phone = { imei: '490154203237518', foundPlace: 'Chợ Bến Thành', custody: 'Công an Quận 3' }
  const kept = await officer.submit(list, 'name="custody"', phone)
  const found = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(kept.headers.get('location') ?? '')?.[0]
  return {
    number,
    secret,
    link: `${number}.${secret}`,
    id: id ?? '',
    order: order ?? '',
    drill: drill ?? '',
    phone: found ?? '',
    ...(await objected(report.answers.imei1)),
    letter,
    release,
    paper: 'annex.csv',
    page: '1',
  }
}

/** Objects to the block of a phone as a person who will show it at a police post. */
async function objected(imei1: string): Promise<Samples> {
  const who = visitor()
  const next = async (page: Answer, answers: Changes): Promise<Answer> => {
    const sent = await who.submit(page, STEP, { ...answers, step: answers.step ?? 'next' })
    expect(sent.status, sent.body.slice(0, 200)).toBe(303)
    return who.follow(sent)
  }
  const contactEmail = `binh.${newWord()}@example.vn`
  const proof = await next(await who.open('/may-bi-chan/khieu-nai'), { imei1 })
  const person = await next(proof, { inspection: 'on' })
  const code = await next(person, {
    ...{ fullName: 'Trần Văn Bình', idKind: 'cccd', nationalId: '079191054321', contactEmail },
    story: 'Tôi mua máy này ở tiệm, có hóa đơn.',
  })
  const review = await next(code, { contactCode: await outbox().code(contactEmail) })
  const consents = { consentProcessing: 'on', declareTrue: 'on', step: 'send' }
  const { body } = await next(review, consents)
  return { objection: /data-objection-number="([^"]+)"/.exec(body)?.[1] ?? '' }
}

/**
 * Sends at least ten ratings, until the first one's comment is published. A rating during a release at an
 * agency that other tests rate too does not count among the ten (ADR 54).
 */
async function rated(): Promise<Samples> {
  const who = visitor()
  const network = `10.${randomInt(256)}.${randomInt(256)}`
  const answers = { serviceWhen: 'today', r1: '2', r2: 'late_told', r3: '1', r4: '3', r5: '3', r6: 'right' }
  const [viewer, manager] = [await staff('agency_viewer', 'quan-3'), await staff('survey_manager')]
  const published = async () =>
    /data-comment="([^"]+)"/.exec((await viewer.open('/quan-tri/khao-sat/y-kien')).body)?.[1]
  let comment: string | undefined
  for (let n = 0; n < 40 && comment === undefined; n++) {
    const form = await who.open('/danh-gia/quan-3')
    const words = n === 0 ? { comment: 'Chờ lâu.', suggestion: 'Hỏi cả về chỗ ngồi chờ.' } : {}
    const from = { headers: { 'x-forwarded-for': `${network}.${n}` } }
    expect((await who.submit(form, 'name="r1"', { ...answers, ...words }, from)).status).toBe(303)
    if (n >= 9) comment = await published()
  }
  const suggestions = await manager.open('/quan-tri/khao-sat/gop-y')
  const kiosks = await manager.open('/quan-tri/khao-sat/may-danh-gia')
  const kiosk = await manager.submit(kiosks, 'name="counter"', { agencyId: 'quan-3', counter: 'Quầy 1' })
  const reports = await manager.open('/quan-tri/khao-sat/bao-cao')
  const report = await manager.submit(reports, 'name="period"', { scope: 'all' })
  const last = (answer: { headers: Headers }) => answer.headers.get('location')?.split('/').at(-1) ?? ''
  return {
    comment: comment ?? '',
    suggestion: /data-suggestion="([^"]+)"/.exec(suggestions.body)?.[1] ?? '',
    kiosk: last(kiosk),
    report: last(report),
  }
}

async function listed(): Promise<Samples> {
  const { body } = await (await staff('admin')).open('/quan-tri/tai-khoan')
  return { account: /\/quan-tri\/tai-khoan\/([0-9a-f-]{36})"/.exec(body)?.[1] ?? '' }
}

async function compared(): Promise<Samples> {
  const relay = await staff('relay')
  const form = await relay.open('/quan-tri/nha-mang/viettel/doi-chieu')
  const listFile = [{ name: 'eir.csv', content: 'imei\n352099001761481\n' }]
  const sent = await relay.submit(form, 'name="listFile"', { listFile })
  return { reconciliation: sent.headers.get('location')?.split('/').at(-1) ?? '' }
}

/** Makes one object for each address parameter, as the people whose work it is. */
export async function makeSamples(): Promise<Samples> {
  const made = { ...(await blockedCase()), ...(await rated()), ...(await listed()), ...(await compared()) }
  for (const [name, value] of Object.entries(made)) expect(value, name).toMatch(/^[\w.-]+$/)
  return {
    ...made,
    agency: 'quan-3',
    carrier: 'viettel',
    receiver: 'momo',
    version: '1',
    question: 'r1',
    file: 'data.json',
    seq: '0',
    // The creation of the first demo account, which is sealed when the worker starts.
    entry: '1',
  }
}

export const withSamples = (path: string, samples: Samples): string =>
  path.replace(/\[(?:\.\.\.)?(\w+)\]/g, (_, name: string) => samples[name] ?? NOBODY)
