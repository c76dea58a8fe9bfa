import { randomInt } from 'node:crypto'
import { luhnDigit } from '#lib/imei/imei.ts'

/** The answers of one test. Each test makes new ones, so that tests can run in parallel on one database. */
export interface Answers {
  readonly [field: string]: string
  readonly contactEmail: string
  readonly imei1: string
}

/**
 * Returns a word that is unique to this test. It has only letters, because a code must be the only run of six
 * digits in its mail. It is long enough that two tests never share an address and its codes.
 */
export const newWord = (): string =>
  Array.from({ length: 12 }, () => 'bcdfghjklmnpqrstvwxz'.charAt(randomInt(20))).join('')

/** Returns an unused IMEI with a correct check digit. */
export function newImei(): string {
  const body = `35${String(randomInt(10 ** 12)).padStart(12, '0')}`
  return body + luhnDigit(body)
}

/** Returns the city's local time `hoursAgo` hours ago, as `YYYY-MM-DDTHH:MM`. */
export const localTime = (hoursAgo: number): string =>
  new Date(Date.now() - hoursAgo * 3_600_000 + 7 * 3_600_000).toISOString().slice(0, 16)

/** Returns the answers of a person who was robbed of a phone with two IMEIs. */
export function newAnswers(changes: Record<string, string> = {}): Answers {
  return {
    incidentType: 'snatched',
    incidentWhen: 'other',
    incidentAt: localTime(3),
    district: 'quan-3',
    place: 'Trước số 12 Võ Văn Tần',
    story: 'Hai người đi xe máy giật điện thoại khi tôi đang gọi xe.',
    imei1: newImei(),
    imei2: newImei(),
    brand: 'Samsung',
    model: 'Galaxy A54',
    colour: 'đen',
    serialNumber: '',
    phoneNumber1: '0912 345 678',
    fullName: 'Nguyễn Thị Ánh Tuyết',
    idKind: 'cccd',
    nationalId: '079196012345',
    contactEmail: `tuyet.${newWord()}@example.vn`,
    address: '5 Nguyễn Đình Chiểu, Quận 3',
    ...changes,
  }
}
