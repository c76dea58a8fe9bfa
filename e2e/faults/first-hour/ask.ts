import { Agent, type RequestOptions, request } from 'node:https'
import { connect } from 'node:tls'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  readonly reused: boolean
  readonly milliseconds: number
}

/** Sends a request over TLS without checking the certificate. */
export function ask(url: string, path: string, options: RequestOptions = {}, body?: string): Promise<Answer> {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const asked = request(url, { path, rejectUnauthorized: false, ...options }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => {
        text += String(chunk)
      })
      answer.on('end', () =>
        resolve({
          ...{
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: text,
            reused: asked.reusedSocket,
          },
          milliseconds: performance.now() - started,
        }),
      )
      answer.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

export const keptAlive = (): Agent => new Agent({ keepAlive: true, maxSockets: 1 })

/** Sends bytes unchanged and returns the beginning of the answer. */
export function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => socket.write(text))
    const end = () => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(10_000, end)
    socket.on('data', (chunk) => {
      answer += String(chunk)
      if (answer.includes('\r\n\r\n')) end()
    })
    socket.on('end', end)
    socket.on('error', reject)
  })
}

/** Returns the first words of a stream and the time until they came. The stream stays open. */
export function firstOf(url: string, path: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { path, headers, rejectUnauthorized: false }, (answer) => {
      answer.once('data', (chunk) => {
        asked.destroy()
        resolve(String(chunk))
      })
      answer.once('end', () => resolve(''))
    })
    asked.on('error', reject)
    asked.end()
  })
}
