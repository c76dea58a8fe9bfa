import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { untilPortIsFree } from './free-port.ts'

async function taken() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

test('a port that another program has is named in words; one that becomes free is waited for', async () => {
  const { server, port } = await taken()
  await expect(untilPortIsFree(port, '127.0.0.1', 1)).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is taken by another program`,
  )
  const free = untilPortIsFree(port, '127.0.0.1', 50)
  server.close()
  await expect(free).resolves.toBeUndefined()
})
