import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../../scripts/free-port.ts'

const FOLDER = 'deploy/prometheus'

export const hasPrometheus = (): boolean => spawnSync('prometheus', ['--version']).status === 0

/** One series of an answer: its labels, and its values by the second or only the last value. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>
  readonly values: readonly (readonly [number, string])[]
}

/** Runs this machine's Prometheus with the repository's own configuration and rules. */
export class Prometheus {
  readonly #process: ChildProcess
  readonly #folder: string
  readonly url: string
  private constructor(child: ChildProcess, folder: string, url: string) {
    this.#process = child
    this.#folder = folder
    this.url = url
  }

  /**
   * Starts Prometheus for a web server and a worker on these ports. It scrapes every second, because a test
   * cannot wait for minutes.
   */
  static async start(web: number, worker: number): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'antam-prometheus-'))
    const targets = [web, worker].map((port) => `["127.0.0.1:${port}"]`)
    const config = readFileSync(join(FOLDER, 'prometheus.yaml'), 'utf8')
      .replaceAll(/targets: \[.*?\]/g, () => `targets: ${targets.shift() ?? '[]'}`)
      .replaceAll('scrape_interval: 15s', 'scrape_interval: 1s')
    writeFileSync(join(folder, 'prometheus.yaml'), `${config}global: { evaluation_interval: 1s }\n`)
    copyFileSync(join(FOLDER, 'alerts.yaml'), join(folder, 'alerts.yaml'))
    const port = await freePort()
    const child = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yaml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    )
    const started = new Prometheus(child, folder, `http://127.0.0.1:${port}`)
    for (let waited = 0; waited < 30_000; waited += 200) {
      const ready = await fetch(`${started.url}/-/ready`).catch(() => null)
      if (ready?.ok) return started
      await sleep(200)
    }
    await started.stop()
    throw new Error('Prometheus did not start')
  }

  /**
   * Queries the HTTP API.
   *
   * @throws with Prometheus's message if it cannot answer, such as for an invalid expression
   */
  async #ask<T>(path: string, asked: Record<string, string> = {}): Promise<T> {
    const answer = await fetch(`${this.url}/api/v1/${path}?${new URLSearchParams(asked)}`)
    const { status, error, data } = (await answer.json()) as { status: string; error?: string; data: T }
    if (status !== 'success') throw new Error(`${asked.query ?? path}: ${error}`)
    return data
  }

  async over(query: string, minutes: number): Promise<readonly Series[]> {
    const end = Date.now() / 1000
    const range = { start: String(end - minutes * 60), end: String(end), step: '1' }
    return (await this.#ask<{ result: Series[] }>('query_range', { query, ...range })).result
  }

  async rules(): Promise<readonly Rule[]> {
    const { groups } = await this.#ask<{ groups: { rules: Rule[] }[] }>('rules')
    return groups.flatMap(({ rules }) => rules)
  }

  async stop(): Promise<void> {
    const gone = new Promise((done) => this.#process.once('exit', done))
    this.#process.kill('SIGTERM')
    if (this.#process.exitCode === null) await gone
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

export interface Rule {
  readonly name: string
  readonly query: string
  readonly health: 'ok' | 'err' | 'unknown'
  readonly state: 'inactive' | 'pending' | 'firing'
  readonly lastError?: string
}
