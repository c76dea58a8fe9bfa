import '#server-only'
import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { env } from './env.ts'

// Queries clamd with its own protocol (clamd(8), INSTREAM). The file goes over a socket, so the daemon needs no access to the
// store and never sees a name (ADR 91).

/** A scanner's verdict. `finding` is the signature's name. */
export type Scan = { readonly clean: true } | { readonly clean: false; readonly finding: string }

/** Thrown if the scanner is unavailable or did not scan the whole file, so that its state is unknown. */
export class ScannerAway extends Error {
  readonly reason: 'away' | 'limit' | 'failed'
  constructor(reason: ScannerAway['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

/** Milliseconds without a byte in either direction after which clamd counts as unavailable. */
const SILENCE = 60_000
/** A signature's name for storing and display: clamd's own characters, at most one line. */
const NAME = /^[\w.\-:()/+]{1,120}$/
/** clamd answers with one line; a longer answer is invalid. */
const LONGEST_ANSWER = 4096

export const isScanning = (): boolean => env().CLAMD_HOST !== undefined || env().CLAMD_SOCKET !== undefined

function connect(): Socket {
  const { CLAMD_HOST: host, CLAMD_PORT: port, CLAMD_SOCKET: path } = env()
  return createConnection(path === undefined ? { host: host ?? '127.0.0.1', port } : { path })
}

/**
 * Has clamd scan a file as a stream.
 *
 * @throws ScannerAway if it is unavailable or silent, ends before its answer, or does not accept files of this length
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

export const scannerAnswers = (): Promise<boolean> =>
  ask('zPING\0').then(
    (answer) => answer === 'PONG',
    () => false,
  )

/** Sends a command, and optionally a file; returns the answer without its terminator. */
async function ask(command: string, content?: Readable): Promise<string> {
  const socket = connect()
  socket.setTimeout(SILENCE, () => socket.destroy(new Error('clamd is silent')))
  // clamd may refuse, with a reason, before it has received everything.
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

/** Sends each piece after its length (four bytes, big-endian); an empty piece ends the file. */
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

function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      const end = text.indexOf('\0')
      if (end >= 0) resolve(text.slice(0, end))
      else if (text.length > LONGEST_ANSWER) reject(new Error('answers without an end'))
    })
    // Harmless after an answer: the promise is already resolved.
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('ended without an answer')))
  })
}
