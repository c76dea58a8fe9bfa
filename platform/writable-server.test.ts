import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Pair, startPair } from '#tests/replica.ts'
import { full } from '#tests/runs.ts'
import { ScopedPool } from './connection-pool.ts'
import { readDatabaseUrl } from './database-url.ts'
import { databaseClient, databaseConfig } from './writable-server.ts'

describe('an address of several servers', () => {
  test('is read as libpq reads it, and each server keeps user, database and options', () => {
    expect(
      readDatabaseUrl(
        'postgresql://a%40b:p%2Cq@one:5433,[::1],two/d?target_session_attrs=read-write&sslmode=require',
      ),
    ).toEqual({
      servers: ['one:5433', '[::1]', 'two'].map(
        (host) => `postgresql://a%40b:p%2Cq@${host}/d?sslmode=require`,
      ),
      follows: true,
      user: 'a@b',
    })
    expect(readDatabaseUrl('postgres://app@db/antam')).toMatchObject({ follows: false, user: 'app' })
  })

  test.each([
    'mysql://one,two/d',
    'postgresql://app@one,,two/d',
    'postgresql://app@one:x,two/d',
    'postgresql:///d',
    'postgresql://app@one,two/d?target_session_attrs=read-only',
  ])('%s is refused', (text) => {
    expect(() => readDatabaseUrl(text)).toThrow(/must be/)
  })
})

describe('a primary and its replica', () => {
  let pair: Pair
  let pool: pg.Pool
  const portOf = async () => (await pool.query('SELECT inet_server_port() AS port')).rows[0].port
  const outcome = async (asked: Promise<unknown>) => {
    const began = performance.now()
    const error = await asked.then(
      () => null,
      (reason: Error) => reason,
    )
    return { name: error?.name ?? 'answered', seconds: (performance.now() - began) / 1000 }
  }
  beforeAll(async () => {
    pair = await startPair({ synchronous: true, durable: false })
    pool = new ScopedPool({
      ...databaseConfig(pair.url('postgres', 'postgres')),
      max: 4,
      connectionTimeoutMillis: 5_000,
    })
    pool.on('error', () => {})
  })
  afterEach(() => {
    for (const server of [pair.primary, pair.replica]) server.hang(false)
  })
  afterAll(async () => {
    await pool.end()
    await pair.close()
  })

  test('the one that takes writes is asked, whichever stands first', async () => {
    expect(await portOf()).toBe(pair.primary.port)
    const client = databaseClient(pair.url('postgres', 'postgres'))
    await client.connect()
    expect(client.port).toBe(pair.primary.port)
    await client.end()
  })

  test.runIf(full)(
    'where it is silent, who waits is told so within seconds, and who comes is not kept',
    async () => {
      const waiting = outcome(pool.query('SELECT pg_sleep(60)'))
      await sleep(200)
      pair.primary.hang(true)
      expect(await waiting).toMatchObject({
        name: 'Overloaded',
        seconds: expect.toSatisfy((all: number) => all < 8),
      })
      expect(await outcome(pool.query('SELECT 1'))).toMatchObject({
        name: 'Overloaded',
        seconds: expect.toSatisfy((all: number) => all < 5.5),
      })
      pair.primary.hang(false)
      await expect.poll(portOf).toBe(pair.primary.port)
    },
  )

  test('silent for a moment, and the only one that takes writes, it is kept with all who wait for it', async () => {
    const waiting = outcome(pool.query('SELECT pg_sleep(1)'))
    await sleep(200)
    pair.primary.hang(true)
    // Longer than one query may take, shorter than two.
    await sleep(3_500)
    pair.primary.hang(false)
    expect(await waiting).toMatchObject({ name: 'answered' })
  })

  test('one that refuses to write is left, with every connection to it', async () => {
    const held = await pool.connect()
    await pair.ask(pair.primary, 'ALTER SYSTEM SET default_transaction_read_only = on')
    await pair.ask(pair.primary, 'SELECT pg_reload_conf()')
    await expect
      .poll(() => outcome(pool.query('CREATE TABLE never (x int)')))
      .toMatchObject({ name: 'Overloaded' })
    expect(await outcome(held.query('SELECT 1'))).toMatchObject({ name: 'Overloaded' })
    held.release(true)
    expect(await outcome(pool.query('SELECT 1'))).toMatchObject({ name: 'Overloaded' })
    await pair.ask(pair.primary, 'ALTER SYSTEM RESET default_transaction_read_only')
    await pair.ask(pair.primary, 'SELECT pg_reload_conf()')
    await expect.poll(portOf).toBe(pair.primary.port)
  })

  test.runIf(full)(
    'killed, the promoted replica is found; the old one, started again, is never asked',
    async () => {
      await pool.query('CREATE TABLE kept (x int)')
      await pool.query('INSERT INTO kept VALUES (1)')
      const waiting = outcome(pool.query('SELECT pg_sleep(60)'))
      await sleep(200)
      await pair.primary.kill()
      expect(await waiting).toMatchObject({
        name: 'Overloaded',
        seconds: expect.toSatisfy((all: number) => all < 3),
      })
      expect(await outcome(pool.query('SELECT 1'))).toMatchObject({ name: 'Overloaded' })
      await pair.promote()
      const began = performance.now()
      await expect.poll(portOf).toBe(pair.replica.port)
      expect(performance.now() - began).toBeLessThan(5_000)
      expect(
        (await pool.query('INSERT INTO kept VALUES (2) RETURNING (SELECT count(*)::int FROM kept)')).rows,
      ).toEqual([{ count: 1 }])
      const old = await pair.revive()
      expect((await pair.ask(old, 'SELECT pg_is_in_recovery() AS replica')).rows).toEqual([
        { replica: false },
      ])
      await Promise.all(Array.from({ length: 8 }, async () => expect(await portOf()).toBe(pair.replica.port)))
      // Not even if it is the only one left.
      await pair.replica.kill()
      await expect.poll(() => outcome(pool.query('SELECT 1'))).toMatchObject({ name: 'Overloaded' })
      expect(await outcome(pool.query('SELECT 1'))).toMatchObject({ name: 'Overloaded' })
    },
  )
})
