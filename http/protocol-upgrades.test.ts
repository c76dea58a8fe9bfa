import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { ignoreUpgrades } from './protocol-upgrades.ts'

test('a request for another protocol is answered as any other, also by a server that listens for such', async () => {
  ignoreUpgrades()
  // Like Next's handler, which neither answers nor closes a request that it redirects.
  const server = createServer((_, response) => response.end('answered')).on('upgrade', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  for (const to of ['h2c', 'websocket']) {
    const socket = connect(port, '127.0.0.1')
    socket.write(`GET /vi/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${to}\r\n\r\n`)
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 [\s\S]*answered/)
  }
  server.close()
})
