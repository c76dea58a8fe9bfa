import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { webhookHeaders } from './webhook.ts'

const [before, after, other] = [randomBytes(32), randomBytes(32), randomBytes(32)]
const written = (secret: Buffer) => `whsec_${secret.toString('base64')}`
const body = JSON.stringify({ entries: [], legalBasis: 'Luật Viễn thông' })
const now = new Date()
const headers = webhookHeaders([after, before], 'msg_1', now, body)
const accepts = (secret: Buffer, told: Record<string, string>, text = body) => {
  try {
    new Webhook(written(secret)).verify(text, told)
    return true
  } catch {
    return false
  }
}

describe('what somebody else’s verifier (npm standardwebhooks) says of our signatures', () => {
  test('it accepts them under each of two secrets, and under no other', () => {
    expect(accepts(after, headers)).toBe(true)
    expect(accepts(before, headers)).toBe(true)
    expect(accepts(other, headers)).toBe(false)
  })

  test('it makes the same', () => {
    const theirs = new Webhook(written(after)).sign('msg_1', now, body)
    expect(headers['webhook-signature']?.split(' ')[0]).toBe(theirs)
  })

  test('it refuses a flipped bit, another id, another time and an old message', () => {
    const flipped = Buffer.from(body)
    flipped[3] = (flipped[3] ?? 0) ^ 1
    expect(accepts(after, headers, flipped.toString())).toBe(false)
    expect(accepts(after, { ...headers, 'webhook-id': 'msg_2' })).toBe(false)
    const later = String(Number(headers['webhook-timestamp']) + 1)
    expect(accepts(after, { ...headers, 'webhook-timestamp': later })).toBe(false)
    const old = webhookHeaders([after], 'msg_1', new Date(now.getTime() - 6 * 60_000), body)
    expect(accepts(after, old)).toBe(false)
  })
})
