import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'

const root = mkdtempSync(join(tmpdir(), 'an-tam-lock-'))
afterAll(() => rmSync(root, { recursive: true }))

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(root, 'data-'))
})

/** Claims the directory in a separate process and prints the outcome, as `npm start` would. */
const run = (patience = 400) => {
  const program = `
    const { lockDataDir } = await import(${JSON.stringify(resolve('scripts/start-lock.ts'))})
    await lockDataDir(${JSON.stringify(directory)}, 'wait', ${patience}).then(() => process.send('claimed'), (error) => process.send(error.message))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, 'bootstrap.mjs'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const said = new Promise<string>((tell) => child.once('message', (message) => tell(String(message))))
  const ended = new Promise<void>((end) => child.once('exit', () => end()))
  return {
    said,
    end() {
      child.kill('SIGKILL')
      return ended
    },
  }
}

describe('lockDataDir', () => {
  it('lets one of several runs have a directory, also when they start at once', async () => {
    const runs = Array.from({ length: 4 }, () => run())
    const said = await Promise.all(runs.map((one) => one.said))
    expect(said.filter((one) => one === 'claimed')).toHaveLength(1)
    for (const refused of said.filter((one) => one !== 'claimed'))
      expect(refused).toMatch(/already runs on .* \(process \d+\): stop it, or wait\./)
    await Promise.all(runs.map((one) => one.end()))
  })

  it('is no obstacle once the run that held it was killed, or its number is another program’s', async () => {
    const first = run()
    expect(await first.said).toBe('claimed')
    await first.end()
    const second = run()
    expect(await second.said).toBe('claimed')
    expect(readFileSync(join(directory, 'start.pid'), 'utf8')).toMatch(/^\d+\n$/)
    await second.end()
    writeFileSync(join(directory, 'start.pid'), '1\n')
    const third = run()
    expect(await third.said).toBe('claimed')
    await third.end()
  })
})
