import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Returns the name and content of the messages in a data directory's outbox, oldest first. */
export function outbox(dataDirectory: string): { name: string; content: string }[] {
  const directory = join(dataDirectory, 'outbox')
  return readdirSync(directory)
    .sort()
    .map((name) => ({ name, content: readFileSync(join(directory, name), 'utf8') }))
}

/** Returns the message with this id. Messages of the same instant are sorted by random ids, so an index does not identify one. */
export const messageOf = (dataDirectory: string, id: string): { name: string; content: string } | undefined =>
  outbox(dataDirectory).find(({ name }) => name.includes(id))

/** Decodes a quoted-printable mail. */
export const readable = (mail: string): string =>
  Buffer.from(
    mail
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')
