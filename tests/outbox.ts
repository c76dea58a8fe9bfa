import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Returns the messages in the outbox of a data directory, oldest first: file name and content. */
export function outbox(dataDirectory: string): { name: string; content: string }[] {
  const directory = join(dataDirectory, 'outbox')
  return readdirSync(directory)
    .sort()
    .map((name) => ({ name, content: readFileSync(join(directory, name), 'utf8') }))
}

/**
 * Returns the message with this id. Messages of one instant are sorted by their random ids, so that a place in the list
 * does not name one.
 */
export const messageOf = (dataDirectory: string, id: string): { name: string; content: string } | undefined =>
  outbox(dataDirectory).find(({ name }) => name.includes(id))

/** Returns a quoted-printable mail as its reader sees it. */
export const readable = (mail: string): string =>
  Buffer.from(
    mail
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')
