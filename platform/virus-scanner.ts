import '#server-only'
import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { env } from './env.ts'

// Asks clamd, by its own protocol (clamd(8), INSTREAM): the file goes over a socket, so the daemon needs no access to the
// store, and never sees a name (ADR 91).

/** Holds a scanner's word on a file. `finding` is the signature's name. */
export type Scan = { readonly clean: true } | { readonly clean: false; readonly finding: string }

/** The scanner was not there, or did not look at the whole file: nothing is known of it. */
export class ScannerAway extends Error {
  readonly reason: 'away' | 'limit' | 'failed'
  constructor(reason: ScannerAway['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

/** Milliseconds without a byte in either direction after which clamd counts as away. */
const SILENCE = 60_000
/** A signature's name as it is kept and shown: clamd's own characters, and not more than a line. */
const NAME = /^[\w.\-:()/+]{1,120}$/
/** clamd's answers are a line; what is longer is none. */
const LONGEST_ANSWER = 4096

/** Tells whether files are looked at before police open them. */
export const isScanning = (): boolean => env().CLAMD_HOST !== undefined || env().CLAMD_SOCKET !== undefined

function connect(): Socket {
  const { CLAMD_HOST: host, CLAMD_PORT: port, CLAMD_SOCKET: path } = env()
  return createConnection(path === undefined ? { host: host ?? '127.0.0.1', port } : { path })
}

/**
 * Has clamd look at a file as it streams by.
 *
 * @throws ScannerAway when it is not there, is silent, ends before it has answered, or takes no file of this length
 */
export async function scan(content: Readable): Promise<Scan> {
  const answer = await ask('zINSTREAM\0', content)
  const [, finding] = /^stream: (.+) FOUND$/.exec(answer) ?? []
  if (finding !== undefined) return { clean: false, finding: NAME.test(finding) ? finding : 'unnamed' }
  if (answer === 'stream: OK') return { clean: true }
  if (/size limit exceeded/i.test(answer))
    throw new ScannerAway('limit', 'clamd takes no file of this length: raise StreamMaxLength')
  throw new ScannerAway('failed', `clamd answered neither: ${answer.slice(0, 80)}`)
}

/** Tells whether clamd is there and takes files. */
export const scannerAnswers = (): Promise<boolean> =>
  ask('zPING\0').then(
    (answer) => answer === 'PONG',
    () => false,
  )

/** Sends a command, and a file in its pieces; returns the answer without its end. */
async function ask(command: string, content?: Readable): Promise<string> {
  const socket = connect()
  socket.setTimeout(SILENCE, () => socket.destroy(new Error('clamd is silent')))
  // It may refuse, and say why, before it has taken all.
  const answered = answerOf(socket)
  answered.catch(() => {})
  try {
    await Promise.race([once(socket, 'connect'), answered])
    socket.write(command)
    if (content) await Promise.race([pour(content, socket), answered])
    return await answered
  } catch (error) {
    if (error instanceof ScannerAway) throw error
    // The store failed, not the scanner.
    if (content?.errored) throw content.errored
    throw new ScannerAway('away', `clamd: ${error instanceof Error ? error.message : 'gone'}`)
  } finally {
    content?.destroy()
    socket.destroy()
  }
}

/** Sends each piece behind its length (four bytes, the high one first); a piece of none ends the file. */
async function pour(content: Readable, socket: Socket): Promise<void> {
  for await (const piece of content) {
    const bytes = piece as Buffer
    if (bytes.length === 0) continue
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    socket.write(length)
    if (!socket.write(bytes)) await once(socket, 'drain')
    if (socket.destroyed) return
  }
  socket.write(Buffer.alloc(4))
}

/** Returns what clamd answers until it ends the connection or its answer. */
function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      const end = text.indexOf('\0')
      if (end >= 0) resolve(text.slice(0, end))
      else if (text.length > LONGEST_ANSWER) reject(new Error('answers without an end'))
    })
    // A connection that is reset behind an answer has answered.
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('ended without an answer')))
  })
}
