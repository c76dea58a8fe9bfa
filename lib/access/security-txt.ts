import { addMilliseconds, DAY, type Instant } from '../time.ts'

/** RFC 9116 recommends less than a year; the date is written anew at each request. */
const VALID = 180 * DAY

export const securityTxt = (about: {
  readonly contact: string
  readonly canonical: string
  readonly policy: string
  readonly now: Instant
}): string =>
  `${[
    `Contact: ${about.contact}`,
    `Expires: ${addMilliseconds(about.now, VALID).toISOString()}`,
    'Preferred-Languages: vi, en',
    `Canonical: ${about.canonical}`,
    `Policy: ${about.policy}`,
  ].join('\n')}\n`
