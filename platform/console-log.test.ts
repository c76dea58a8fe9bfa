import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const CANARY = 'canary@example.vn'

/** Runs a program in a process whose console is the log, and returns its lines. */
function lines(program: string): Record<string, unknown>[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { exitOnUncaughtError, logConsole, logError } = await import('#platform/console-log.ts')
       logConsole()
       ${program}
       await new Promise((done) => setTimeout(done, 20))`,
    ],
    { encoding: 'utf8', env: { ...process.env, LOG_LEVEL: 'debug' } },
  )
  expect(stderr).toBe('')
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

test('everything that is printed is a line: words, errors, traces that came as text, and Node’s own warnings', () => {
  const found = lines(`
    console.log('\\u001b[1m ▲ Next.js 16\\u001b[22m')
    console.warn('two\\nlines of %s', '${CANARY}')
    console.error(' ⨯', new TypeError('quotes ${CANARY}'))
    console.error('Error: it broke\\n    at x (/srv/an-tam/app.js:1:1)')
    process.emitWarning('MaxListeners 11')
    const one = new Error('said twice')
    console.error(one)
    console.error(one)`)
  expect(found.map(({ level, msg }) => [level, msg])).toEqual([
    [30, 'Next.js 16'],
    [40, 'two | lines of [e-mail]'],
    [50, 'Error: it broke'],
    [40, 'MaxListeners 11'],
    [50, 'a library printed an error'],
    [50, 'a library printed an error'],
  ])
  expect(JSON.stringify(found)).not.toContain(CANARY)
  expect(JSON.stringify(found)).not.toContain(process.cwd())
})

test('what senders get wrong is one short line below a warning, without a trace', () => {
  const found = lines(`
    console.error(new Error('Failed to find Server Action "00ab". This request might be from an older or newer deployment.'))
    console.error(new TypeError('Invalid URL'))
    console.error(new Error('Unexpected end of form'))
    console.error(new Error('our own fault'))`)
  expect(found.map(({ level, msg, kind }) => [level, msg, kind])).toEqual([
    [30, 'a request could not be read', 'unknown_action'],
    [30, 'a request could not be read', 'invalid_url'],
    [30, 'a request could not be read', 'unreadable_form'],
    [50, 'a library printed an error', undefined],
  ])
  expect(JSON.stringify(found.slice(0, 3))).not.toContain('stack')
})

test('the line of a page’s error says where it came up, once', () => {
  const found = lines(`
    const err = Object.assign(new Error('broken'), { digest: '12' })
    console.error(err)
    logError(err, 'a page failed', { route: '/[locale]/track/[number]', kind: 'render', requestId: 'r1' })`)
  expect(found).toMatchObject([
    { level: 50, msg: 'a page failed', route: '/[locale]/track/[number]', digest: '12', requestId: 'r1' },
  ])
})

test('an error that nobody catches ends a worker with one line', () => {
  const found = lines(
    `exitOnUncaughtError(); setTimeout(() => { throw new Error('nobody caught ${CANARY}') })`,
  )
  expect(found).toMatchObject([
    {
      level: 50,
      msg: 'an error that nobody caught: the process ends',
      err: { message: 'nobody caught [e-mail]' },
    },
  ])
})
