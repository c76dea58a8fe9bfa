import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'

export class Outbox {
  readonly #folder: string
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Returns all messages to a contact, decoded, oldest first. */
  messagesTo(contact: string): string[] {
    let names: string[]
    try {
      names = readdirSync(this.#folder).sort()
    } catch {
      return []
    }
    return names
      .filter((name) => name.endsWith('.eml') || name.endsWith('.json'))
      .map((name) => decode(readFileSync(join(this.#folder, name), 'utf8')))
      .filter((text) => text.includes(contact))
  }

  /** Waits for the newest code to a contact. A code is the only run of six digits in its message. */
  async code(contact: string, after = 0): Promise<string> {
    let code: string | undefined
    await expect
      .poll(
        () => {
          const codes = this.codesTo(contact)
          code = codes.length > after ? codes.at(-1) : undefined
          return code
        },
        { timeout: 60_000 },
      )
      .toMatch(/^\d{6}$/)
    return code ?? ''
  }

  async link(contact: string): Promise<string> {
    const links = () => this.messagesTo(contact).flatMap((text) => /https?:\S+\/k\/\S+/.exec(text)?.[0] ?? [])
    await expect.poll(() => links().length, { timeout: 60_000 }).toBeGreaterThan(0)
    return links().at(-1) ?? ''
  }

  codesTo(contact: string): string[] {
    return this.messagesTo(contact).flatMap((text) => {
      // An SMS is stored as JSON and has no headers.
      const body = text.slice(Math.max(0, text.search(/\r?\n\r?\n/)))
      return /(?<!\d)\d{6}(?!\d)/.exec(body)?.[0] ?? []
    })
  }
}

function decode(raw: string): string {
  const split = raw.search(/\r?\n\r?\n/)
  if (split < 0) return raw
  const head = raw.slice(0, split)
  const body = raw.slice(split)
  if (/content-transfer-encoding:\s*base64/i.test(head)) {
    return `${head}\n\n${Buffer.from(body.replace(/\s/g, ''), 'base64').toString('utf8')}`
  }
  if (!/content-transfer-encoding:\s*quoted-printable/i.test(head)) return raw
  const bytes = body
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return `${head}\n\n${Buffer.from(bytes, 'latin1').toString('utf8')}`
}
