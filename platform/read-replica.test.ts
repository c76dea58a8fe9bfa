import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { OPEN_DATA, routeHandler } from '#http/route-handler.ts'
import { superuser } from '#tests/database.ts'
import { pretendReplica } from '#tests/pretended-replica.ts'
import { type Pair, startPair } from '#tests/replica.ts'
import { full } from '#tests/runs.ts'
import { db, transaction } from './db.ts'
import { env } from './env.ts'
import { publicStamp } from './public-stamp.ts'
import { fromReplica, lookAtReplica, replicaAsOf, replicaState } from './read-replica.ts'

const shared = globalThis as {
  antamReplica?: unknown
  antamLooking?: NodeJS.Timeout
  antamReplicaDb?: typeof db
}
/** Resets this process to a fresh start, with or without a replica. */
async function give(url: string | undefined): Promise<void> {
  clearInterval(shared.antamLooking)
  await shared.antamReplicaDb?.$disconnect()
  for (const name of ['antamLooking', 'antamReplica', 'antamReplicaDb']) Reflect.deleteProperty(shared, name)
  Object.assign(env(), { DATABASE_READ_URL: url })
  if (url !== undefined) await expect.poll(replicaState).not.toBeNull()
}
afterAll(() => give(undefined))

const asked = async () => {
  const [row] = await db.$queryRaw<{ name: string; port: number }[]>`
    SELECT current_user::text AS name, inet_server_port() AS port`
  return row
}

describe('beside the same database, by a role that only reads and tells what a replica would', () => {
  const role = `reader_${crypto.randomUUID().slice(0, 8)}`
  const url = () => {
    const own = new URL(process.env.DATABASE_URL ?? '')
    own.username = role
    own.password = 'reads'
    return own.href
  }
  let pretended: Awaited<ReturnType<typeof pretendReplica>>
  beforeAll(async () => {
    pretended = await pretendReplica(superuser, role, 'reads')
  })
  beforeEach(() => pretended.be({}))
  afterAll(async () => {
    await give(undefined)
    await pretended.remove()
  })

  test('what is public is read there; a transaction, and all else, is the primary’s', async () => {
    await give(url())
    expect(await asked()).toMatchObject({ name: 'antam_app' })
    await fromReplica(async () => {
      expect(await asked()).toMatchObject({ name: role })
      expect(await publicStamp()).toMatch(/^\d+$/)
      expect(replicaAsOf()).toBeNull()
      await transaction(async (tx) => {
        await tx.holiday.create({ data: { date: new Date('1990-01-01'), name: 'x' } })
        expect(await asked(), 'within a transaction').toMatchObject({ name: 'antam_app' })
      })
      await expect(db.holiday.deleteMany()).rejects.toThrow()
      expect(await asked(), 'afterwards').toMatchObject({ name: role })
    })
    expect(await db.holiday.count({ where: { name: 'x' } })).toBe(1)
  })

  test.each([
    ['promoted', { replica: false }, /promoted/],
    ['more than an hour behind', { behind: 3_601 }, /hour/],
  ])('%s, it is not read from', async (_, state, fault) => {
    await pretended.be(state)
    await give(url())
    expect(replicaState()?.fault).toMatch(fault)
    expect(await fromReplica(asked)).toMatchObject({ name: 'antam_app' })
  })

  test('where it is not there, or lacks what is asked, the same is read from the primary', async () => {
    await give(url().replace('reads@', 'wrong@'))
    expect(replicaState()?.fault).toContain('does not answer')
    expect(await fromReplica(asked)).toMatchObject({ name: 'antam_app' })

    await superuser.query(`REVOKE SELECT ON carriers FROM ${role}`)
    await give(url())
    expect(await fromReplica(() => db.carrier.count())).toBe(5)
    expect(replicaState()?.fault).toContain('reading from it failed')
    expect(await fromReplica(asked), 'until the next look').toMatchObject({ name: 'antam_app' })
  })

  test('open data says of when it is, once that is more than a minute ago', async () => {
    const handler = routeHandler(async () => Response.json(await asked()), OPEN_DATA)
    const answer = async () => {
      await give(url())
      const got = await handler(new Request('http://localhost/api/v1/x'), { params: Promise.resolve({}) })
      const age = Date.now() - Date.parse(got.headers.get('x-data-as-of') ?? '')
      return { ...(await got.json()), age: Math.round(age / 10_000) }
    }
    await pretended.be({ behind: 50 })
    expect(await answer()).toMatchObject({ name: role, age: Number.NaN })
    await pretended.be({ behind: 600 })
    expect(await answer()).toMatchObject({ name: role, age: 60 })
  })
})

describe.runIf(full)('a replica that streams from its primary', () => {
  let pair: Pair
  beforeAll(async () => {
    pair = await startPair({ synchronous: false, durable: false })
  })
  afterAll(() => pair.close())
  const write = () =>
    pair.ask(pair.primary, 'CREATE TABLE IF NOT EXISTS kept (x int); INSERT INTO kept VALUES (1)')
  const rows = () => pair.ask(pair.replica, 'SELECT count(*)::int AS count FROM kept')
  const port = async () => (await fromReplica(asked))?.port
  const own = () => Number(new URL(process.env.DATABASE_URL ?? '').port)

  test('is read from while it follows, and says by how much it is behind', async () => {
    await write()
    await expect.poll(async () => (await rows()).rows[0]?.count).toBe(1)
    await give(pair.replica.url('postgres', pair.password, 'postgres'))
    expect(replicaState()).toEqual({ fault: null, behind: 0 })
    expect(await port()).toBe(pair.replica.port)
    expect((await asked())?.port).toBe(own())

    await pair.ask(pair.replica, 'SELECT pg_wal_replay_pause()')
    await write()
    await expect.poll(async () => (await lookAtReplica())?.behind).toBeGreaterThan(1)
    await pair.ask(pair.replica, 'SELECT pg_wal_replay_resume()')
    await expect.poll(async () => (await lookAtReplica())?.behind).toBe(0)
  })

  test('without its primary it goes on; promoted or gone, this product’s own primary is read', async () => {
    await pair.primary.kill()
    await expect.poll(async () => (await lookAtReplica())?.behind).toBeGreaterThan(0)
    expect(await port()).toBe(pair.replica.port)

    await pair.promote()
    await expect.poll(async () => (await lookAtReplica())?.fault).toContain('promoted')
    await give(pair.replica.url('postgres', pair.password, 'postgres'))
    expect(await port()).toBe(own())

    await pair.replica.kill()
    await give(pair.replica.url('postgres', pair.password, 'postgres'))
    expect(replicaState()?.fault).toContain('does not answer')
    expect(await port()).toBe(own())
  })
})
