import { Agent, request } from 'node:http'

export interface Load {
  readonly url: string
  readonly path: (n: number) => string
  readonly address: (n: number) => string
  readonly connections: number
  readonly headers?: Readonly<Record<string, string>>
  readonly seconds: number
}

function get(agent: Agent, url: string, headers: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((done, reject) => {
    const asked = request(url, { agent, headers }, (answer) => {
      answer.on('error', reject)
      answer.on('end', () =>
        answer.statusCode === 200 ? done() : reject(new Error(`${url} answered ${answer.statusCode}`)),
      )
      answer.resume()
    })
    asked.on('error', reject)
    asked.end()
  })
}

/** Sends requests as fast as they are answered, one after the other on each connection. Any status but 200 ends it. */
export async function askMuch(load: Load): Promise<{ readonly requests: number; readonly seconds: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections })
  const started = performance.now()
  const end = started + load.seconds * 1000
  let next = 0
  let requests = 0
  async function connection(): Promise<void> {
    while (performance.now() < end) {
      const n = next++
      await get(agent, load.url + load.path(n), { ...load.headers, 'x-forwarded-for': load.address(n) })
      requests++
    }
  }
  await Promise.all(Array.from({ length: load.connections }, connection))
  agent.destroy()
  return { requests, seconds: (performance.now() - started) / 1000 }
}
