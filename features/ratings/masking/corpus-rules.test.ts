import { describe, expect, it } from 'vitest'
import * as en from '#messages/en.ts'
import * as vi from '#messages/vi.ts'
import { type Corpus, unmarked } from '#tests/masking/corpus.ts'
import { HELD_OUT } from '#tests/masking/held-out.ts'
import { SECOND_HAND } from '#tests/masking/second-hand.ts'
import { TUNING } from '#tests/masking/tuning.ts'
import { MEASURED } from './measured-rules.ts'
import { findPersonal, isDoubtful, mask } from './rules.ts'

/** Checks whether each letter and digit of a stretch was found. */
function isHidden(text: string, [start, end]: readonly [number, number]): boolean {
  const found = findPersonal(text)
  return [...text.slice(start, end).matchAll(/[\p{L}\p{Nd}]/gu)].every(({ index }) =>
    found.some((one) => one.start <= start + index && start + index < one.end),
  )
}

/** Measures how much of some sentences is masked, held, or shown as it was written. */
function measure(...corpora: readonly Corpus[]) {
  const personal = corpora.flatMap((corpus) => Object.values(corpus.personal).flat().map(unmarked))
  const innocent = corpora.flatMap((corpus) => corpus.innocent)
  const stretches = personal.flatMap(({ text, spans }) => spans.map((span) => ({ text, span })))
  const shown = stretches.filter(({ text, span }) => !isHidden(text, span)).map(({ text }) => text)
  const through = [...new Set(shown)].filter((text) => !isDoubtful(text))
  const touched = innocent.filter((text) => findPersonal(text).length > 0)
  const held = innocent.filter(isDoubtful)
  const counts = {
    ...{ personal: personal.length, through: through.length },
    ...{ stretches: stretches.length, masked: stretches.length - shown.length },
    ...{ innocent: innocent.length, touched: touched.length, held: held.length },
  }
  return { counts, shown, through, touched, held }
}

describe('the corpus of comments', () => {
  const corpora = [
    ['first', measure(TUNING, HELD_OUT), { masked: 0.97, through: 0.02 }],
    // What only a reader can judge is marked here too, such as a place where one person lives.
    ['second', measure(SECOND_HAND), { masked: 0.85, through: 0.03 }],
  ] as const

  it.each(corpora)('is masked, or held for a reader, and little that is innocent: %s', (_, of, floor) => {
    const { counts, shown, through, touched, held } = of
    expect(counts.masked / counts.stretches, shown.join('\n')).toBeGreaterThanOrEqual(floor.masked)
    expect(counts.through / counts.personal, through.join('\n')).toBeLessThanOrEqual(floor.through)
    expect(counts.touched / counts.innocent, touched.join('\n')).toBeLessThanOrEqual(0.03)
    expect(counts.held / counts.innocent, held.join('\n')).toBeLessThanOrEqual(0.05)
  })

  it('is measured as the method page says', () => {
    const [first, second] = corpora.map(([, { counts }]) => counts)
    expect(MEASURED.first).toEqual(first)
    expect(MEASURED.second).toEqual(second)
  })

  it('is large enough to say so, and names each sentence once', () => {
    const all = [TUNING, HELD_OUT, SECOND_HAND]
    const personal = all.flatMap((corpus) => Object.values(corpus.personal).flat())
    const innocent = all.flatMap((corpus) => corpus.innocent)
    expect(personal.length + innocent.length).toBeGreaterThanOrEqual(600)
    expect(new Set([...personal, ...innocent]).size).toBe(personal.length + innocent.length)
    for (const sentence of personal) expect(sentence).toMatch(/\{[^{}]+\}/)
  })

  it('is not all: of thousands of the product’s own sentences few are touched or held', () => {
    const sentences = [vi, en].flatMap(sentencesIn).filter((_, at) => at % 9 === 0)
    expect(sentences.length).toBeGreaterThan(1_000)
    const touched = sentences.filter((text) => findPersonal(text).length > 0)
    expect(touched.length / sentences.length, touched.join('\n')).toBeLessThan(0.005)
    const held = sentences.filter(isDoubtful)
    expect(held.length / sentences.length, held.slice(0, 40).join('\n')).toBeLessThan(0.05)
  })
})

