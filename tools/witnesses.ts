/**
 * `node tools/witnesses.ts --log KEY [--port PORT]`: three witnesses of the audit log on this machine, under `/w1` to
 * `/w3`. They are a demonstration: the operator of the log runs them too, so they prove nothing to others. A real witness
 * belongs to a third party (docs/operations/witnesses.md). Each keeps its key and its signed heads in DATA_DIR/witnesses.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { readVerifier } from '#lib/transparency/note.ts'
import { sha256 } from '#platform/signatures.ts'
import { demoWitness, type WitnessAnswer } from './witnesses/witness.ts'

const { values } = parseArgs({ options: { log: { type: 'string' }, port: { type: 'string' } } })
const log = await readVerifier(sha256, values.log ?? '')
if (!log) {
  console.error('usage: node tools/witnesses.ts --log KEY [--port PORT]')
  process.exit(2)
}
const directory = join(process.env.DATA_DIR || '.data', 'witnesses')
const witnesses = new Map(
  [1, 2, 3].map((n) => [
    `/w${n}/add-checkpoint`,
    demoWitness(`${log.name}/demo-witness-${n}`, join(directory, `${n}.json`), log),
  ]),
)

const server = createServer(async (request, response) => {
  const witness = request.method === 'POST' ? witnesses.get(request.url ?? '') : undefined
  if (!witness) return response.writeHead(404).end()
  const {
    status,
    body,
    type = 'text/plain; charset=utf-8',
  } = await witness.answer(await text(request)).catch((): WitnessAnswer => ({ status: 500, body: '' }))
  response.writeHead(status, { 'content-type': type }).end(body)
})
server.listen(Number(values.port ?? 0), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  const lines = [...witnesses].map(
    ([path, { line }]) => `${line}+http://127.0.0.1:${port}${path.slice(0, 3)}`,
  )
  process.send?.({ port, witnesses: lines.join(' ') })
})

const stop = () => {
  server.close()
  server.closeAllConnections()
  // The channel to the parent would keep this process running.
  if (process.connected) process.disconnect()
}
for (const event of ['SIGTERM', 'SIGINT'] as const) process.on(event, stop)
// The parent process is gone.
process.on('disconnect', stop)
