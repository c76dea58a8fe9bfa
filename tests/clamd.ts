import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'

export const VIRUS = Buffer.from('an-tam-test-virus-5d41402abc4b2a76')

/** How a test's scanner behaves; `well` finds {@link VIRUS}. */
export type Manner = 'well' | 'limit' | 'odd' | 'broken' | 'hangs up'

/** A scanner in this process that speaks clamd's protocol. */
export class Clamd {
  manner: Manner = 'well'
  scanned = 0
  readonly #sockets = new Set<Socket>()
  #server: Server = createServer((socket) => {
    this.#sockets.add(socket)
    void this.#serve(socket).catch(() => socket.destroy())
  })

  async start(): Promise<number> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #serve(socket: Socket): Promise<void> {
    socket.on('error', () => {})
    let held = Buffer.alloc(0)
    const chunks = socket[Symbol.asyncIterator]()
    const take = async (length: number): Promise<Buffer> => {
      while (held.length < length) {
        const { value, done } = await chunks.next()
        if (done) throw new Error('ended')
        held = Buffer.concat([held, value as Buffer])
      }
      const taken = held.subarray(0, length)
      held = held.subarray(length)
      return taken
    }
    let command = ''
    while (!command.endsWith('\0')) command += (await take(1)).toString('latin1')
    if (command === 'zPING\0') return void socket.end('PONG\0')
    if (command !== 'zINSTREAM\0') return void socket.end('UNKNOWN COMMAND\0')
    if (this.manner === 'hangs up') return void socket.destroy()
    if (this.manner === 'limit') return void socket.end('INSTREAM size limit exceeded. ERROR\0')
    const pieces: Buffer[] = []
    for (;;) {
      const length = (await take(4)).readUInt32BE()
      if (length === 0) break
      pieces.push(await take(length))
    }
    this.scanned++
    const found = Buffer.concat(pieces).includes(VIRUS)
    if (this.manner === 'odd') socket.end('stream: OK, or nearly\0')
    else if (this.manner === 'broken') socket.end('stream: ')
    else socket.end(found ? 'stream: An-Tam.Test.Virus FOUND\0' : 'stream: OK\0')
  }
}