/** Returns the sentences of a message catalogue that have nothing to fill in. */
function sentencesIn(words: unknown): string[] {
  if (typeof words === 'string') return /[{<@]/.test(words) ? [] : [words]
  return Object.values(words as object).flatMap(sentencesIn)
}

describe('isDoubtful', () => {
  it.each([
    'Hoa ở quầy 3 rất dễ thương',
    'Hôm qua gặp Hoa thì Hoa nói không được',
    'THẢO QUẦY 5 RẤT TỐT',
    'my name is john smith',
    'Tôi, Nguyễn Hữu Thọ, phản ánh',
    'Nguyen, the officer, was rude',
    'xem https://example.com/anh-chup',
    'mã 00123456 không tra được, số 12345',
    'Nhà tôi cuối hẻm chùa, cán bộ nên tới xem',
    'Tôi ngồi xe lăn, cả xóm ai cũng biết tôi',
    'Gia đình tôi là hộ duy nhất trong hẻm chưa có sổ',
    'Everyone in the ward knows me',
    'Сотрудник был груб',
    '담당자가 불친절했어요',
    'nhắn thuy_linh để xem',
  ])('holds %j for the survey manager', (text) => {
    expect(isDoubtful(text)).toBe(true)
  })

  it.each([
    'Chị Hoa ở quầy 3 rất dễ thương',
    'UBND Quận 1 số 47 Lê Duẩn đông người',
    'Ở Nguyễn Huệ có lễ hội, kẹt xe',
    'Trường THCS Lê Quý Đôn gần Bệnh viện Chợ Rẫy',
    'Luật số 31/2024/QH15, văn bản 1234/SXD-CPXD',
    'Phường Tân Định, Đa Kao, Bến Nghé',
    'I love Saigon and Ho Chi Minh City',
    'Nộp 1.250.000 đồng ngày 12/05/2026',
    'Ai cũng biết quy định này rườm rà',
    'Bãi xe đối diện trụ sở chật',
    'Quầy duy nhất mở buổi chiều nghỉ sớm',
    'Sai số 3σ',
  ])('lets %j through, masked as it is', (text) => {
    expect(isDoubtful(text)).toBe(false)
    expect(isDoubtful(mask(text))).toBe(false)
  })
})

describe('a text of any length', () => {
  it.each([
    'О', // Cyrillic
    '\u0430\u0435\u043e',
    'l1O0 ',
    'không ',
    'a.',
    'a_b',
    'chấm a còng ',
    'A.B ',
    'T u ',
  ])('of look-alikes does not hold anybody up: %j', (unit) => {
    const text = unit.repeat(Math.ceil(5_000 / unit.length)).slice(0, 5_000)
    const spent = Array.from({ length: 5 }, () => {
      const began = process.cpuUsage()
      findPersonal(text)
      const { user, system } = process.cpuUsage(began)
      return (user + system) / 1_000
    })
    // After compilation; in milliseconds of this process.
    expect(Math.min(...spent)).toBeLessThan(50)
  })

  it('is looked through in time that grows with it and no faster', () => {
    const unit = 'Anh Hai Chị Ba Nguyễn Văn A, số 5 Lê Lợi 0912 345 678. '
    const seconds = (text: string): number => {
      const began = process.cpuUsage()
      findPersonal(text)
      const { user, system } = process.cpuUsage(began)
      return (user + system) / 1e6
    }
    seconds(unit.repeat(50))
    // 100,000 letters once took twenty seconds and more.
    expect(seconds(unit.repeat(1_800))).toBeLessThan(8)
    expect(mask(`${'a'.repeat(2_400)} ${unit}`)).toContain('[số điện thoại]')
  })
})
